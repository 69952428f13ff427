import { expect, it, onTestFinished } from "vitest";
import type { Database, Sql } from "../../../src/adapters/postgres/database.ts";
import { exportOwner } from "../../../src/adapters/postgres/personalData.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { plainCipher } from "../../../src/adapters/system/cipher.ts";
import { createTables } from "../../support/databases.ts";

const addInterview = `
  WITH made AS (
    INSERT INTO resume (id, owner_id, key, text, text_hash)
    SELECT gen_random_uuid(), 'ada', 'cv ' || count(*), 'text', 'hash' FROM resume RETURNING id, owner_id, key
  )
  INSERT INTO interview_session
    (id, owner_id, resume_id, resume_key, status, mode, turn, locale, question_count, follow_ups)
  SELECT gen_random_uuid(), owner_id, id, key, 'CREATED', 'PLANNED', 'INTERVIEWER', 'EN', 3, 0 FROM made`;

it("gives what was kept at one moment, whatever is added while it is read", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  await server.query(addInterview);
  let turn: Promise<unknown> = Promise.resolve();
  /** One statement after the other, and a further interview after each. */
  const meanwhile = (sql: Sql): Sql => ({
    query<Row>(text: string, values?: readonly unknown[]) {
      const rows = turn.then(() => sql.query<Row>(text, values));
      turn = rows.then(() => server.query(addInterview));
      return rows;
    },
  });
  const database: Database = {
    ...server,
    ...meanwhile(server),
    transaction: (work) => server.transaction((tx) => work(meanwhile(tx))),
  };
  const { resumes, sessions } = await exportOwner(database, plainCipher, "ada");
  expect(sessions.length).toBeGreaterThan(0);
  expect(sessions.map(({ resumeKey }) => resumeKey)).toEqual(resumes.map(({ key }) => key));
});
