import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { fill } from "../../../bench/sessions.ts";
import { createEventLog } from "../../../src/adapters/postgres/eventLog.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { plainCipher } from "../../../src/adapters/system/cipher.ts";
import type { LoggedEvent, SessionDeleted } from "../../../src/interview/events.ts";
import type { LogPlace } from "../../../src/ports/events.ts";
import { createTables } from "../../support/databases.ts";

it("is read page by page over all sessions, each event once, however much happened at the same moment", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 2, timeoutMs: 60_000, onError() {} });
  onTestFinished(() => server.close());
  await fill(url, { sessions: 20, answers: 3, ownerId: "ann" });
  const [same, later] = [new Date("2026-01-02T03:04:05.678Z"), new Date("2026-01-02T03:04:05.679Z")];
  await server.query(
    "UPDATE session_event SET occurred_at = CASE WHEN seq % 5 = 0 THEN $2::timestamptz ELSE $1::timestamptz END",
    [same, later],
  );
  await server.query(
    `INSERT INTO deleted_session (id, owner_id, seq, deleted_at)
     SELECT gen_random_uuid(), 'bob', n, $1::timestamptz FROM generate_series(1, 10) AS n`,
    [same],
  );

  const log = createEventLog(server, plainCipher);
  const read: (LoggedEvent | SessionDeleted)[] = [];
  const beginning = { occurredAt: same, sessionId: "00000000-0000-0000-0000-000000000000", seq: 0 };
  for (let place: LogPlace | undefined = beginning; place !== undefined; ) {
    const page: typeof read = await log.readAll(place, 7, []);
    read.push(...page);
    place = page.at(-1);
  }
  const stored = await server.query<{ id: string; seq: number; at: Date }>(
    `SELECT session_id AS id, seq, occurred_at AS at FROM session_event
     UNION ALL SELECT id, seq, deleted_at FROM deleted_session ORDER BY at, id, seq`,
  );
  expect(stored.length).toBeGreaterThan(100);
  expect(read.map(({ sessionId, seq, occurredAt }) => ({ id: sessionId, seq, at: occurredAt }))).toEqual(stored);
  expect(read.filter(({ kind }) => kind === "SessionDeleted").length).toBe(10);
  expect(await log.readAll({ ...beginning, occurredAt: later }, 7, [])).toEqual(
    read.filter((one) => one.occurredAt >= later).slice(0, 7),
  );
});

it("says for how long a node has been storing what nobody can read yet", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 2, timeoutMs: 60_000, onError() {} });
  onTestFinished(() => server.close());
  const log = createEventLog(server, plainCipher);
  const openMs = async () => (await log.recent({ eventsMs: 1, deletionsMs: 1 }, 10, [])).openMs;
  const write = "INSERT INTO deleted_owner (owner_id) VALUES ('ann')";

  const other = new pg.Client({ connectionString: url, application_name: "somebody else's" });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query(`BEGIN; ${write}`);
  expect(await openMs()).toBe(0);
  await other.query("ROLLBACK");

  await server.transaction(async (tx) => {
    await tx.query("SELECT 1");
    expect(await openMs()).toBe(0);
    await tx.query(write);
    expect(await openMs()).toBeGreaterThan(0);
  });
  expect(await openMs()).toBe(0);
});
