import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import { type Migration, readMigrations } from "../../../src/adapters/postgres/migrate.ts";
import { openPglite } from "../../../src/adapters/postgres/pglite.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { listSessions } from "../../../src/adapters/postgres/sessionLists.ts";
import type { SessionFilter } from "../../../src/ports/store.ts";
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

const openEmbedded = () => openPglite(mkdtempSync(join(tmpdir(), "vivavoce-")));
const openOnServer = async () =>
  openServer({ url: await createDatabase(), directUrl: null, poolSize: 2, timeoutMs: 10_000, onError() {} });

it.each([
  ["the embedded database", openEmbedded],
  ["a server that knows no letters but ASCII's", openOnServer],
])("finds sessions from before in any case of any letter, on %s", async (_, open) => {
  const database = await open();
  const all = await readMigrations();
  const at = all.findIndex(({ name }) => name.endsWith("_search_in_any_case"));
  const apply = async (some: Migration[]): Promise<void> => {
    for (const { sql } of some) await database.script(`BEGIN;\n${sql}\n;COMMIT;`);
  };
  await apply(all.slice(0, at));
  await database.script(`
    INSERT INTO resume (id, owner_id, key, text, text_hash) VALUES (gen_random_uuid(), 'ada', 'cv', 'text', 'hash');
    INSERT INTO interview_session (id, owner_id, resume_id, resume_key, status, mode, turn, locale, question_count,
      follow_ups, job_title)
    SELECT gen_random_uuid(), 'ada', id, key, 'CREATED', 'PLANNED', 'INTERVIEWER', 'EN', 3, 0, 'ÉCOLE Инженер' FROM resume`);
  await apply(all.slice(at));

  const filter: SessionFilter = {
    visibleTo: null,
    ownerId: null,
    statuses: null,
    resumeKey: null,
    words: [],
    from: null,
    to: null,
  };
  const page = { after: null, before: null, limit: 10, backwards: false };
  for (const words of [["école"], ["инженер"], ["École", "ИНЖЕНЕР"]]) {
    expect(await listSessions(database, { ...filter, words }, "NEWEST_FIRST", page), words.join(" ")).toHaveLength(1);
  }
  await database.close();
});
