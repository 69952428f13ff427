import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Limiter } from "../../ports/limiter.ts";
import { createLimiter, type LimitRules } from "../../shared/limiter.ts";

/** Counts calls within one process. */
export function createMemoryLimiter(rules: LimitRules): Limiter {
  return createLimiter(rules, (keyPrefix, { calls, windowMs }) => {
    return new RateLimiterMemory({ keyPrefix, points: calls, duration: windowMs / 1_000 });
  });
}
