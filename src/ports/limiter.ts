/** Counts calls, exactly, over all nodes. */
export interface Limiter {
  /** Takes one call from every key; the first that is used up says when it has room again. All keys are counted. */
  consume(limit: LimitName, keys: LimitKey[]): Promise<Allowed>;
}

export type LimitName = "create" | "submit";
export type LimitKey = { scope: "address" | "viewer" | "global"; value: string };
export type Allowed = { allowed: true } | { allowed: false; retryAfterMs: number };
