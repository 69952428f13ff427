/**
 * `DATABASE_URL=postgresql://… npm run move` copies the embedded database in DATA_DIR to an empty PostgreSQL database: all
 * tables, and the jobs that have not run yet. Either everything is copied or nothing. The server must not be running.
 */
import { resolve } from "node:path";
import { createJobQueue, type JobQueue } from "../adapters/pgboss/jobs.ts";
import type { Database, Sql } from "../adapters/postgres/database.ts";
import { migrate } from "../adapters/postgres/migrate.ts";
import { hasPglite } from "../adapters/postgres/pglite.ts";
import { openServer } from "../adapters/postgres/server.ts";
import { readConfig, SettingsFault } from "../config.ts";
import type { Job } from "../interview/events.ts";
import { openEmbedded, reachServer } from "../openAdapters.ts";

const batch = 500;

async function move(): Promise<void> {
  const config = readConfig(process.env);
  if (config.databaseUrl === null)
    throw new SettingsFault("DATABASE_URL", "must be the PostgreSQL database to move to");
  if (!hasPglite(resolve(config.dataDir))) {
    throw new SettingsFault("DATA_DIR", `has no embedded database: ${resolve(config.dataDir)}`);
  }
  await reachServer(config);
  const source = await openEmbedded(config);
  const target = await openServer({
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    poolSize: 4,
    timeoutMs: 60_000,
    onError: () => {},
  });
  const queues = [queueOn(source), queueOn(target)];
  try {
    await migrate(source);
    await migrate(target);
    for (const queue of queues) await queue.open();
    const tables = await tablesInOrder(target);
    await refuseUnlessEmpty(target, tables);
    const jobs = await waitingJobs(source);
    await target.transaction(async (tx) => {
      for (const table of tables) console.log(`${table}: ${await copyTable(source, tx, table)} rows`);
      for (const { text, values } of jobs.length > 0 ? await queues[1]!.enqueueSql(queues[1]!.stamp(jobs)) : [])
        await tx.query(text, values);
    });
    console.log(`${jobs.length} pending jobs. Everything has been moved.`);
  } finally {
    for (const queue of queues) await queue.stop(0);
    await source.close();
    await target.close();
  }
}

function queueOn(database: Database): JobQueue {
  return createJobQueue({
    boss: { ...database.boss, schema: "pgboss" },
    query: database.query,
    concurrency: 1,
    pollMs: 60_000,
    retries: 5,
    supervises: false,
    onError: () => {},
  });
}

/** Our tables; those that others refer to come first. */
async function tablesInOrder(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string; needs: string[] }>(`
    SELECT c.relname AS name, coalesce(array_agg(r.relname::text) FILTER (WHERE r.relname IS NOT NULL AND r.oid <> c.oid), '{}') AS needs
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' LEFT JOIN pg_class r ON r.oid = k.confrelid
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
    GROUP BY c.relname ORDER BY c.relname`);
  const ordered: string[] = [];
  while (ordered.length < rows.length) {
    const next = rows.find(
      ({ name, needs }) => !ordered.includes(name) && needs.every((need) => ordered.includes(need)),
    );
    if (!next) throw new Error("The tables refer to each other in a circle");
    ordered.push(next.name);
  }
  return ordered;
}

async function refuseUnlessEmpty(sql: Sql, tables: string[]): Promise<void> {
  for (const table of tables) {
    const rows = await sql.query(`SELECT 1 FROM "${table}" LIMIT 1`);
    if (rows.length > 0)
      throw new SettingsFault("DATABASE_URL", `names a database that is not empty: ${table} has rows`);
  }
}

async function copyTable(source: Sql, target: Sql, table: string): Promise<number> {
  for (let offset = 0; ; offset += batch) {
    const rows = await source.query<{ row: unknown }>(
      `SELECT to_jsonb(t) AS row FROM "${table}" t ORDER BY ctid LIMIT ${batch} OFFSET ${offset}`,
    );
    if (rows.length === 0) return offset;
    await target.query(
      `INSERT INTO "${table}" SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1::text::jsonb)`,
      [JSON.stringify(rows.map(({ row }) => row))],
    );
    if (rows.length < batch) return offset + rows.length;
  }
}

async function waitingJobs(source: Sql): Promise<Job[]> {
  const rows = await source.query<{ data: Job }>(
    `SELECT data - '{released,kills}'::text[] AS data FROM pgboss.job
     WHERE name = 'interview' AND state < 'completed' ORDER BY created_on`,
  );
  return rows.map(({ data }) => data);
}

move().catch((error) => {
  console.error(error instanceof SettingsFault ? error.message : `Nothing was moved: ${error.message}`);
  process.exit(1);
});
