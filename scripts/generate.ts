/**
 * Makes what is not committed: the Prisma client and the Pothos types in src/generated, typed documents from
 * schema.graphql, and the web clients that the server serves. Runs after every `npm ci`, so that a start is quick.
 *
 * Prisma's command wants to download an engine that generating does not use; naming any executable in its place keeps it
 * from trying.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const quietPrisma = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" };

await Promise.all([
  run("prisma/build/index.js", ["generate", "--no-hints"], root, quietPrisma),
  run("@graphql-codegen/cli/esm/bin.js", ["--config", "codegen.ts"]).then(() =>
    Promise.all(
      ["interview-room", "live-dashboard"].map((name) =>
        run("vite/bin/vite.js", ["build", "--logLevel", "warn"], resolve(root, "examples", name)),
      ),
    ),
  ),
]);

/** Runs a tool of node_modules; a failure ends everything, with what the tool said. */
async function run(tool: string, args: string[], cwd = root, env: Record<string, string> = {}): Promise<void> {
  const child = spawn(process.execPath, [resolve(root, "node_modules", tool), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (said += text));
  }
  const status = await new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
  if (status === 0) return;
  console.error(`${tool} ${args.join(" ")} failed:\n${said}`);
  process.exit(1);
}
