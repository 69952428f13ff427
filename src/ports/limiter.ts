/** Counts calls exactly, across all nodes. */
export interface Limiter {
  /** Counts one call against every key, even if one refuses; the wait returned is the longest of those that refuse. */
  consume(limit: LimitName, keys: LimitKey[]): Promise<Allowed>;
}

export type LimitName = "create" | "submit";
export type LimitKey = { scope: "address" | "viewer" | "global"; value: string };
export type Allowed = { allowed: true } | { allowed: false; retryAfterMs: number };
