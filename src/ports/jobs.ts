import type { Job, JobKind } from "../interview/events.ts";

/** Runs the jobs that commits enqueue: each at least once, on any worker node. */
export interface JobRunner {
  start(handlers: JobHandlers): Promise<void>;
  /** Takes no new jobs; running ones are finished or released within the time. */
  stop(timeoutMs: number): Promise<void>;
}

/** SQL that the queue adds to the store's statements, so that a change and its jobs are stored together. */
export interface JobSql {
  /** Gives jobs that are to be enqueued their priority and the current trace. */
  stamp(jobs: Job[]): StampedJob[];
  /** SQL that enqueues jobs, to be run within the statement that stores the change. */
  enqueueSql(jobs: StampedJob[]): Promise<SqlFragment[]>;
  /** The SQL condition that all of some claims are held, given SQL for their job ids and attempts. */
  heldSql(jobIds: string, attempts: string): string;
  /** SQL that removes the jobs of session $1, except running ones, which the next heartbeat stops. */
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
  /** The job has repeatedly killed its worker: records the failure, so that nothing waits for it for ever. */
  abandon(job: Job, run: JobRun): Promise<void>;
  /** Those of the running jobs whose result is no longer needed: they are stopped. */
  obsolete(jobs: Job[]): Promise<Job[]>;
}

export interface JobRun {
  signal: AbortSignal;
  /** Proves that this worker still has the job: one that was replaced while it was frozen may no longer write. */
  claim: Claim;
  /** Whether a failure of this run is final. */
  isLastTry: boolean;
}

export interface Claim {
  jobId: string;
  attempt: number;
}

/** Another worker has taken the job over, or it is no longer needed: this one's result is dropped. */
export class ClaimLost extends Error {
  constructor() {
    super("This job is another worker's by now, or nobody's.");
    this.name = "ClaimLost";
  }
}

/** Thrown by a job to be retried later. */
export class RetryLater extends Error {
  readonly afterMs: number | null;

  constructor(reason: string, afterMs: number | null, cause?: unknown) {
    super(reason, { cause });
    this.name = "RetryLater";
    this.afterMs = afterMs;
  }
}
