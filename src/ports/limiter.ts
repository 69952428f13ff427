/** Counts calls, exactly, over all nodes. */
export interface Limiter {
  /** Takes one call from every key, also where one refuses; of those that are used up the last says when there is room. */
  consume(limit: LimitName, keys: LimitKey[]): Promise<Allowed>;
}

export type LimitName = "create" | "submit";
export type LimitKey = { scope: "address" | "viewer" | "global"; value: string };
export type Allowed = { allowed: true } | { allowed: false; retryAfterMs: number };
