import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import type { JobRecord } from "../../../src/adapters/pgboss/jobs.ts";
import { migrate } from "../../../src/adapters/postgres/migrate.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { ClaimLost, type JobHandlers, RetryLater } from "../../../src/ports/jobs.ts";
import { openJobQueue } from "../../support/jobQueue.ts";
import { createDatabase } from "../../support/world.ts";

it.each([
  ["lost", new ClaimLost(), 0],
  ["failed", new RetryLater("The provider asked for it", null), 0],
  ["failed", new Error("Something is broken"), 1],
])("tells a job that is %s after %s, and %i errors", async (outcome, thrown, errors) => {
  const url = await createDatabase();
  const database = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => database.close());
  await migrate(database);
  const { promise: ended, resolve: onJob } = Promise.withResolvers<JobRecord>();
  const told: unknown[] = [];
  const jobs = await openJobQueue(database, { onJob, onError: (error) => void told.push(error) });

  const sessionId = randomUUID();
  for (const { text, values } of await jobs.enqueueSql(jobs.stamp([{ kind: "EVALUATE", sessionId, attempt: 1 }]))) {
    await database.query(text, values);
  }
  const handle = { EVALUATE: () => Promise.reject(thrown) } as unknown as JobHandlers["handle"];
  await jobs.start({ handle, abandon: () => Promise.resolve(), gone: () => Promise.resolve([]) });
  expect(await ended).toMatchObject({ kind: "EVALUATE", sessionId, outcome, attempt: 0 });
  expect(told).toEqual(Array(errors).fill(thrown));
});
