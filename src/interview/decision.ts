import type { Job, SessionEvent } from "./events.ts";
import type { Report, Session } from "./model.ts";

/** What a rule decided: the state to come, what to tell and what work follows. Stored together or not at all. */
export interface Decision {
  session: Session;
  events: SessionEvent[];
  jobs: Job[];
  /** A report that has just been finished. */
  report?: Report;
}

/** What a rule takes from outside: the moment and fresh ids, so that the rule itself stays repeatable. */
export interface Moment {
  now: Date;
  newId(): string;
}

/** The rule looked and found nothing to do. */
export function unchanged(session: Session): Decision {
  return { session, events: [], jobs: [] };
}
