import type { Session } from "../interview/model.ts";
import type { Context, Viewer } from "./context.ts";
import { graphqlError } from "./errors.ts";

/**
 * Reviewers and admins may read everything, everybody else their own. What a viewer may not see looks as if it did not
 * exist.
 */
export function maySee(viewer: Viewer, ownerId: string): boolean {
  return viewer.role !== "CANDIDATE" || viewer.id === ownerId;
}

/** A session for reading, by its global id: the viewer's own, for reviewers and admins anybody's. */
export async function visibleSession(context: Context, id: string): Promise<Session | null> {
  return ifVisible(context, await context.sessions.byGlobalId(id));
}

/** A session for changing: for candidates their own, for admins anybody's. Throws for reviewers. */
export async function changeableSession(context: Context, id: string): Promise<Session | null> {
  requireWriter(context);
  return visibleSession(context, id);
}

/**
 * The id of such a session, possibly from memory: its owner never changes, and the use case finds out whether it still
 * exists.
 */
export async function changeableSessionId(context: Context, id: string): Promise<string | null> {
  requireWriter(context);
  return ifVisible(context, await context.sessions.recallByGlobalId(id))?.id ?? null;
}

export function ifVisible({ viewer }: Context, session: Session | null): Session | null {
  return session !== null && maySee(viewer, session.ownerId) ? session : null;
}

/**
 * Throws for reviewers, who change nothing. Called first by mutations that look up no session, or that count or check
 * something before they do.
 */
export function requireWriter({ viewer }: Context): void {
  if (viewer.role === "REVIEWER") throw graphqlError("FORBIDDEN", "A reviewer cannot change anything");
}
