import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { fill, sessionId } from "../../../bench/sessions.ts";
import type { Database } from "../../../src/adapters/postgres/database.ts";
import { createEventLog } from "../../../src/adapters/postgres/eventLog.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { createCipher, plainCipher } from "../../../src/adapters/system/cipher.ts";
import type { SessionDeleted } from "../../../src/interview/events.ts";
import { noUsage } from "../../../src/interview/usage.ts";
import type { Store } from "../../../src/ports/store.ts";
import { createTables } from "../../support/databases.ts";
import { openJobQueue } from "../../support/jobQueue.ts";

async function open(cipher = plainCipher): Promise<{ url: string; server: Database; store: Store }> {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 60_000, onError() {} });
  onTestFinished(() => server.close());
  return { url, server, store: createStore(server, await openJobQueue(server), cipher) };
}

/** Until a statement waits for a lock that another transaction holds. */
async function untilWaiting(server: Database): Promise<void> {
  const waiting =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1";
  while ((await server.query(waiting)).length === 0);
}

/** A session as a concurrent createSession makes it: stored beside what is being removed. */
const addSession = `
  INSERT INTO interview_session (id, owner_id, resume_id, resume_key, status, mode, turn, locale, question_count,
    follow_ups, forced, seq, version)
  SELECT $1, owner_id, id, key, 'CREATED', 'PLANNED', 'INTERVIEWER', 'EN', 3, 0, true, 1, 1 FROM resume WHERE owner_id = $2`;

const count = async (server: Database, table: string): Promise<number> =>
  (await server.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]!.n;

it.each([
  ["without a key", plainCipher],
  ["with a key", createCipher(Buffer.alloc(32, 7))],
])("removes an owner, and not what counts for a ceiling today, %s", async (_, cipher) => {
  const { url, server, store } = await open(cipher);
  await fill(url, { sessions: 1, answers: 1, ownerId: "ann" });
  const usage = { ...noUsage, calls: 3, inputTokens: 20, outputTokens: 10 };
  await store.addUsage(sessionId(1), "ann", usage);
  await store.addUsage(randomUUID(), "bob", { ...usage, calls: 1 });
  expect((await store.removeOwner("ann")).sessions).toHaveLength(1);
  await store.addUsage(randomUUID(), "ann", usage);
  expect((await store.removeOwner("ann")).sessions).toEqual([]);

  expect((await store.spending("ann")).own).toEqual({ calls: 6, tokens: 60 });
  expect((await store.spending("bob")).own).toEqual({ calls: 1, tokens: 30 });
  expect((await store.spending("bob")).all).toEqual({ calls: 7, tokens: 90 });
  const rows = await server.query("SELECT m::text FROM model_spending m");
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toMatch(/ann|bob/);
});

it("keeps no count of an earlier day", async () => {
  const { server, store } = await open();
  const usage = { ...noUsage, calls: 1, inputTokens: 1, outputTokens: 1 };
  await store.addUsage(randomUUID(), "ann", usage);
  await server.query("UPDATE model_spending SET day = day - 1");
  expect((await store.spending("ann")).own).toEqual({ calls: 0, tokens: 0 });
  await store.addUsage(randomUUID(), "bob", usage);
  expect(await count(server, "model_spending")).toBe(1);
});

it.each([
  ["one session", (store: Store) => store.remove(sessionId(1)).then((deleted) => [deleted])],
  ["an owner's sessions", (store: Store) => store.removeOwner("ann").then(({ sessions }) => sessions)],
  ["sessions that are old", (store: Store) => store.removeExpired(1_000, 10)],
])(
  "tells of the removal of %s with the number after its newest event, and keeps that for a while",
  async (_, remove) => {
    const { url, server, store } = await open();
    await fill(url, { sessions: 1, answers: 1, ownerId: "ann" });
    // Remembered as it was before somebody else wrote.
    const { seq } = (await store.load(sessionId(1)))!;
    await server.query(`UPDATE interview_session SET seq = seq + 5, status = 'EVALUATED', evaluation_status = 'COMPLETED',
    completed_at = now() - interval '1 day', evaluated_at = now() - interval '1 day'`);
    const [deleted] = await remove(store);
    const told = { kind: "SessionDeleted", sessionId: sessionId(1), ownerId: "ann", seq: seq + 6 };
    expect(deleted).toEqual({ ...told, occurredAt: expect.any(Date) });

    const log = createEventLog(server, plainCipher);
    const stored = await log.deletionOf(sessionId(1));
    expect(stored).toEqual({ ...deleted, ownerId: expect.any(String) });
    expect((await log.recent({ eventsMs: 1, deletionsMs: 60_000 }, 10, ["ann"])).sessions).toEqual([
      { sessionId: sessionId(1), ownerId: "ann", first: seq + 6, last: seq + 6, deletedAt: deleted!.occurredAt },
    ]);
    const place = { occurredAt: new Date(deleted!.occurredAt.getTime() - 1), sessionId: sessionId(1), seq: 0 };
    expect(await log.readAll(place, 1_000, ["ann"])).toEqual([deleted]);
    await store.forgetDeletions(60_000);
    expect(await log.deletionOf(sessionId(1))).toEqual(stored);
    await store.forgetDeletions(-1_000);
    expect(await log.deletionOf(sessionId(1))).toBeNull();
  },
);

it("tells of a session that was restored and removed once more as of the last time", async () => {
  const { url, server, store } = await open();
  await fill(url, { sessions: 1, answers: 1, ownerId: "ann" });
  await server.query("INSERT INTO deleted_session (id, owner_id, seq) VALUES ($1, 'ann', 2)", [sessionId(1)]);
  const deleted = await store.remove(sessionId(1));
  expect(deleted!.seq).toBeGreaterThan(2);
  expect(await createEventLog(server, plainCipher).deletionOf(sessionId(1))).toEqual(deleted);
});

it("keeps for a while that all of an owner was removed, as of the last time, also where nothing was there", async () => {
  const { url, server, store } = await open();
  await fill(url, { sessions: 1, answers: 1, ownerId: "ann" });
  const log = createEventLog(server, plainCipher);
  const recent = async (owners = ["bob", "ann"]) =>
    (await log.recent({ eventsMs: 1, deletionsMs: 60_000 }, 10, owners)).owners;
  const { owner: first } = await store.removeOwner("ann");
  expect(await recent()).toEqual([first]);
  // Who does not ask for ann learns nothing of her.
  expect(JSON.stringify(await recent([]))).not.toContain("ann");
  await server.query("UPDATE deleted_owner SET deleted_at = deleted_at - interval '1 second'");
  const { owner } = await store.removeOwner("ann");
  expect(owner).toEqual({ kind: "OwnerDeleted", ownerId: "ann", seq: null, occurredAt: expect.any(Date) });
  expect(await recent()).toEqual([owner]);
  await store.forgetDeletions(60_000);
  expect(await recent()).toEqual([owner]);
  await store.forgetDeletions(-1_000);
  expect(await recent()).toEqual([]);
});

it("removes an owner with the session that is being made meanwhile", async () => {
  const { url, server, store } = await open();
  await fill(url, { sessions: 2, answers: 1, ownerId: "ann" });
  const made = randomUUID();
  let removing: Promise<SessionDeleted[]> = Promise.resolve([]);
  await server.transaction(async (tx) => {
    await tx.query(addSession, [made, "ann"]);
    removing = store.removeOwner("ann").then(({ sessions }) => sessions);
    await untilWaiting(server);
  });
  expect((await removing).map(({ sessionId }) => sessionId).sort()).toEqual([sessionId(1), sessionId(2), made].sort());
  expect([await count(server, "interview_session"), await count(server, "resume")]).toEqual([0, 0]);
});

it("removes an owner whose sessions somebody else writes in another order", async () => {
  const { url, server, store } = await open();
  await fill(url, { sessions: 2, answers: 1, ownerId: "ann" });
  let removing: Promise<unknown[]> | null = null;
  const write = "UPDATE interview_session SET seq = seq WHERE id = $1";
  await server.transaction(async (tx) => {
    await tx.query(write, [sessionId(2)]);
    // Who has waited longest is the deadlock's victim: the removal, or on a busy machine this transaction, which is run anew.
    if (removing === null) {
      removing = store.removeOwner("ann").then(({ sessions }) => sessions);
      await untilWaiting(server);
    }
    await tx.query(write, [sessionId(1)]);
  });
  expect(await removing).toHaveLength(2);
  expect(await count(server, "interview_session")).toBe(0);
});

it("removes what is old with the résumé that it alone was made from, and none that waits for its first session", async () => {
  const { url, server, store } = await open();
  for (const group of [0, 1]) await fill(url, { sessions: 2, answers: 1, ownerId: "ann", group });
  await server.query(
    `UPDATE interview_session SET status = 'EVALUATED', evaluation_status = 'COMPLETED',
       completed_at = now() - interval '1 day', evaluated_at = now() - interval '1 day' WHERE id <> $1`,
    [sessionId(1, 1)],
  );
  const waiting = { id: randomUUID(), ownerId: "ann", key: "cv", text: "An engineer", createdAt: new Date(0) };
  await store.saveResume(waiting, "hash");

  expect(await store.removeExpired(1_000, 10)).toHaveLength(3);
  expect(await store.removeExpired(1_000, 10)).toEqual([]);
  expect(await server.query("SELECT key FROM resume ORDER BY key")).toEqual([{ key: "cv" }, { key: "group-1" }]);
  expect(await server.query("SELECT id FROM interview_session")).toEqual([{ id: sessionId(1, 1) }]);
});

it("removes what is old beside a session that is being made of its résumé", async () => {
  const { url, server, store } = await open();
  await fill(url, { sessions: 2, answers: 1, ownerId: "ann" });
  await server.query(`UPDATE interview_session SET status = 'EVALUATED', evaluation_status = 'COMPLETED',
    completed_at = now() - interval '1 day', evaluated_at = now() - interval '1 day'`);
  const made = randomUUID();
  let removing: Promise<unknown> = Promise.resolve();
  await server.transaction(async (tx) => {
    await tx.query(addSession, [made, "ann"]);
    removing = store.removeExpired(1_000, 10);
    await untilWaiting(server);
  });
  expect(await removing).toHaveLength(2);
  expect((await store.load(made))?.id).toBe(made);
  expect(await count(server, "resume")).toBe(1);
});

it("removes texts that nobody has any more, and not the one of a session that is being made", async () => {
  const { server, store } = await open();
  const text = { id: randomUUID(), ownerId: "ann", key: "cv", text: "An engineer", createdAt: new Date(0) };
  await store.saveResume(text, "hash");
  await store.saveResume({ ...text, id: randomUUID(), ownerId: "bob" }, "hash");
  await server.query("UPDATE resume SET current = false");
  let removing: Promise<unknown> = Promise.resolve();
  await server.transaction(async (tx) => {
    await tx.query(addSession, [randomUUID(), "ann"]);
    removing = store.removeExpired(1_000, 10);
    await untilWaiting(server);
  });
  expect(await removing).toEqual([]);
  expect(await server.query("SELECT owner_id FROM resume")).toEqual([{ owner_id: "ann" }]);
});
