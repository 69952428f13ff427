import { setTimeout as delay } from "node:timers/promises";
import { type ConstructorOptions, PgBoss } from "pg-boss";
import type { Job, JobKind } from "../../interview/events.ts";
import {
  type Claim,
  ClaimLost,
  type JobHandlers,
  type JobRun,
  type JobRunner,
  type JobSql,
  RetryLater,
  type SqlFragment,
} from "../../ports/jobs.ts";
import type { Tracer } from "../../ports/tracer.ts";
import { createBatcher } from "../../shared/batcher.ts";

const queue = "interview";
/** Jobs that cost their worker's life each time. */
const abandoned = "interview_abandoned";
/** Workers that one job may cost. */
const lifeLimit = 3;
/** The longest that a job waits in its place because a provider asked for it. */
const patienceMs = 20_000;

/** What the candidate waits for goes first. */
const priorities: Record<JobKind, number> = {
  WRITE_QUESTION: 10,
  PREPARE_QUESTIONS: 9,
  SUMMARIZE: 7,
  EVALUATE: 6,
  SCORE_ANSWERS: 5,
  PRINT_REPORT: 1,
};

export interface JobQueueOptions {
  boss: ConstructorOptions;
  /** Runs what is asked for often, prepared where the database allows it. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Jobs run at once on this node. */
  concurrency: number;
  /** How long idle workers wait before they look by themselves, for when a wake-up got lost. */
  pollMs: number;
  /** How often a job is begun again after it failed or its worker died. */
  retries: number;
  /** Looks each second for jobs whose worker has died; false where others do. */
  supervises: boolean;
  onError(error: unknown, job: { kind: JobKind; sessionId: string } | null): void;
  onJob?(record: JobRecord): void;
  /** Follows a request into the jobs that it causes. */
  tracer?: Tracer | null;
}

export interface JobRecord {
  kind: JobKind;
  sessionId: string;
  /** lost: another worker had it by then, and what this one found was dropped. */
  outcome: "completed" | "failed" | "lost";
  /** Grows with each time that the job is begun again. */
  attempt: number;
  waitedMs: number;
  ms: number;
}

export interface JobQueue extends JobRunner, JobSql {
  /** Installs what pg-boss needs; to be called before anything else. */
  open(): Promise<void>;
  /** Jobs are waiting: look now. */
  wake(): void;
  /** Gives jobs back that a process which no longer lives had claimed. Only where no other worker can be alive. */
  reclaim(): Promise<void>;
  /** How much waits and runs, and how long what has waited longest has been due. */
  depth(): Promise<{ waiting: number; active: number; oldestMs: number }>;
}

/**
 * pg-boss keeps the jobs: claims, retries, heartbeats, dead letters. The loop is ours, because one claim for all free
 * places at once is what makes the pick-up quick under bursts.
 */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const boss = new PgBoss({
    ...options.boss,
    monitorIntervalSeconds: 1,
    superviseIntervalSeconds: 1,
    supervise: options.supervises,
    schedule: false,
  });
  boss.on("error", (error) => options.onError(error, null));

  const schema = options.boss.schema ?? "pgboss";
  const table = `${schema}.job`;
  const db = {
    async executeSql(text: string, values?: unknown[]) {
      return { rows: await options.query<Record<string, unknown>>(text, values) };
    },
  };
  let handlers: JobHandlers | null = null;
  let wanted = false;
  /** Abandoned jobs are rare: the poll looks for them, not each wake-up. */
  let sweep = false;
  let isPumping = false;
  let pumped: Promise<void> = Promise.resolve();
  let poll: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  /** Jobs from their claim until their end is stored. */
  const held = new Map<
    string,
    { name: string; claim: Claim; data: Job; abort: AbortController; done: Promise<void> }
  >();
  /** Those among them that are at work. */
  let busy = 0;
  /** The node is to go: nobody waits here any longer for a provider's sake. */
  const leaving = new AbortController();
  const completion = createBatcher<{ id: string; retryCount: number; name: string }>(complete);

  function wake(): void {
    wanted = true;
    if (handlers !== null && !isPumping) pumped = pump();
  }

  /** Goes on where there was no room for more. Otherwise the last look has found all there was, and others will wake. */
  function resume(): void {
    if (wanted) wake();
  }

  /** Over in the very step in which it stops looking: whoever wakes it a step later begins it anew. */
  async function pump(): Promise<void> {
    isPumping = true;
    try {
      while (wanted && handlers !== null) {
        // Whoever stops meanwhile waits for what is claimed by then: it is done as any other work is.
        const own = handlers;
        const free = Math.min(options.concurrency - busy, 2 * options.concurrency - held.size);
        if (free <= 0) return;
        wanted = false;
        const size = sizeOfClaim(free);
        const claimed = await claim(queue, size);
        if (claimed.length === size) wanted = true;
        else if (sweep) {
          sweep = false;
          claimed.push(...(await claim(abandoned, sizeOfClaim(free - claimed.length))));
        }
        for (const job of claimed) run(job, own);
      }
    } catch (error) {
      wanted = true;
      options.onError(error, null);
    } finally {
      isPumping = false;
    }
  }

  function claim(name: string, batchSize: number): Promise<ClaimedJob[]> {
    return boss.fetch<Job>(name, { batchSize, includeMetadata: true, db });
  }

  function run(job: ClaimedJob, own: JobHandlers): void {
    const claim: Claim = { jobId: job.id, attempt: job.retryCount };
    const abort = new AbortController();
    const jobRun = { signal: abort.signal, claim, isLastTry: job.retryCount >= options.retries };
    const done = attempt(job, jobRun, own).finally(() => {
      held.delete(job.id);
      resume();
    });
    held.set(job.id, { name: job.name, claim, data: job.data, abort, done });
  }

  async function attempt(job: ClaimedJob, jobRun: JobRun, own: JobHandlers): Promise<void> {
    const isAbandoned = job.name === abandoned || (job.retryCount >= lifeLimit && diedBefore(job));
    const startedAt = performance.now();
    const waitedMs = Math.max(0, Date.now() - Math.max(job.createdOn.getTime(), job.startAfter.getTime()));
    // Named with its attempt, a job that another worker has by now is left alone.
    const mine = { id: job.id, retryCount: job.retryCount };
    const leave = place();
    let outcome: JobRecord["outcome"] = "completed";
    try {
      const handle = own.handle[job.data.kind] as (data: Job, run: JobRun) => Promise<void>;
      const work = (): Promise<void> => (isAbandoned ? own.abandon(job.data, jobRun) : handle(job.data, jobRun));
      await traced(job, work);
      leave();
      await completion.add({ ...mine, name: job.name });
    } catch (error) {
      outcome = error instanceof ClaimLost ? "lost" : "failed";
      if (!(error instanceof RetryLater || error instanceof ClaimLost)) options.onError(error, job.data);
      if (error instanceof RetryLater && error.afterMs !== null) {
        await waitFor(error.afterMs, AbortSignal.any([jobRun.signal, leaving.signal]));
      }
      // The job row keeps no text of the error: it may quote what people wrote.
      const name = error instanceof Error ? error.name : "Error";
      await giveBack(job, () => boss.fail(job.name, mine, { error: name }));
    } finally {
      leave();
    }
    const { kind, sessionId } = job.data;
    options.onJob?.({ kind, sessionId, attempt: job.retryCount, outcome, waitedMs, ms: performance.now() - startedAt });
  }

  function traced({ data, retryCount }: ClaimedJob, work: () => Promise<void>): Promise<void> {
    if (!options.tracer) return work();
    const facts = { "session.id": data.sessionId, "job.attempt": retryCount };
    return options.tracer.span(`job ${data.kind}`, facts, work, data.traceparent);
  }

  /** Takes a place and returns how to leave it. Jobs that end together are followed by one claim for their places. */
  function place(): () => void {
    let inside = true;
    busy++;
    return () => {
      if (inside) busy--;
      if (inside) setImmediate(resume);
      inside = false;
    };
  }

  /** Keeps the claims of what is at work here, and stops what nobody needs any more. */
  async function beat({ needless }: JobHandlers): Promise<void> {
    const all = [...held.values()];
    if (all.length === 0) return;
    for (const [name, same] of Map.groupBy(all, (job) => job.name)) {
      await boss.touch(
        name,
        same.map(({ claim }) => ({ id: claim.jobId, retryCount: claim.attempt })),
      );
    }
    const stopped = new Set(await needless(all.map(({ data }) => data)));
    for (const { data, abort } of all) if (stopped.has(data)) abort.abort(new ClaimLost());
  }

  async function complete(jobs: { id: string; retryCount: number; name: string }[]): Promise<void> {
    for (const [name, ended] of Map.groupBy(jobs, (job) => job.name)) {
      await boss.complete(
        name,
        ended.map(({ id, retryCount }) => ({ id, retryCount })),
        null,
        { db },
      );
    }
  }

  /** The database may be away, which may be why the job failed: given back late is sooner than found dead. */
  async function giveBack(job: ClaimedJob, fail: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await fail();
        return;
      } catch (error) {
        if (tries === 10) return options.onError(error, job.data);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  return {
    async open() {
      await boss.start();
      const policy = {
        retryLimit: options.retries,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 15,
        heartbeatSeconds: 10,
        expireInSeconds: 900,
        deleteAfterSeconds: 3600,
        // A table of its own has the indexes of its own policy only: each write of a job costs half.
        partition: true,
      };
      await boss.createQueue(abandoned, policy);
      await boss.createQueue(queue, { ...policy, deadLetter: abandoned });
      // A deleted session takes its jobs along: they have to be found.
      // Nodes that start together would trip over one another.
      await boss.getDb().executeSql(
        `DO $$ BEGIN
           PERFORM pg_advisory_xact_lock(7240114);
           DROP INDEX IF EXISTS ${schema}.job_session;
           CREATE INDEX IF NOT EXISTS job_of_session ON ${table} ((data->>'sessionId')) WHERE state <> 'active';
         END $$`,
      );
    },

    async enqueueSql(jobs) {
      const fragments: SqlFragment[] = [];
      await boss.insert(queue, jobs, {
        db: {
          async executeSql(text, values = []) {
            fragments.push({ text, values });
            return { rows: [] };
          },
        },
      });
      return fragments;
    },

    stamp(jobs) {
      const traceparent = options.tracer?.current();
      return jobs.map((job) => ({
        data: traceparent ? { ...job, traceparent } : job,
        priority: priorities[job.kind],
      }));
    },

    heldSql: (jobIds, attempts) =>
      `(SELECT bool_and(EXISTS (SELECT 1 FROM ${table} WHERE name IN ('${queue}', '${abandoned}') AND id = job_id
        AND state = 'active' AND retry_count = attempt)) FROM unnest(${jobIds}, ${attempts}) AS claim (job_id, attempt))`,

    removeSql: `DELETE FROM ${table} WHERE data->>'sessionId' = $1::text AND state <> 'active'`,

    wake,

    async start(jobHandlers) {
      handlers = jobHandlers;
      poll = setInterval(() => {
        sweep = true;
        wake();
      }, options.pollMs);
      heartbeat = setInterval(() => {
        beat(jobHandlers).catch((error) => options.onError(error, null));
      }, 3_000);
      wake();
    },

    async stop(timeoutMs) {
      clearInterval(poll);
      handlers = null;
      leaving.abort();
      await pumped;
      const all = Promise.allSettled([...held.values()].map(({ done }) => done));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
      await Promise.race([all, late]);
      clearTimeout(timer);
      for (const { abort } of held.values()) abort.abort();
      await all;
      clearInterval(heartbeat);
      await boss.stop({ graceful: false, close: true });
    },

    async reclaim() {
      const db = boss.getDb();
      const { rows } = await db.executeSql(`SELECT id FROM ${table} WHERE name = $1 AND state = 'active'`, [queue]);
      if (rows.length > 0)
        await boss.fail(
          queue,
          rows.map((row: { id: string }) => row.id),
          { error: "Restart" },
        );
    },

    async depth() {
      const { rows } = await boss.getDb().executeSql(
        `SELECT count(*) FILTER (WHERE state < 'active' AND start_after <= now())::int AS waiting,
           count(*) FILTER (WHERE state = 'active')::int AS active,
           coalesce(extract(epoch FROM now() - min(start_after) FILTER (WHERE state < 'active' AND start_after <= now())), 0)
             ::float8 * 1000 AS "oldestMs"
         FROM ${table} WHERE name = $1 AND state <= 'active'`,
        [queue],
      );
      return rows[0];
    },
  };
}

/** A power of two, so that the statements of claims are few and stay prepared. */
function sizeOfClaim(free: number): number {
  return 2 ** Math.floor(Math.log2(free));
}

/** pg-boss' own words for a worker that was found dead. */
function diedBefore({ output }: ClaimedJob): boolean {
  return /heartbeat|expired|timed out/i.test(JSON.stringify(output ?? ""));
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(ms, patienceMs), undefined, { signal }).catch(() => {});
}

interface ClaimedJob {
  output?: unknown;
  id: string;
  name: string;
  /** With the step of a trace that it follows from, where traces are kept. */
  data: Job & { traceparent?: string };
  retryCount: number;
  createdOn: Date;
  startAfter: Date;
}
