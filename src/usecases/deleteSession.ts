import type { Failure } from "../interview/failures.ts";
import type { Session } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

/** Removes a session with all that belongs to it; its jobs find nothing and its watchers' streams end. */
export async function deleteSession(deps: Deps, session: Session): Promise<{ deleted: true } | Failure> {
  if (!(await deps.store.remove(session.id))) return { type: "SessionNotFoundError" };
  deps.bus.publish([
    {
      kind: "SessionDeleted",
      sessionId: session.id,
      ownerId: session.ownerId,
      seq: session.seq + 1,
      occurredAt: deps.clock.now(),
    },
  ]);
  return { deleted: true };
}
