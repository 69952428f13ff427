import type { EventLog, LiveBus } from "../ports/events.ts";
import type { Reach } from "../ports/failpoints.ts";
import type { Interviewer } from "../ports/interviewer.ts";
import type { ReportRenderer } from "../ports/reportRenderer.ts";
import type { ResumeReader } from "../ports/resumeReader.ts";
import type { Store } from "../ports/store.ts";

/** What the use cases work with; built once, when the server starts. */
export interface Deps {
  store: Store;
  log: EventLog;
  bus: LiveBus;
  interviewer: Interviewer;
  /** Asks where the interviewer cannot; null where that is switched off. It never grades in another's stead. */
  fallback: Interviewer | null;
  renderer: ReportRenderer;
  resumeReader: ResumeReader;
  clock: Clock;
  /** Jobs were committed: workers should look. */
  wakeWorkers(): void;
  /** Somebody was refused because a ceiling on the language model was reached. */
  onBudgetSpent(): void;
  /** Aborted when the process is about to stop. */
  stopping: AbortSignal;
  /** For fault tests: nothing happens here otherwise. */
  reach: Reach;
  settings: {
    followUps: number;
    waitLimitMs: number;
    evaluationBatchSize: number;
    /** Batches become smaller where so many of them can be scored at once; null: they do not. */
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

/** Ceilings on what the language model may be asked on one day (UTC); null: none. */
export interface Budget {
  callsPerOwner: number | null;
  tokensPerOwner: number | null;
  callsInAll: number | null;
  tokensInAll: number | null;
}
