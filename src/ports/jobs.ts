import type { Job, JobKind } from "../interview/events.ts";

/** Runs the work that commits enqueue: at least once, on any worker node. */
export interface JobRunner {
  start(handlers: JobHandlers): Promise<void>;
  /** Takes no new work; what runs is finished or released within the time. */
  stop(timeoutMs: number): Promise<void>;
}

/** What the queue adds to the statements of the store, so that a cause and its jobs are stored together. */
export interface JobSql {
  /** Jobs as they are to be enqueued: part of whatever is going on now. */
  stamp(jobs: Job[]): StampedJob[];
  /** SQL that enqueues jobs, to be run as part of the statement that stores their cause. */
  enqueueSql(jobs: StampedJob[]): Promise<SqlFragment[]>;
  /** The condition that claims are held, all of them; takes SQL for their jobs' ids and for their attempts. */
  heldSql(jobIds: string, attempts: string): string;
  /** Removes the jobs of a session ($1), waiting and ended; one at work is stopped by the next heartbeat. */
  readonly removeSql: string;
}

export interface StampedJob {
  data: Job & { traceparent?: string };
  priority: number;
}

export interface SqlFragment {
  text: string;
  values: unknown[];
}

export interface JobHandlers {
  handle: { [K in JobKind]: (job: Extract<Job, { kind: K }>, run: JobRun) => Promise<void> };
  /** The job cost its worker's life each time: what waits for it must not wait for ever. */
  abandon(job: Job, run: JobRun): Promise<void>;
  /** Those of the jobs under way that nobody needs any more: they are stopped. */
  needless(jobs: Job[]): Promise<Job[]>;
}

export interface JobRun {
  signal: AbortSignal;
  /** Who has the job: a worker that was replaced while it slept no longer holds it, and may not write. */
  claim: Claim;
  /** True when a failure of this run is not tried again. */
  isLastTry: boolean;
}

export interface Claim {
  jobId: string;
  attempt: number;
}

/** Another worker has the job by now, or nobody needs it any more: whatever this one found out is dropped. */
export class ClaimLost extends Error {
  constructor() {
    super("This job is another worker's by now, or nobody's.");
    this.name = "ClaimLost";
  }
}

/** Throw it to be tried again after a while. */
export class RetryLater extends Error {
  readonly afterMs: number | null;

  constructor(reason: string, afterMs: number | null, cause?: unknown) {
    super(reason, { cause });
    this.name = "RetryLater";
    this.afterMs = afterMs;
  }
}
