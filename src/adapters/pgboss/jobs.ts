import { type ConstructorOptions, PgBoss } from "pg-boss";
import type { Job, JobKind } from "../../interview/events.ts";
import { type JobHandlers, type JobRunner, RetryLater } from "../../ports/jobs.ts";

const queue = "interview";

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
  /** Jobs run at once on this node. */
  concurrency: number;
  /** How long idle workers wait before they look by themselves, for when a wake-up got lost. */
  pollMs: number;
  retryLimit: number;
  onError(error: unknown, job: { kind: JobKind; sessionId: string } | null): void;
  onJob?(record: { kind: JobKind; outcome: "completed" | "failed"; waitedMs: number; ms: number }): void;
}

export interface JobQueue extends JobRunner {
  /** Installs what pg-boss needs; to be called before anything else. */
  open(): Promise<void>;
  /** The insert that enqueues jobs, for use inside the statement that stores their cause. */
  enqueueSql(jobs: Job[]): Promise<{ text: string; values: unknown[] }[]>;
  /** Jobs are waiting: look now. */
  wake(): void;
  /** Gives jobs back that a process which no longer lives had claimed. Only where no other worker can be alive. */
  reclaim(): Promise<void>;
  depth(): Promise<{ waiting: number; active: number }>;
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
    schedule: false,
  });
  boss.on("error", (error) => options.onError(error, null));

  let handlers: JobHandlers | null = null;
  let wanted = false;
  let pumping: Promise<void> | null = null;
  let poll: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const running = new Map<string, { abort: AbortController; done: Promise<void> }>();

  function wake(): void {
    wanted = true;
    if (handlers !== null) pumping ??= pump().finally(() => (pumping = null));
  }

  async function pump(): Promise<void> {
    while (wanted && handlers !== null && running.size < options.concurrency) {
      wanted = false;
      try {
        const free = options.concurrency - running.size;
        const claimed = await boss.fetch<Job>(queue, { batchSize: free, includeMetadata: true });
        for (const job of claimed) run(job);
        if (claimed.length === free) wanted = true;
      } catch (error) {
        options.onError(error, null);
        return;
      }
    }
  }

  function run(job: {
    id: string;
    data: Job;
    retryCount: number;
    retryLimit: number;
    createdOn: Date;
    startAfter: Date;
  }): void {
    const abort = new AbortController();
    const startedAt = performance.now();
    const waitedMs = Math.max(0, Date.now() - Math.max(job.createdOn.getTime(), job.startAfter.getTime()));
    const done = (async () => {
      let outcome: "completed" | "failed" = "completed";
      try {
        const handle = handlers![job.data.kind] as (data: Job, run: object) => Promise<void>;
        await handle(job.data, { signal: abort.signal, isLastTry: job.retryCount >= job.retryLimit });
        await boss.complete(queue, job.id);
      } catch (error) {
        outcome = "failed";
        if (!(error instanceof RetryLater)) options.onError(error, job.data);
        // The job row keeps no text of the error: it may quote what people wrote.
        await boss.fail(queue, job.id, { error: error instanceof Error ? error.name : "Error" }).catch((failure) => {
          options.onError(failure, job.data);
        });
      } finally {
        running.delete(job.id);
        const ms = performance.now() - startedAt;
        options.onJob?.({ kind: job.data.kind, outcome, waitedMs, ms });
        wake();
      }
    })();
    running.set(job.id, { abort, done });
  }

  return {
    async open() {
      await boss.start();
      await boss.createQueue(queue, {
        retryLimit: options.retryLimit,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 15,
        heartbeatSeconds: 10,
        expireInSeconds: 900,
        deleteAfterSeconds: 3600,
      });
    },

    async enqueueSql(jobs) {
      const fragments: { text: string; values: unknown[] }[] = [];
      await boss.insert(
        queue,
        jobs.map((job) => ({ data: job, priority: priorities[job.kind] })),
        {
          db: {
            async executeSql(text, values = []) {
              fragments.push({ text, values });
              return { rows: [] };
            },
          },
        },
      );
      return fragments;
    },

    wake,

    async start(jobHandlers) {
      handlers = jobHandlers;
      poll = setInterval(wake, options.pollMs);
      heartbeat = setInterval(() => {
        const ids = [...running.keys()];
        if (ids.length > 0) boss.touch(queue, ids).catch((error) => options.onError(error, null));
      }, 3_000);
      wake();
    },

    async stop(timeoutMs) {
      clearInterval(poll);
      handlers = null;
      await pumping;
      const all = Promise.allSettled([...running.values()].map(({ done }) => done));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
      await Promise.race([all, late]);
      clearTimeout(timer);
      for (const { abort } of running.values()) abort.abort();
      await all;
      clearInterval(heartbeat);
      await boss.stop({ graceful: false, close: true });
    },

    async reclaim() {
      const db = boss.getDb();
      const { rows } = await db.executeSql(
        `SELECT id FROM ${options.boss.schema ?? "pgboss"}.job WHERE name = $1 AND state = 'active'`,
        [queue],
      );
      if (rows.length > 0)
        await boss.fail(
          queue,
          rows.map((row: { id: string }) => row.id),
          { error: "Restart" },
        );
    },

    async depth() {
      const stats = await boss.getQueueStats(queue);
      const [latest] = Array.isArray(stats) ? stats.slice(-1) : [stats];
      return { waiting: latest?.queuedCount ?? 0, active: latest?.activeCount ?? 0 };
    },
  };
}
