import type { GraphQLResolveInfo } from "graphql";
import type { Failure } from "../interview/failures.ts";
import type { Language } from "../interview/messages.ts";
import type { Deps } from "../usecases/deps.ts";
import type { SessionReader } from "./sessionReader.ts";

/** Who calls. */
export interface Viewer {
  /** The token's subject; without authentication one fixed id. */
  id: string;
  role: ViewerRole;
  /** When the token ends; null without authentication. */
  expiresAt: Date | null;
}
export type ViewerRole = "CANDIDATE" | "REVIEWER" | "ADMIN";

/** What every resolver can reach. */
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
  /** The client takes nothing any more although events wait for it. */
  onStalled?: () => void;
  /** How the caller, or its log, names this request. */
  requestId?: string | undefined;
  /** The step of the caller's trace that this request is part of. */
  traceparent?: string | undefined;
  onGap?: () => void;
  /** What is asked for is known to be within the limits of cost. */
  isAffordable?: boolean;
  /** What comes of the mutation that is asked for, where it has begun. */
  outcome?: Promise<unknown>;
  reportUrl(reportId: string, format: "pdf" | "md"): string;
}

/** Counts a call; RateLimitedError when there is no room for it. */
export type LimitCheck = (
  name: "create" | "submit",
  call: { context: Context; args: Record<string, unknown>; info: GraphQLResolveInfo },
) => Promise<Failure | null>;
