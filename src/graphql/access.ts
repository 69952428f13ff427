import type { Session } from "../interview/model.ts";
import type { Context, Viewer } from "./context.ts";
import { graphqlError } from "./errors.ts";

/** Reviewers and admins read everything; everybody else their own. What may not be seen looks like what is not there. */
export function maySee(viewer: Viewer, ownerId: string): boolean {
  return viewer.role !== "CANDIDATE" || viewer.id === ownerId;
}

/** A session to be read, by its global id: the viewer's own, for reviewers and admins anybody's. */
export async function visibleSession(context: Context, id: string): Promise<Session | null> {
  return ifVisible(context, await context.sessions.byGlobalId(id));
}

/** A session to be changed: as a candidate one's own, as an admin anybody's. A reviewer is refused. */
export async function changeableSession(context: Context, id: string): Promise<Session | null> {
  requireWriter(context);
  return visibleSession(context, id);
}

/** The id of such a session. Whose it is never changes; whether it is still there is told when it is changed. */
export async function changeableSessionId(context: Context, id: string): Promise<string | null> {
  requireWriter(context);
  return ifVisible(context, await context.sessions.recallByGlobalId(id))?.id ?? null;
}

export function ifVisible({ viewer }: Context, session: Session | null): Session | null {
  return session !== null && maySee(viewer, session.ownerId) ? session : null;
}

/**
 * A reviewer reads everything and changes nothing. Mutations that look for no session, or that count or check something
 * before they do, begin with it.
 */
export function requireWriter({ viewer }: Context): void {
  if (viewer.role === "REVIEWER") throw graphqlError("FORBIDDEN", "A reviewer cannot change anything");
}
