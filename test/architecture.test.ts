import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs the check of boundaries on a tree made of these files. */
function check(files: Record<string, string>): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "boundaries-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const name of ["tsconfig.json", "package.json"]) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const cruise = join(root, "node_modules/.bin/depcruise");
  const { status, stdout } = spawnSync(cruise, ["src", "--config", join(root, ".dependency-cruiser.mjs")], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, output: stdout };
}

const port = { "src/ports/store.ts": "export const store = 1;\n" };

it("lets through what keeps to the boundaries", () => {
  const files = {
    ...port,
    "src/usecases/a.ts": 'import { store } from "../ports/store.ts";\nexport const a = store;\n',
  };
  expect(check(files)).toMatchObject({ status: 0 });
});

describe("what crosses them", () => {
  const crossings: [rule: string, folder: string, target: string, name: string][] = [
    ["interview-is-pure", "interview", "../ports/store.ts", "store"],
    ["interview-needs-nothing", "interview", "node:fs", "readFileSync"],
    ["shared-serves-ports", "shared", "../adapters/postgres/b.ts", "b"],
    ["adapter-redis", "adapters/redis", "../postgres/b.ts", "b"],
    ["usecases-know-ports", "usecases", "../adapters/postgres/b.ts", "b"],
    ["graphql-shapes", "graphql", "../edge/b.ts", "b"],
    ["openai-in-its-place", "usecases", "openai", "OpenAI"],
  ];
  let checked: ReturnType<typeof check>;
  // All in one tree: most of the time of a check is its start.
  beforeAll(() => {
    const files = crossings.map(([rule, folder, target, name]) => [
      `src/${folder}/${rule}.ts`,
      `import { ${name} } from "${target}";\nexport const a = ${name};\n`,
    ]);
    checked = check({
      ...port,
      "src/adapters/postgres/b.ts": "export const b = 1;\n",
      "src/edge/b.ts": "export const b = 1;\n",
      ...Object.fromEntries(files),
    });
  });

  it.each(crossings)("is stopped by %s", (rule, folder) => {
    expect(checked.output).toMatch(new RegExp(`error ${rule}: src/${folder}/${rule}\\.ts `));
    expect(checked.status).not.toBe(0);
  });
});
