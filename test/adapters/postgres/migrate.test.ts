import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import { createDatabase } from "../../support/databases.ts";
import { startProcess } from "../../support/process.ts";

const migrations = readdirSync(resolve(import.meta.dirname, "../../../prisma/migrations")).filter(
  (name) => !name.endsWith(".toml"),
);

it("migrates once when several nodes start together, as Prisma's own tool would have recorded it", async () => {
  const databaseUrl = await createDatabase();
  const env = { DATABASE_URL: databaseUrl };
  const starts = await Promise.allSettled([1, 2, 3, 4].map(() => startProcess(env)));
  const nodes = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const answers = await Promise.all(nodes.map((node) => fetch(`${node.url}/health/ready`)));
  await Promise.all(nodes.map((node) => node.kill()));
  expect(starts).toMatchObject(starts.map(() => ({ status: "fulfilled" })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    `SELECT migration_name, finished_at IS NOT NULL AS finished, length(checksum) AS checksum, applied_steps_count
     FROM _prisma_migrations ORDER BY migration_name`,
  );
  await client.end();
  expect(rows).toEqual(
    migrations.map((name) => ({ migration_name: name, finished: true, checksum: 64, applied_steps_count: 1 })),
  );
});
