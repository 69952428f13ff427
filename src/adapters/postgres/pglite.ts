import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
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

/**
 * Two processes on one folder would ruin it: the second fails with a line that says so. The lock is SQLite's on a file
 * of its own, because SQLite is Node's only way to a lock that the operating system holds: it ends with its process,
 * however that ends, and also holds between containers, where every process may be number 1.
 */
function lockFolder(dataDir: string): () => void {
  // Of a folder that takes no files the system tells more than SQLite does.
  accessSync(`${dataDir}/.`, constants.W_OK | constants.X_OK);
  const { DatabaseSync } = loadSqlite();
  // Who starts at the same moment is waited for until it has the lock or not.
  const file = new DatabaseSync(join(dataDir, "lock.sqlite"), { timeout: 500 });
  try {
    file.exec("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE");
  } catch (error) {
    file.close();
    throw (error as { errcode?: number }).errcode === sqliteBusy ? new Error("another process is using it") : error;
  }
  return () => file.close();
}

const sqliteBusy = 5;

/** Node calls its SQLite experimental, on stderr, whatever is used of it: that is nothing to operators. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
