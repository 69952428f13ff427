import type { Job, JobKind } from "../interview/events.ts";

/** Runs the work that commits enqueue: at least once, on any worker node. */
export interface JobRunner {
  start(handlers: JobHandlers): Promise<void>;
  /** Takes no new work; what runs is finished or released within the time. */
  stop(timeoutMs: number): Promise<void>;
}

export interface JobHandlers {
  handle: { [K in JobKind]: (job: Extract<Job, { kind: K }>, run: JobRun) => Promise<void> };
  /** The job cost its worker's life each time: what waits for it must not wait for ever. */
  abandon(job: Job, run: JobRun): Promise<void>;
  /** Those of the sessions that are not there any more: work on them is stopped. */
  gone(sessionIds: string[]): Promise<string[]>;
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

/** Another worker has the job by now, or its session is deleted: whatever this one found out is dropped. */
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
