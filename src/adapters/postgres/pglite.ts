import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { PGlite, types } from "@electric-sql/pglite";
import { dataDir as emptyDatabase } from "@electric-sql/pglite-prepopulatedfs";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { fromPglite as bossDatabase } from "pg-boss";
import { PrismaPGlite } from "pglite-prisma-adapter";
import type { Database, Sql } from "./database.ts";

/** The embedded database in a folder: one process at a time, one connection. */
export async function openPglite(dataDir: string): Promise<Database> {
  makeFolder(dataDir);
  const unlock = lockFolder(dataDir);
  try {
    const pglite = await openFolder(dataDir);
    const database = fromPglite(pglite);
    return {
      ...database,
      async close() {
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * A new database is unpacked as initdb left it, which takes a third of the time of running initdb. One that a process
 * did not live to finish is begun anew.
 */
async function openFolder(dataDir: string): Promise<PGlite> {
  const folder = join(dataDir, "pglite");
  const unfinished = join(dataDir, "pglite.unfinished");
  if (existsSync(unfinished)) rmSync(folder, { recursive: true, force: true });
  const isNew = !existsSync(folder);
  if (isNew) writeFileSync(unfinished, "");
  const parsers = { [types.INT8]: Number };
  const options = { parsers, startParams: [...PGlite.defaultStartParams, ...ofOnePerson] };
  const pglite = await PGlite.create(folder, isNew ? { ...options, loadDataDir: await emptyDatabase() } : options);
  rmSync(unfinished, { force: true });
  return pglite;
}

/** PostgreSQL sets up its shared memory at each start; the usual 128 MB are a sixth of that time, and are never filled. */
const ofOnePerson = ["-c", "shared_buffers=16MB"];

export function fromPglite(pglite: PGlite): Database {
  return {
    kind: "pglite",
    query: queryOf(pglite),
    transaction: (work) => pglite.transaction((tx) => work({ query: queryOf(tx) })),
    async script(text) {
      await pglite.exec(text);
    },
    // One process has the folder to itself.
    exclusively: (_lock, work) => work(),
    listen: (channel, onNotice) => pglite.listen(channel, onNotice),
    prismaAdapter: new PrismaPGlite(pglite) as unknown as SqlMigrationAwareDriverAdapterFactory,
    boss: { db: bossDatabase(pglite), backend: "pglite" },
    stats: () => ({ total: 1, idle: 1, waiting: 0 }),
    close: () => pglite.close(),
  };
}

function queryOf(target: Pick<PGlite, "query">): Sql["query"] {
  return async <Row>(text: string, values: readonly unknown[] = []) =>
    (await target.query<Row>(text, [...values])).rows;
}

/** Step by step: Node's own recursive form never returns where a parent takes no folders, as under /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Two processes on one folder would ruin it: the second fails with a line that says so. */
function lockFolder(dataDir: string): () => void {
  const path = join(dataDir, "lock");
  for (;;) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(readFileSync(path, "utf8"));
      if (isAlive(owner)) throw new Error(`process ${owner} is using it`);
      rmSync(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
