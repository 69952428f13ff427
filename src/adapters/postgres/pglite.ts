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

/** Whether there is a database in a folder. */
export function hasPglite(dataDir: string): boolean {
  return existsSync(folderIn(dataDir));
}

function folderIn(dataDir: string): string {
  return join(dataDir, "pglite");
}

/**
 * A new database is unpacked from a prepared image, in a third of the time that initdb takes. If a process died while
 * unpacking, it is done again from the start.
 */
async function openFolder(dataDir: string): Promise<PGlite> {
  const folder = folderIn(dataDir);
  const unfinished = join(dataDir, "pglite.unfinished");
  if (existsSync(unfinished)) rmSync(folder, { recursive: true, force: true });
  const isNew = !existsSync(folder);
  if (isNew) writeFileSync(unfinished, "");
  const parsers = { [types.INT8]: Number };
  const options = { parsers, startParams: [...PGlite.defaultStartParams, ...memoryOptions] };
  const pglite = await PGlite.create(folder, isNew ? { ...options, loadDataDir: await emptyDatabase() } : options);
  rmSync(unfinished, { force: true });
  return pglite;
}

/**
 * PostgreSQL initialises its shared memory at each start: the default of 128 MB takes a sixth of that time and is never
 * used up.
 */
const memoryOptions = ["-c", "shared_buffers=16MB"];

export function fromPglite(pglite: PGlite): Database {
  return {
    kind: "pglite",
    query: queryOf(pglite),
    transaction: (work) => pglite.transaction((tx) => work({ query: queryOf(tx) })),
    async script(text) {
      await pglite.exec(text);
    },
    // The lock keeps other processes out.
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

/** One level at a time: Node's recursive mkdir never returns where a parent does not allow folders, as under /proc. */
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
 * Two processes on one folder would corrupt it, so the second one fails with a clear message. The lock is held through
 * SQLite on a separate file, because that is the only lock of the operating system that Node offers: it is released
 * when its process ends, however that happens, and it works between containers, where process ids are not unique.
 */
function lockFolder(dataDir: string): () => void {
  // The file system's error says more than SQLite's about a folder that is not writable.
  accessSync(`${dataDir}/.`, constants.W_OK | constants.X_OK);
  const { DatabaseSync } = loadSqlite();
  // A process that is starting at the same moment may hold the lock for a short while.
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

/** Hides Node's warning that SQLite is experimental, which is of no use to operators. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
