import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import type { JobRecord } from "../../../src/adapters/pgboss/jobs.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import type { Job } from "../../../src/interview/events.ts";
import { ClaimLost, type JobHandlers, type JobRun, RetryLater } from "../../../src/ports/jobs.ts";
import { createTables, retryAtOnce } from "../../support/databases.ts";
import { openJobQueue } from "../../support/jobQueue.ts";

/** What pg-boss makes of jobs without heartbeats. */
const die = "UPDATE pgboss.job SET state = 'retry' WHERE name = 'interview' AND state = 'active'";

/** Also where it was aborted before. */
async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

it.each([
  ["lost", new ClaimLost(), 0],
  ["failed", new RetryLater("The provider asked for it", null), 0],
  ["failed", new Error("Something is broken"), 1],
])("tells a job that is %s after %s, and %i errors", async (outcome, thrown, errors) => {
  const url = await createTables();
  const database = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => database.close());
  const { promise: ended, resolve: onJob } = Promise.withResolvers<JobRecord>();
  const told: unknown[] = [];
  const jobs = await openJobQueue(database, { onJob, onError: (error) => void told.push(error) });

  const sessionId = randomUUID();
  for (const { text, values } of await jobs.enqueueSql(jobs.stamp([{ kind: "EVALUATE", sessionId, attempt: 1 }]))) {
    await database.query(text, values);
  }
  const handle = { EVALUATE: () => Promise.reject(thrown) } as unknown as JobHandlers["handle"];
  await jobs.start({ handle, abandon: () => Promise.resolve(), obsolete: () => Promise.resolve([]) });
  expect(await ended).toMatchObject({ kind: "EVALUATE", sessionId, outcome, attempt: 0 });
  expect(told).toEqual(Array(errors).fill(thrown));
});

it("finishes what it had claimed in the moment in which it was stopped", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  const { promise: claimed, resolve: onClaim } = Promise.withResolvers<void>();
  const { promise: stopped, resolve: onStop } = Promise.withResolvers<void>();
  const told: unknown[] = [];
  const done: string[] = [];
  const database: typeof server = {
    ...server,
    async query<Row>(text: string, values?: readonly unknown[]) {
      const rows = await server.query<Row>(text, values);
      if (rows.length > 0 && /retry_count/.test(text)) {
        onClaim();
        await stopped;
      }
      return rows;
    },
  };
  const jobs = await openJobQueue(database, { onError: (error) => void told.push(error) });
  const sessionId = randomUUID();
  for (const { text, values } of await jobs.enqueueSql(jobs.stamp([{ kind: "EVALUATE", sessionId, attempt: 1 }]))) {
    await server.query(text, values);
  }
  const handle = { EVALUATE: async () => void done.push("EVALUATE") } as unknown as JobHandlers["handle"];
  await jobs.start({ handle, abandon: () => Promise.resolve(), obsolete: () => Promise.resolve([]) });
  await claimed;
  const stopping = jobs.stop(10_000);
  onStop();
  await stopping;
  expect([done, told]).toEqual([["EVALUATE"], []]);
  expect(await server.query("SELECT state, retry_count FROM pgboss.job WHERE data->>'kind' = 'EVALUATE'")).toEqual([
    { state: "completed", retry_count: 0 },
  ]);
});

it("looks again for whoever wakes it, also in the moment in which it has found nothing more", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  // A few steps of the program lie between what a look finds and its end: one wake-up comes after each of them.
  const steps = 30;
  const { promise: done, resolve: onDone } = Promise.withResolvers<void>();
  let looks = 0;
  const database: typeof server = {
    ...server,
    async query<Row>(text: string, values?: readonly unknown[]) {
      const rows = await server.query<Row>(text, values);
      if (/retry_count/.test(text)) void wakeAfter(looks++);
      return rows;
    },
  };
  async function wakeAfter(step: number): Promise<void> {
    for (let taken = 0; taken < step; taken++) await null;
    if (step === steps) onDone();
    else jobs.wake();
  }
  const jobs = await openJobQueue(database);
  await jobs.start({ handle: {} as JobHandlers["handle"], abandon: async () => {}, obsolete: async () => [] });
  await done;
});

it("keeps an abandoned job as it keeps any other, for as long as it is at work", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  const { promise: claimed, resolve: onClaim } = Promise.withResolvers<void>();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const jobs = await openJobQueue(server, { pollMs: 50 });
  onTestFinished(() => end());
  await server.query(`INSERT INTO pgboss.job (name, data, heartbeat_seconds)
    VALUES ('interview_abandoned', '{"kind": "EVALUATE", "sessionId": "${randomUUID()}", "attempt": 1}', 10)`);
  const abandon = (): Promise<void> => {
    onClaim();
    return over;
  };
  await jobs.start({ handle: {} as JobHandlers["handle"], abandon, obsolete: async () => [] });
  await claimed;
  const beats = "SELECT heartbeat_on::text AS at FROM pgboss.job WHERE name = 'interview_abandoned'";
  const [first] = await server.query(beats);
  await expect.poll(() => server.query(beats), { timeout: 8_000 }).not.toEqual([first]);
});

it("keeps a job that it claimed again after it was taken for dead, and stops what still runs of it", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  const jobs = await openJobQueue(server, { concurrency: 2, pollMs: 50, supervises: false });
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const runs = [Promise.withResolvers<JobRun>(), Promise.withResolvers<JobRun>()];
  const handle = {
    async EVALUATE(_: unknown, run: JobRun) {
      runs[run.claim.attempt]!.resolve(run);
      await Promise.race([over, once(run.signal, "abort")]);
      run.signal.throwIfAborted();
    },
  } as unknown as JobHandlers["handle"];
  onTestFinished(() => end());
  const sessionId = randomUUID();
  for (const { text, values } of await jobs.enqueueSql(jobs.stamp([{ kind: "EVALUATE", sessionId, attempt: 1 }]))) {
    await server.query(text, values);
  }
  await jobs.start({ handle, abandon: async () => {}, obsolete: async () => [] });
  const first = await runs[0]!.promise;
  await server.query("UPDATE pgboss.job SET state = 'retry' WHERE data->>'kind' = 'EVALUATE'");
  const second = await runs[1]!.promise;
  expect([first.signal.reason, second.signal.aborted]).toEqual([new ClaimLost(), false]);
  const beats = "SELECT heartbeat_on::text AS at FROM pgboss.job WHERE data->>'kind' = 'EVALUATE'";
  const [claimed] = await server.query(beats);
  await expect.poll(() => server.query(beats), { timeout: 8_000 }).not.toEqual([claimed]);
});

it.each([
  ["is done", "five failures and the death of a worker", 5, 1, 0],
  ["is given up", "six failures", 6, 0, 0],
  ["is given up", "a failure and the deaths of three workers", 1, 3, 0],
  ["is given up", "the deaths of three workers, while one died without it", 0, 3, 1],
  ["is done", "the deaths of five workers, while two died without it", 0, 5, 2],
])("%s after %s", async (end, _, failures, deaths, otherDeaths) => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  const jobs = await openJobQueue(server, { concurrency: 2, pollMs: 50, supervises: false });
  await retryAtOnce(url);
  const sessionId = randomUUID();
  for (const { text, values } of await jobs.enqueueSql(jobs.stamp([{ kind: "EVALUATE", sessionId, attempt: 1 }]))) {
    await server.query(text, values);
  }
  const dieWorker = "INSERT INTO pgboss.job (name, state, completed_on) VALUES ('interview_workers', 'failed', now())";
  for (let n = 0; n < otherDeaths; n++) await server.query(dieWorker);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const handle = {
    async EVALUATE(_: unknown, { claim, signal }: JobRun) {
      if (claim.attempt < failures) throw new RetryLater("The provider asked for it", null);
      if (claim.attempt === failures + deaths) return resolve("is done");
      await server.query(dieWorker);
      await server.query(die);
      await aborted(signal);
    },
  } as unknown as JobHandlers["handle"];
  await jobs.start({ handle, abandon: async () => resolve("is given up"), obsolete: async () => [] });
  expect(await ended).toBe(end);
});

it("gives up the job that kills its workers, and none of those that were beside it", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  // Twice as many places as jobs: what was taken for dead keeps its place until it is claimed again.
  const jobs = await openJobQueue(server, { concurrency: 8, pollMs: 50, supervises: false });
  await retryAtOnce(url);
  const poison: Job = { kind: "EVALUATE", sessionId: randomUUID(), attempt: 1 };
  const others = [1, 2, 3].map((version): Job => ({ kind: "PRINT_REPORT", sessionId: randomUUID(), version }));
  for (const { text, values } of await jobs.enqueueSql(jobs.stamp([poison, ...others]))) {
    await server.query(text, values);
  }
  let kills = 0;
  let isKilling = false;
  const handle = {
    async EVALUATE(_: unknown, { signal }: JobRun) {
      kills++;
      isKilling = true;
      // Whatever was claimed with it begins.
      await server.query("SELECT");
      isKilling = false;
      await server.query(die);
      await aborted(signal);
    },
    async PRINT_REPORT(_: unknown, { signal }: JobRun) {
      if (isKilling) await aborted(signal);
      signal.throwIfAborted();
    },
  } as unknown as JobHandlers["handle"];
  const givenUp: Job[] = [];
  const abandon = async (job: Job): Promise<void> => void givenUp.push(job);
  await jobs.start({ handle, abandon, obsolete: async () => [] });
  const left = "SELECT FROM pgboss.job WHERE name = 'interview' AND state <> 'completed'";
  await expect.poll(() => server.query(left)).toEqual([]);
  expect([givenUp.map(({ kind }) => kind), kills]).toEqual([["EVALUATE"], 3]);
});

it("knows of each worker whether it is alive, has left or has died", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  const [left, died, alive] = [await openJobQueue(server), await openJobQueue(server), await openJobQueue(server)];
  const handlers = { handle: {} as JobHandlers["handle"], abandon: async () => {}, obsolete: async () => [] };
  await left.start(handlers);
  await left.stop(0);
  await died.start(handlers);
  await alive.reclaim();
  await alive.start(handlers);
  expect(await server.query("SELECT state FROM pgboss.job WHERE name = 'interview_workers' ORDER BY state")).toEqual([
    { state: "active" },
    { state: "failed" },
  ]);
});
