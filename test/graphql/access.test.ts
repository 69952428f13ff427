import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildSchema, isInputObjectType, isNonNullType } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { create } from "../support/interview.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

const schema = buildSchema(readFileSync(resolve(import.meta.dirname, "../../schema.graphql"), "utf8"));
const mutations = Object.values(schema.getMutationType()!.getFields());

let world: World;
const as = async (name: string, role?: string) => ({ authorization: `Bearer ${await mintToken(name, role)}` });

beforeAll(async () => {
  world = await openWorld("pglite", { AUTH_JWT_SECRET: testSecret });
});
afterAll(() => world.close());

/** What each mutation needs at least; of its own it finds nothing wrong with it. */
function leastInput(sessionId: string, input: (typeof mutations)[number]["args"][number]): object {
  const type = isNonNullType(input.type) ? input.type.ofType : input.type;
  if (!isInputObjectType(type)) throw new Error(`${input.name} is no input`);
  const values: Record<string, unknown> = {
    sessionId,
    questionIndex: 0,
    answer: "An answer",
    resumeId: "none",
  };
  const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
  return Object.fromEntries(required.map(({ name }) => [name, values[name]]));
}

it("refuses a reviewer every mutation but the end of one's own data", async () => {
  const eve = await as("eve", "reviewer");
  const ada = await as("ada");
  const { session } = await create({ ...world, gql: (query, variables) => world.gql(query, variables, ada) });
  const read = "query ($id: ID!) { session(id: $id) { cursor status questions { answer { text } } } }";
  const before = await world.gql(read, { id: session.id }, eve);
  expect(before.data.session.status).toBe("CREATED");

  const codes = new Map<string, unknown>();
  for (const { name, args } of mutations) {
    const [input] = args;
    const document = input
      ? `mutation ($input: ${input.type}) { ${name}(input: $input) { __typename } }`
      : `mutation { ${name} { __typename } }`;
    const answer = await world.gql(document, input ? { input: leastInput(session.id, input) } : {}, eve);
    codes.set(
      name,
      answer.errors?.map(({ extensions }) => extensions.code),
    );
  }
  const refused = mutations.map(({ name }) => [name, name === "deleteMyData" ? undefined : ["FORBIDDEN"]]);
  expect([...codes]).toEqual(refused);
  expect(await world.gql(read, { id: session.id }, eve)).toEqual(before);
});

it("lets everybody end what is their own, whatever they have become since", async () => {
  const once = await as("gil");
  await create({ ...world, gql: (query, variables) => world.gql(query, variables, once) });
  const other = await as("hal");
  await create({ ...world, gql: (query, variables) => world.gql(query, variables, other) });
  for (const role of ["reviewer", "admin"]) {
    const answer = await world.gql("mutation { deleteMyData { deletedSessions } }", {}, await as("gil", role));
    expect(answer.data).toEqual({ deleteMyData: { deletedSessions: role === "reviewer" ? 1 : 0 } });
  }
  const { data } = await world.gql("{ viewer { sessions { edges { node { ownerId } } } } }", {}, other);
  expect(data.viewer.sessions.edges).toEqual([{ node: { ownerId: "hal" } }]);
});
