/**
 * Makes what is not committed: the Prisma client and the Pothos types in src/generated, typed documents from
 * schema.graphql, and the web clients that the server serves. Runs after every `npm ci`, so that a start is quick.
 *
 * Prisma's command wants to download an engine that generating does not use; naming any executable in its place keeps it
 * from trying. Installed without its development tools (`npm ci --omit=dev`), it makes everything in a temporary folder
 * that has them.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const quietPrisma = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" };
const examples = ["interview-room", "live-dashboard"];
const codegen = "@graphql-codegen/cli/esm/bin.js";

if (existsSync(resolve(root, "node_modules", codegen))) await generate();
else await generateElsewhere();

async function generate(): Promise<void> {
  await Promise.all([
    runTool("prisma/build/index.js", ["generate", "--no-hints"], root, quietPrisma),
    runTool(codegen, ["--config", "codegen.ts"]).then(() =>
      Promise.all(
        examples.map((name) =>
          runTool("vite/bin/vite.js", ["build", "--logLevel", "warn"], resolve(root, "examples", name)),
        ),
      ),
    ),
  ]);
}

async function generateElsewhere(): Promise<void> {
  const npm = process.env.npm_execpath;
  if (!npm) return fail("Without development tools this runs as part of `npm ci --omit=dev` only");
  console.log("Fetching the development tools for a moment …");
  const folder = await mkdtemp(join(tmpdir(), "vivavoce-build-"));
  try {
    const filter = (path: string): boolean => !/[\\/](node_modules|\.git|data|bench)$/.test(path);
    await cp(root, folder, { recursive: true, filter });
    // What npm was told for this installation does not hold for that one.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!execpath)/i.test(name)));
    await run([npm, "ci", "--include=dev", "--no-audit", "--no-fund"], folder, { ...env, NODE_ENV: "development" });
    for (const made of ["src/generated", ...examples.map((name) => `examples/${name}/dist`)]) {
      await cp(join(folder, made), join(root, made), { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runTool(tool: string, args: string[], cwd = root, env: Record<string, string> = {}): Promise<void> {
  return run([resolve(root, "node_modules", tool), ...args], cwd, { ...process.env, ...env });
}

/** Runs a script with this very Node; a failure ends everything, with what the script said. */
async function run(command: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, command, { cwd, stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (said += text));
  }
  const status = await new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
  if (status !== 0) throw new Error(`${command.join(" ")} failed:\n${said}`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
