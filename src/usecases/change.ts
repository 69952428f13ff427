import type { Decision, Moment } from "../interview/decision.ts";
import { type Failure, isFailure } from "../interview/failures.ts";
import type { Session } from "../interview/model.ts";
import type { Claim } from "../ports/jobs.ts";
import type { Deps } from "./deps.ts";

export type Rule = (session: Session, moment: Moment) => Decision | Failure;

/**
 * Loads a session, lets a rule decide, stores the decision and tells watchers. When somebody else has written in the
 * meantime, it decides again on the new state. The result is the state afterwards. A job names its claim, several that
 * write together name theirs.
 */
export async function change(
  deps: Deps,
  sessionId: string,
  rule: Rule,
  ...claims: Claim[]
): Promise<Session | Failure> {
  // Most often nobody else writes: what is remembered will do, and storing tells when it does not.
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
    // Whoever watches first: people wait there.
    deps.bus.publish(committed.events, committed.change);
    if (decision.jobs.length > 0) deps.wakeWorkers();
    deps.reach("after-publish");
    return committed.session;
  }
}

export function momentOf(deps: Deps): Moment {
  return { now: deps.clock.now(), newId: () => deps.clock.newId() };
}
