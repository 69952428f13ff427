import type { Failure } from "../interview/failures.ts";
import type { Session } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

/** Removes a session with everything that belongs to it; its jobs find nothing to do and its streams end. */
export async function deleteSession(deps: Deps, session: Session): Promise<{ deleted: true } | Failure> {
  const deleted = await deps.store.remove(session.id);
  if (deleted === null) return { type: "SessionNotFoundError" };
  deps.bus.publish([deleted]);
  return { deleted: true };
}
