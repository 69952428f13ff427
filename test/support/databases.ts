import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rename } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { createJobQueue } from "../../src/adapters/pgboss/jobs.ts";
import type { Database } from "../../src/adapters/postgres/database.ts";
import { migrate } from "../../src/adapters/postgres/migrate.ts";
import { openPglite } from "../../src/adapters/postgres/pglite.ts";
import { openServer } from "../../src/adapters/postgres/server.ts";

/** An empty database on the run's PostgreSQL. */
export function createDatabase(): Promise<string> {
  return asAdmin((admin) => copyOf(admin, "template1"));
}

/**
 * One with all tables and no rows. Making them takes longer than most tests do: whoever needs them first makes them, and
 * everybody gets a copy.
 */
export function createTables(): Promise<string> {
  return asAdmin(async (admin) => {
    await admin.query("SELECT pg_advisory_lock(1)");
    const made = await admin.query("SELECT FROM pg_database WHERE datname = 'tables'");
    if (made.rowCount === 0) {
      const url = await copyOf(admin, "template1");
      await makeTables(await openServer({ url, directUrl: null, poolSize: 2, timeoutMs: 60_000, onError() {} }));
      await admin.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} RENAME TO tables`);
    }
    return copyOf(admin, "tables");
  });
}

/** The same for the embedded database that a server will find in its folder. */
export async function createEmbeddedTables(dataDir: string): Promise<void> {
  const tables = join(inject("folder"), "tables");
  await asAdmin(async (admin) => {
    await admin.query("SELECT pg_advisory_lock(2)");
    if (existsSync(tables)) return;
    const unfinished = await mkdtemp(join(inject("folder"), "unfinished-"));
    await makeTables(await openPglite(unfinished));
    await rename(unfinished, tables);
  });
  await cp(join(tables, "pglite"), join(dataDir, "pglite"), { recursive: true });
}

/** There, a job that failed is begun again as often as anywhere, but at once. */
export async function retryAtOnce(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("UPDATE pgboss.queue SET retry_delay = 0, retry_backoff = false");
  await client.end();
}

/** A connection to the run's PostgreSQL; with it end its locks, by which the workers wait for one another. */
async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject("postgresUrl") });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

async function copyOf(admin: pg.Client, template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const { rows } = await admin.query("SELECT current_setting('server_version_num')::int >= 150000 AS chooses");
  // File by file, as before version 15: a quarter of the time that it takes through the log.
  const strategy = rows[0].chooses ? "STRATEGY FILE_COPY" : "";
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} ${strategy}`);
  return inject("postgresUrl").replace(/\/postgres$/, `/${name}`);
}

async function makeTables(database: Database): Promise<void> {
  try {
    await migrate(database);
    const queue = createJobQueue({
      boss: { ...database.boss, schema: "pgboss" },
      query: database.query,
      concurrency: 1,
      pollMs: 60_000,
      retries: 5,
      supervises: false,
      onError() {},
    });
    await queue.open();
    await queue.stop(0);
  } finally {
    await database.close();
  }
}
