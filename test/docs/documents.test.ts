import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildSchema, isObjectType, parse, validate } from "graphql";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const schema = buildSchema(readFileSync(join(root, "schema.graphql"), "utf8"));
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith(".md"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

it.each(pages)("every GraphQL document in $path is one that the schema takes", ({ text }) => {
  for (const [, document] of text.matchAll(/^```graphql\n(.*?)^```/gms)) {
    expect(validate(schema, parse(document!)).map((error) => error.message)).toEqual([]);
  }
});

it.each(pages)("every link in $path leads somewhere", ({ path, text }) => {
  const targets = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const missing = targets.filter(([, file]) => file && !existsSync(join(root, dirname(path), file)));
  expect(missing.map(([link]) => link)).toEqual([]);
  const headings = new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(" ", "-")),
  );
  const nowhere = targets.filter(([, file, part]) => !file && part && !headings.has(part));
  expect(nowhere.map(([link]) => link)).toEqual([]);
});

it("every code that clients can meet is in docs/errors.md", () => {
  const page = pages.find(({ path }) => path === "docs/errors.md")!.text;
  const codes = schema.getType("ErrorCode") as unknown as { getValues(): { name: string }[] };
  for (const { name } of codes.getValues()) expect(page).toContain(`\`${name}\``);
});

it("every event is in docs/events.md", () => {
  const page = pages.find(({ path }) => path === "docs/events.md")!.text;
  const events = schema.getType("SessionEvent") as Parameters<typeof schema.getImplementations>[0];
  for (const { name } of schema.getImplementations(events).objects) expect(page).toContain(`\`${name}\``);
});

it("every type that a normalised cache finds no key in is in docs/clients.md", () => {
  const page = pages.find(({ path }) => path === "docs/clients.md")!.text;
  const listed = [...page.match(/const embedded = \[([^\]]*)\]/)![1]!.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  // Roots and payloads are not kept by a key, nor are events, failures and the parts of a page.
  const without = Object.values(schema.getTypeMap()).filter(
    (type) =>
      isObjectType(type) &&
      !type.name.startsWith("__") &&
      !type.getFields().id &&
      type.getInterfaces().length === 0 &&
      !/^(?:Query|Mutation|Subscription|PageInfo)$|(?:Payload|Connection|Edge)$/.test(type.name),
  );
  expect(listed).toEqual(without.map(({ name }) => name).sort());
});
