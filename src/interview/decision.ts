import type { Job, SessionEvent } from "./events.ts";
import type { Report, Session } from "./model.ts";

/** A rule's decision: the new state, the events to publish and the jobs that follow. Stored together or not at all. */
export interface Decision {
  session: Session;
  events: SessionEvent[];
  jobs: Job[];
  /** A report that has just been finished. */
  report?: Report;
}

/** What a rule needs from outside, so that it is deterministic. */
export interface Moment {
  now: Date;
  newId(): string;
}

/** The rule found nothing to do. */
export function unchanged(session: Session): Decision {
  return { session, events: [], jobs: [] };
}
