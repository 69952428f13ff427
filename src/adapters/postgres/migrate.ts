import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Database } from "./database.ts";

const folder = resolve(import.meta.dirname, "../../../prisma/migrations");
const lock = 7_240_113;

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** In the order in which they apply. */
export async function readMigrations(from = folder): Promise<Migration[]> {
  const entries = await readdir(from, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(from, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/**
 * Applies missing migrations, also when several nodes start together, and records them where Prisma does, so that
 * `prisma migrate deploy` finds nothing to do. Returns the names of those it applied.
 */
export async function migrate(database: Database): Promise<string[]> {
  const migrations = await readMigrations();
  return database.exclusively(lock, async () => {
    await database.script(table);
    const rows = await database.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
      "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
    );
    const applied = new Map(rows.map((row) => [row.migration_name, row]));
    const missing: string[] = [];
    for (const migration of migrations) {
      const earlier = applied.get(migration.name);
      if (earlier && earlier.checksum !== migration.checksum) {
        throw new Error(`Migration ${migration.name} was changed after it had been applied to this database`);
      }
      if (earlier?.finished_at) continue;
      if (earlier) throw new Error(`Migration ${migration.name} failed half-way on this database and must be resolved`);
      await apply(database, migration);
      missing.push(migration.name);
    }
    return missing;
  });
}

/** The script and its record take effect together. */
async function apply(database: Database, { name, sql, checksum }: Migration): Promise<void> {
  const record = `INSERT INTO _prisma_migrations
    (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count)
    VALUES ('${randomUUID()}', '${checksum}', now(), '${name}', NULL, NULL, now(), 1);`;
  await database.script(`BEGIN;\n${sql}\n;${record}\nCOMMIT;`);
}

const table = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;
