import { GraphQLError } from "graphql";
import type { Context } from "./context.ts";

/** Every `extensions.code` that clients can meet. */
export type ErrorCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "BAD_USER_INPUT"
  | "SESSION_NOT_FOUND"
  | "INVALID_CURSOR"
  | "SNAPSHOT_REQUIRED"
  | "QUERY_TOO_EXPENSIVE"
  | "SERVICE_UNAVAILABLE"
  | "INTERNAL_SERVER_ERROR";

export function graphqlError(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

/** A reviewer reads everything and changes nothing. */
export function requireWriter({ viewer }: Context): void {
  if (viewer.role === "REVIEWER") throw graphqlError("FORBIDDEN", "A reviewer cannot change anything");
}
