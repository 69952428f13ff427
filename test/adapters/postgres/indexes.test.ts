import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { fill, sessionId } from "../../../bench/sessions.ts";
import type { Database } from "../../../src/adapters/postgres/database.ts";
import { createEventLog } from "../../../src/adapters/postgres/eventLog.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { plainCipher } from "../../../src/adapters/system/cipher.ts";
import { completeInterview, saveDraft, submitAnswer } from "../../../src/interview/conversation.ts";
import { addScores, startEvaluation } from "../../../src/interview/evaluation.ts";
import type { Session } from "../../../src/interview/model.ts";
import { noUsage } from "../../../src/interview/usage.ts";
import { decided, newSession } from "../../interview/sessions.ts";
import { createTables } from "../../support/databases.ts";
import { openJobQueue } from "../../support/jobQueue.ts";

const tables =
  "interview_session|question|answer|score|planned_question|session_event|report|resume|idempotency_key|report_file" +
  "|deleted_session|deleted_owner";

/** What `fill` leaves out, as many as there are sessions. */
const others = `
  INSERT INTO report (id, session_id, version, overall_score, category_scores, content)
  SELECT gen_random_uuid(), id, 1, 50, '[]', '{}' FROM interview_session;
  INSERT INTO report_file (report_id, format, bytes) SELECT id, 'pdf', ''::bytea FROM report;
  INSERT INTO idempotency_key (owner_id, key, input_hash, session_id, reused_existing)
  SELECT owner_id, id::text, 'hash', id, false FROM interview_session;
  INSERT INTO resume (id, owner_id, key, text, text_hash)
  SELECT gen_random_uuid(), 'owner ' || n, 'key', 'text', 'hash ' || n FROM generate_series(1, 2000) AS n;
  INSERT INTO deleted_session (id, owner_id, seq, deleted_at)
  SELECT gen_random_uuid(), owner_id, seq, now() - interval '1 hour' FROM interview_session;
  INSERT INTO deleted_owner (owner_id, deleted_at)
  SELECT 'owner ' || n, now() - interval '1 hour' FROM generate_series(1, 2000) AS n;
  UPDATE session_event SET occurred_at = occurred_at - interval '1 hour';
  ANALYZE;
`;

// Plans are kept, so what is planned while a table is small has to be right when it has grown.
it.each([20, 2_000])(
  "every statement that an interview runs finds its rows by an index, beside %i sessions",
  async (sessions) => {
    const { server, statements } = await everyStatement(sessions);
    for (const [text, values] of statements) {
      const plan = await server.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
      const lines = plan.map((row) => row["QUERY PLAN"]);
      const scans = lines.filter((line) => new RegExp(`Seq Scan on (${tables})\\b`).test(line));
      const whole = lines.filter((line, at) => isIndexScan(line) && !/Index Cond|Order/.test(lines[at + 1] ?? ""));
      expect([...scans, ...whole], `${text}\n${lines.join("\n")}`).toEqual([]);
    }
  },
);

it("every statement that an interview runs goes on while a newer version adds columns", async () => {
  const { server, statements } = await everyStatement(20);
  const run = async (those: Iterable<[string, readonly unknown[]]>) => {
    const done: [string, readonly unknown[]][] = [];
    for (const [text, values] of those) {
      const failure = await server.query(text, values).catch((error: Error) => error);
      if (!(failure instanceof Error)) done.push([text, values]);
    }
    return done;
  };
  // A connection on which a statement failed is not used again, and what it had prepared is gone: those that cannot be run
  // twice are left out.
  const repeatable = await run(statements);
  expect(repeatable.length).toBeGreaterThan(20);
  expect(await run(repeatable)).toEqual(repeatable);
  const columns = tables.split("|").map((table) => `ALTER TABLE ${table} ADD COLUMN newer INTEGER NOT NULL DEFAULT 0;`);
  await server.script(columns.join("\n"));
  expect(await run(repeatable)).toEqual(repeatable);
});

/** What an interview asks of the database, beside so many others: statements with the values they had last. */
async function everyStatement(sessions: number) {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 60_000, onError() {} });
  onTestFinished(() => server.close());
  const statements = new Map<string, readonly unknown[]>();
  const database: Database = {
    ...server,
    query(text, values = []) {
      statements.set(text, values);
      return server.query(text, values);
    },
  };
  const jobs = await openJobQueue(database);
  await fill(url, { sessions, answers: 8, ownerId: "ann", planned: 3 });
  await server.script(others);
  const store = createStore(database, jobs, plainCipher);
  const log = createEventLog(database, plainCipher);
  const moment = { now: new Date(), newId: randomUUID };

  let session = (await store.load(sessionId(sessions / 2)))!;
  await store.load(session.id);
  const commit = async (result: Parameters<typeof decided>[0]): Promise<Session> => {
    const committed = await store.commit(session, decided(result));
    if (committed === "CONFLICT") throw new Error("Nobody else writes here");
    return committed.session;
  };
  session = await commit(saveDraft(session, 8, "A draft", moment));
  session = await commit(saveDraft(session, 8, "", moment));
  session = await commit(submitAnswer(session, 8, "An answer", true, moment));
  session = await commit(submitAnswer(session, 9, "I don't know.", true, moment));
  const score = (
    session.questions[0]!.scoring as {
      score: Parameters<typeof addScores>[2] extends Map<string, infer S> ? S : never;
    }
  ).score;
  session = await commit(addScores(session, 1, new Map([[session.questions[8]!.id, score]])));
  session = await commit(completeInterview(session, moment));
  session = await commit(startEvaluation(session, 1, 8));
  await store.addUsage(session.id, "ann", { ...noUsage, calls: 1 });

  const resume = await store.saveResume(
    { id: randomUUID(), ownerId: "ann", key: "cv", text: "An engineer", createdAt: new Date() },
    "hash",
  );
  await store.findResume("ann", { key: "cv" });
  await store.findResume("ann", { textHash: "hash" });
  await store.loadResume(resume.id);
  await store.findOpenSession("ann", { key: "cv" });
  await store.findOpenSession("ann", { textHash: "hash" });
  await store.findByIdempotencyKey("ann", "key");
  await store.askedElsewhere({ id: session.id, ownerId: "ann", resumeKey: "cv" }, 10, 30);
  await store.insert(
    {
      session: { ...newSession(), id: randomUUID(), ownerId: "ann", resume: { id: resume.id, key: "cv" } },
      events: [{ kind: "SessionCreated" }],
      jobs: [],
    },
    { key: "key", inputHash: "hash" },
  );
  await store.loadReport(session.id, 1);
  await store.loadFile(randomUUID(), "pdf");
  await log.read(session.id, 3, 200);
  await log.readAll({ occurredAt: new Date(Date.now() - 3_000), sessionId: session.id, seq: 0 }, 1_000, ["ann"]);
  await log.recent({ eventsMs: 3_000, deletionsMs: 10_000 }, 20_000, ["ann"]);
  await log.deletionOf(session.id);
  await store.remove(session.id);
  await store.forgetDeletions(600_000);
  expect(statements.size).toBeGreaterThan(20);
  return { server, statements };
}

/** Without a condition on the line below it reads the index from one end to the other. */
function isIndexScan(line: string): boolean {
  return new RegExp(`Index (Only )?Scan .*on (${tables})\\b`).test(line);
}
