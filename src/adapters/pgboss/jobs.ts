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
import { createWorkers, workers } from "./workers.ts";

const queue = "interview";
/** The dead letter queue of jobs that have used up all retries. */
const abandoned = "interview_abandoned";
/** With so many deaths of workers, a job is a suspect whatever else kills them. */
const maxExcused = 10;
/** The longest wait within a job at a provider's request. */
const patienceMs = 20_000;
/** Without a heartbeat for so long, a worker is taken for dead. */
const heartbeatSeconds = 10;

/** What a candidate waits for comes first. */
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
  /** Runs frequent statements, prepared if the database allows it. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Concurrent jobs on this node. */
  concurrency: number;
  /** The polling interval, for when a wake-up was lost. */
  pollMs: number;
  /** How often a job is retried after it failed. */
  retries: number;
  /** Checks every second for jobs whose worker has died; false if other nodes do. */
  supervises: boolean;
  onError(error: unknown, job: { kind: JobKind; sessionId: string } | null): void;
  onJob?(record: JobRecord): void;
  /** Traces requests into the jobs they cause. */
  tracer?: Tracer | null;
}

export interface JobRecord {
  kind: JobKind;
  sessionId: string;
  /** lost: another worker had taken over, and this one's result was dropped. */
  outcome: "completed" | "failed" | "lost";
  /** Incremented each time the job is started. */
  attempt: number;
  waitedMs: number;
  ms: number;
}

export interface JobQueue extends JobRunner, JobSql {
  /** Creates pg-boss' schema; to be called first. */
  open(): Promise<void>;
  /** Looks for waiting jobs now. */
  wake(): void;
  /** Releases the jobs of a process that has died. Only if no other worker can be alive. */
  reclaim(): Promise<void>;
  /** The number of waiting and active jobs, and for how long the oldest waiting one has been due. */
  depth(): Promise<{ waiting: number; active: number; oldestMs: number }>;
}

/**
 * pg-boss stores jobs, claims, retries, heartbeats and dead letters. The loop is ours, because a single claim for all
 * free slots makes the pick-up fast under bursts.
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
  /** How many workers a suspect may kill. A person restarts a lone server, and may have killed it. */
  const maxKills = options.boss.backend === "pglite" ? 4 : 1;
  const addFacts = `UPDATE ${table} SET data = data || $4::text::jsonb
    WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3 RETURNING id`;
  const { showLife, signOff, deathsSince, forgetDeaths } = createWorkers(options.query, table, heartbeatSeconds);
  const db = {
    async executeSql(text: string, values?: unknown[]) {
      return { rows: await options.query<Record<string, unknown>>(text, values) };
    },
  };
  let handlers: JobHandlers | null = null;
  let wanted = false;
  /** Abandoned jobs are rare: only polling looks for them, wake-ups do not. */
  let sweep = false;
  let isPumping = false;
  let pumped: Promise<void> = Promise.resolve();
  let poll: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  /** The end of the last of the suspects that are queued to run. */
  let suspects: Promise<void> = Promise.resolve();
  /** Runs of jobs between their claim and the storing of their outcome: of one that was taken for dead, several. */
  const held = new Set<{ name: string; claim: Claim; data: Job; abort: AbortController; done: Promise<void> }>();
  /** Those of them that are running. */
  let busy = 0;
  /** Aborted when the node stops: jobs no longer wait here for a provider. */
  const leaving = new AbortController();
  const completion = createBatcher<{ id: string; retryCount: number; name: string }>(complete);

  function wake(): void {
    wanted = true;
    if (handlers !== null && !isPumping) pumped = pump();
  }

  /** Continues if there was no free slot. Otherwise the last claim got every job, and new ones send a wake-up. */
  function resume(): void {
    if (wanted) wake();
  }

  /** Ends in the same tick in which it stops looking: a wake-up after that starts it anew. */
  async function pump(): Promise<void> {
    isPumping = true;
    try {
      while (wanted && handlers !== null) {
        // If stop() is called meanwhile it waits for the claimed jobs, which are run as usual.
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
    for (const earlier of held) if (earlier.claim.jobId === job.id) earlier.abort.abort(new ClaimLost());
    const abort = new AbortController();
    const jobRun = { signal: abort.signal, claim, isLastTry: (job.data.released ?? 0) >= options.retries };
    const done = attempt(job, jobRun, own).finally(() => {
      held.delete(running);
      resume();
    });
    const running = { name: job.name, claim, data: job.data, abort, done };
    held.add(running);
  }

  async function attempt(job: ClaimedJob, jobRun: JobRun, own: JobHandlers): Promise<void> {
    const { released = 0, kills = 0 } = job.data;
    const startedAt = performance.now();
    const waitedMs = Math.max(0, Date.now() - Math.max(job.createdOn.getTime(), job.startAfter.getTime()));
    // With the attempt, so that a job which another worker has by now is not touched.
    const mine = { id: job.id, retryCount: job.retryCount };
    let leave = place();
    let outcome: JobRecord["outcome"] = "completed";
    try {
      const handle = own.handle[job.data.kind] as (data: Job, run: JobRun) => Promise<void>;
      const verdict = await judge(job);
      const work = (): Promise<void> =>
        verdict === "abandoned" ? own.abandon(job.data, jobRun) : handle(job.data, jobRun);
      const complete = async (): Promise<void> => {
        await traced(job, work);
        leave();
        await completion.add({ ...mine, name: job.name });
      };
      if (verdict === "suspect") {
        // What waits for its turn takes no slot. The next one begins when this one's outcome is stored, or else its death
        // would count against this one.
        leave();
        await afterOtherSuspects(async () => {
          jobRun.signal.throwIfAborted();
          leave = place();
          if (!(await note(job, { kills: kills + 1 }))) throw new ClaimLost();
          await complete();
        });
      } else await complete();
    } catch (error) {
      outcome = error instanceof ClaimLost ? "lost" : "failed";
      if (!(error instanceof RetryLater || error instanceof ClaimLost)) options.onError(error, job.data);
      if (error instanceof RetryLater && error.afterMs !== null) {
        await waitFor(error.afterMs, AbortSignal.any([jobRun.signal, leaving.signal]));
      }
      // The job's row stores no error text: it may quote what people wrote.
      const name = error instanceof Error ? error.name : "Error";
      await release(job, async () => {
        await note(job, { released: released + 1, kills });
        await boss.fail(job.name, mine, { error: name });
      });
    } finally {
      leave();
    }
    const { kind, sessionId } = job.data;
    options.onJob?.({ kind, sessionId, attempt: job.retryCount, outcome, waitedMs, ms: performance.now() - startedAt });
  }

  /**
   * The death of a worker may have any cause, and many jobs are there. One that was there twice runs with no other such
   * job beside it, and only deaths while it ran so count. It is no suspect if several workers died without it: then
   * something else kills them.
   */
  async function judge({ name, data, retryCount, createdOn }: ClaimedJob): Promise<Verdict> {
    const { released = 0, kills = 0 } = data;
    const deaths = retryCount - released;
    if (name === abandoned || released > options.retries) return "abandoned";
    if (deaths < 2) return "fit";
    if (deaths < maxExcused && (await deathsSince(createdOn)) > deaths + 1) return "fit";
    if (kills < maxKills) return "suspect";
    // These deaths are explained, and no longer speak for other suspects.
    await forgetDeaths();
    return "abandoned";
  }

  /** Returns whether this worker still has the job. */
  async function note({ name, id, retryCount }: ClaimedJob, facts: Facts): Promise<boolean> {
    const rows = await options.query(addFacts, [name, id, retryCount, JSON.stringify(facts)]);
    return rows.length > 0;
  }

  async function afterOtherSuspects(work: () => Promise<void>): Promise<void> {
    const others = suspects;
    const { promise, resolve } = Promise.withResolvers<void>();
    suspects = promise;
    try {
      await others;
      await work();
    } finally {
      resolve();
    }
  }

  function traced({ data, retryCount }: ClaimedJob, work: () => Promise<void>): Promise<void> {
    if (!options.tracer) return work();
    const facts = { "session.id": data.sessionId, "job.attempt": retryCount };
    return options.tracer.span(`job ${data.kind}`, facts, work, data.traceparent);
  }

  /** Occupies a slot and returns how to free it. Slots freed together are refilled by one claim. */
  function place(): () => void {
    let inside = true;
    busy++;
    return () => {
      if (inside) busy--;
      if (inside) setImmediate(resume);
      inside = false;
    };
  }

  /** Sends heartbeats for this worker and its running jobs, and stops those that are no longer needed. */
  async function sendHeartbeats({ obsolete }: JobHandlers): Promise<void> {
    await showLife();
    const all = [...held];
    if (all.length === 0) return;
    for (const [name, same] of Map.groupBy(all, (job) => job.name)) {
      await boss.touch(
        name,
        same.map(({ claim }) => ({ id: claim.jobId, retryCount: claim.attempt })),
      );
    }
    const stopped = new Set(await obsolete(all.map(({ data }) => data)));
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

  /**
   * Retries while the database is unavailable, which may be why the job failed: a late release is sooner than the
   * heartbeat timeout.
   */
  async function release(job: ClaimedJob, fail: () => Promise<unknown>): Promise<void> {
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
        // Failures and deaths have limits of their own.
        retryLimit: 100,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 15,
        heartbeatSeconds,
        expireInSeconds: 900,
        deleteAfterSeconds: 3600,
        // A partition has only the indexes of its own policy, which halves the cost of writing a job.
        partition: true,
      };
      await boss.createQueue(abandoned, policy);
      await boss.createQueue(queue, { ...policy, deadLetter: abandoned });
      await boss.createQueue(workers, { deleteAfterSeconds: 3600 });
      // An older version may have created it.
      await boss.updateQueue(queue, { retryLimit: policy.retryLimit });
      // For deleting a session's jobs. Locked, because nodes that start together would conflict.
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
      await showLife();
      handlers = jobHandlers;
      poll = setInterval(() => {
        sweep = true;
        wake();
      }, options.pollMs);
      heartbeat = setInterval(() => {
        sendHeartbeats(jobHandlers).catch((error) => options.onError(error, null));
      }, 3_000);
      wake();
    },

    async stop(timeoutMs) {
      clearInterval(poll);
      handlers = null;
      leaving.abort();
      await pumped;
      const all = Promise.allSettled([...held].map(({ done }) => done));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
      await Promise.race([all, late]);
      clearTimeout(timer);
      for (const { abort } of held) abort.abort();
      await all;
      clearInterval(heartbeat);
      await signOff().catch((error) => options.onError(error, null));
      await boss.stop({ graceful: false, close: true });
    },

    async reclaim() {
      const db = boss.getDb();
      for (const name of [queue, workers]) {
        const { rows } = await db.executeSql(`SELECT id FROM ${table} WHERE name = $1 AND state = 'active'`, [name]);
        const ids = rows.map((row: { id: string }) => row.id);
        if (ids.length === 0) continue;
        await boss.fail(name, ids, { error: "Restart" });
        // The restart took its time: there is nothing more to wait for.
        await db.executeSql(`UPDATE ${table} SET start_after = now() WHERE name = $1 AND id = ANY($2::uuid[])`, [
          name,
          ids,
        ]);
      }
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

/** A power of two, so that there are few different statements, which stay prepared. */
function sizeOfClaim(free: number): number {
  return 2 ** Math.floor(Math.log2(free));
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(ms, patienceMs), undefined, { signal }).catch(() => {});
}

type Verdict = "fit" | "suspect" | "abandoned";

/** What a job's row says about its earlier tries. */
interface Facts {
  /** How many of them their workers ended themselves: pg-boss counts these and the deaths together. */
  released?: number;
  /** How many of them ended with the death of the worker while no other suspect ran beside it. */
  kills?: number;
}

interface ClaimedJob {
  id: string;
  name: string;
  /** With the trace that it belongs to, if tracing is on. */
  data: Job & Facts & { traceparent?: string };
  retryCount: number;
  createdOn: Date;
  startAfter: Date;
}
