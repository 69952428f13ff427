import type { GraphQLResolveInfo } from "graphql";
import type { Failure } from "../interview/failures.ts";
import type { Language } from "../interview/messages.ts";
import type { Deps } from "../usecases/deps.ts";
import type { SessionReader } from "./sessionReader.ts";

/** The caller. */
export interface Viewer {
  /** The token's subject; without authentication one fixed id. */
  id: string;
  role: ViewerRole;
  /** When the token expires; null without authentication. */
  expiresAt: Date | null;
}
export type ViewerRole = "CANDIDATE" | "REVIEWER" | "ADMIN";

/** Available to every resolver. */
export interface Context {
  viewer: Viewer;
  /** The client's address, as far as the configured proxies can be trusted. */
  address: string;
  /** The language of messages. */
  language: Language;
  deps: Deps;
  sessions: SessionReader;
  limit: LimitCheck;
  /** Aborts when the client goes away. */
  signal(): AbortSignal;
  /** The client has stopped reading although events are waiting. */
  onStalled?: () => void;
  /** The client's id for this request. */
  requestId?: string | undefined;
  /** The W3C traceparent of the client's span. */
  traceparent?: string | undefined;
  onGap?: () => void;
  /** The operation is known to be within the cost limit. */
  isAffordable?: boolean;
  /** The outcome of the mutation, if a plan has already begun it. */
  outcome?: Promise<unknown>;
  reportUrl(reportId: string, format: "pdf" | "md"): string;
}

/** Counts a call; returns a RateLimitedError when the limit is exceeded. */
export type LimitCheck = (
  name: "create" | "submit",
  call: { context: Context; args: Record<string, unknown>; info: GraphQLResolveInfo },
) => Promise<Failure | null>;
