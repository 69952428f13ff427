import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { Limiter } from "../../ports/limiter.ts";
import { createLimiter, type LimitRules } from "../../shared/limiter.ts";
import type { RedisConnection } from "./connect.ts";

/**
 * Counts calls across all nodes; while Redis is unavailable each node counts by itself rather than allow everything.
 */
export function createRedisLimiter(rules: LimitRules, redis: RedisConnection): Limiter {
  return createLimiter(rules, (keyPrefix, { calls, windowMs }) => {
    const counting = { keyPrefix, points: calls, duration: windowMs / 1_000 };
    return new RateLimiterRedis({
      ...counting,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(counting),
    });
  });
}
