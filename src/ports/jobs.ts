import type { Job, JobKind } from "../interview/events.ts";

/** Runs the work that commits enqueue: at least once, on any worker node. */
export interface JobRunner {
  start(handlers: JobHandlers): Promise<void>;
  /** Takes no new work; what runs is finished or released within the time. */
  stop(timeoutMs: number): Promise<void>;
}

export type JobHandlers = { [K in JobKind]: (job: Extract<Job, { kind: K }>, run: JobRun) => Promise<void> };

export interface JobRun {
  signal: AbortSignal;
  /** True when a failure of this run is not tried again. */
  isLastTry: boolean;
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
