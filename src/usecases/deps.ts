import type { EventLog, LiveBus } from "../ports/events.ts";
import type { Reach } from "../ports/failpoints.ts";
import type { Interviewer } from "../ports/interviewer.ts";
import type { ReportRenderer } from "../ports/reportRenderer.ts";
import type { ResumeReader } from "../ports/resumeReader.ts";
import type { Store } from "../ports/store.ts";

/** What the use cases depend on; built once at the start. */
export interface Deps {
  store: Store;
  log: EventLog;
  bus: LiveBus;
  interviewer: Interviewer;
  /** Asks when the interviewer cannot; null if switched off. It never grades in place of another. */
  fallback: Interviewer | null;
  renderer: ReportRenderer;
  resumeReader: ResumeReader;
  clock: Clock;
  /** Wakes workers after jobs were committed. */
  wakeWorkers(): void;
  /** A request was refused because a model budget was used up. */
  onBudgetSpent(): void;
  /** Aborted when the process is about to stop. */
  stopping: AbortSignal;
  /** For fault tests; does nothing otherwise. */
  reach: Reach;
  settings: {
    followUps: number;
    waitLimitMs: number;
    evaluationBatchSize: number;
    /** Makes batches smaller if so many of them can then be scored at once; null: fixed size. */
    evaluationPlaces: number | null;
    evaluationEager: boolean;
    /** null without a language model. */
    budget: Budget | null;
  };
}

export interface Clock {
  now(): Date;
  newId(): string;
}

/** Limits on language model usage per day (UTC); null: none. */
export interface Budget {
  callsPerOwner: number | null;
  tokensPerOwner: number | null;
  callsInAll: number | null;
  tokensInAll: number | null;
}
