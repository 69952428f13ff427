/**
 * Generates the Prisma client and the Pothos types into src/generated. Prisma's command wants to download an engine that
 * generating does not use; naming any executable in its place keeps it from trying.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const { status } = spawnSync(
  process.execPath,
  [resolve(root, "node_modules/prisma/build/index.js"), "generate", "--no-hints"],
  {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  },
);
process.exit(status ?? 1);
