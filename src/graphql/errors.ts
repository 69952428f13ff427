import { GraphQLError } from "graphql";
import { type Language, message } from "../interview/messages.ts";

/** Every `extensions.code` that clients may receive. */
export const errorCodes = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "BAD_USER_INPUT",
  "SESSION_NOT_FOUND",
  "INVALID_CURSOR",
  "SNAPSHOT_REQUIRED",
  "QUERY_TOO_EXPENSIVE",
  "SERVICE_UNAVAILABLE",
  "INTERNAL_SERVER_ERROR",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export function graphqlError(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

/** The session of an event was deleted meanwhile. The event is dropped: SessionDeleted follows. */
export class SessionGone extends GraphQLError {
  constructor() {
    super("Session not found", { extensions: { code: "SESSION_NOT_FOUND" } });
  }
}

/** For a client that was away for too long: it has to read the session again. */
export function snapshotRequired(language: Language): GraphQLError {
  return graphqlError("SNAPSHOT_REQUIRED", message("snapshotRequired", language));
}

/** An operation that is too large: its depth, breadth or complexity. */
export function exceedsLimit(kind: string): GraphQLError {
  return graphqlError("QUERY_TOO_EXPENSIVE", `The operation's ${kind.toLowerCase()} exceeds the limit`);
}
