import { GraphQLError } from "graphql";
import { isStorable } from "../interview/validation.ts";
import type { Context } from "./context.ts";

/** Every `extensions.code` that clients can meet. */
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

/** A session went while one of its events was under way. Such an event is dropped: SessionDeleted follows it. */
export class SessionGone extends GraphQLError {
  constructor() {
    super("Session not found", { extensions: { code: "SESSION_NOT_FOUND" } });
  }
}

/** A client that was away for too long: what it missed is in the session itself. */
export function snapshotRequired(): GraphQLError {
  return graphqlError("SNAPSHOT_REQUIRED", "Events after this cursor are no longer kept: read the session instead");
}

/** A résumé's key as the database can look it up: what it cannot store names none, as no key is empty. */
export function lookupKey(key: string): string {
  return isStorable(key) ? key : "";
}

/** A reviewer reads everything and changes nothing. */
export function requireWriter({ viewer }: Context): void {
  if (viewer.role === "REVIEWER") throw graphqlError("FORBIDDEN", "A reviewer cannot change anything");
}
