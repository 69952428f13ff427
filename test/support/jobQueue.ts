import { onTestFinished } from "vitest";
import { createJobQueue, type JobQueue, type JobQueueOptions } from "../../src/adapters/pgboss/jobs.ts";
import type { Database } from "../../src/adapters/postgres/database.ts";

/** A database's queue for one test: jobs are stored in it, and nobody does them unless it is started. */
export async function openJobQueue(database: Database, options: Partial<JobQueueOptions> = {}): Promise<JobQueue> {
  const jobs = createJobQueue({
    boss: { ...database.boss, schema: "pgboss" },
    query: database.query,
    concurrency: 1,
    pollMs: 60_000,
    retries: 5,
    supervises: true,
    onError() {},
    ...options,
  });
  onTestFinished(() => jobs.stop(0));
  await jobs.open();
  return jobs;
}
