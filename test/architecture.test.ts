import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const folders: string[] = [];
afterEach(() => {
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

it.each([
  ["interview-is-pure", "src/interview/a.ts", "../ports/store.ts", "store"],
  ["interview-needs-nothing", "src/interview/a.ts", "node:fs", "readFileSync"],
  ["adapter-redis", "src/adapters/redis/a.ts", "../postgres/b.ts", "b"],
  ["usecases-know-ports", "src/usecases/a.ts", "../adapters/postgres/b.ts", "b"],
  ["graphql-shapes", "src/graphql/a.ts", "../edge/b.ts", "b"],
  ["openai-in-its-place", "src/usecases/a.ts", "openai", "OpenAI"],
])("stops a file that crosses %s", (rule, path, target, name) => {
  const files = {
    ...port,
    "src/adapters/postgres/b.ts": "export const b = 1;\n",
    "src/edge/b.ts": "export const b = 1;\n",
    [path]: `import { ${name} } from "${target}";\nexport const a = ${name};\n`,
  };
  const { status, output } = check(files);
  expect(output).toContain(rule);
  expect(status).not.toBe(0);
});
