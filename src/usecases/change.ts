import type { Decision, Moment } from "../interview/decision.ts";
import { type Failure, isFailure } from "../interview/failures.ts";
import type { Session } from "../interview/model.ts";
import type { Claim } from "../ports/jobs.ts";
import type { Deps } from "./deps.ts";

export type Rule = (session: Session, moment: Moment) => Decision | Failure;

/**
 * Loads a session, applies a rule, stores the decision and publishes its events. On a conflict with another writer it
 * decides again on the new state. Returns the state afterwards. A job passes its claim; several jobs that write
 * together pass all of theirs.
 */
export async function change(
  deps: Deps,
  sessionId: string,
  rule: Rule,
  ...claims: Claim[]
): Promise<Session | Failure> {
  // Usually nobody else writes: the session in memory is current, and a commit detects when it is not.
  let remembered = deps.store.recall(sessionId);
  for (;;) {
    const session = remembered ?? (await deps.store.load(sessionId));
    if (session === null) return { type: "SessionNotFoundError" };
    const decision = rule(session, momentOf(deps));
    if (isFailure(decision) || decision.session === session) {
      if (remembered === null) return isFailure(decision) ? decision : session;
      remembered = null;
      continue;
    }
    deps.reach("before-commit");
    const committed = await deps.store.commit(session, decision, claims);
    if (committed === "CONFLICT") {
      remembered = null;
      continue;
    }
    deps.reach("after-commit");
    // Publish first: people are waiting for these events.
    deps.bus.publish(committed.events, committed.change);
    if (decision.jobs.length > 0) deps.wakeWorkers();
    deps.reach("after-publish");
    return committed.session;
  }
}

export function momentOf(deps: Deps): Moment {
  return { now: deps.clock.now(), newId: () => deps.clock.newId() };
}
