import type { SharedPauses } from "../../ports/pauses.ts";
import type { RedisConnection } from "./connect.ts";

const prefix = "vivavoce:pause:";

/** Longer than any provider is waited for. */
const longestMs = 24 * 3_600_000;

/** Who is about to call a model need not wait longer than this to hear that nothing is against it. */
const patienceMs = 250;

/** Never shortened by who heard of a shorter one. */
const pause = `if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '', 'PX', ARGV[1]) end`;

/**
 * Pauses over all nodes, as keys that end by themselves: a node that starts in the middle of one knows of it too. While
 * Redis is away each node knows of its own alone.
 */
export function createRedisPauses(redis: RedisConnection): SharedPauses {
  return {
    tell(provider, ms) {
      redis.eval(pause, 1, prefix + provider, Math.min(Math.ceil(ms), longestMs)).catch(() => {});
    },

    async left(provider) {
      if (redis.status !== "ready") return 0;
      let timer: NodeJS.Timeout | undefined;
      const given = new Promise<number>((resolve) => {
        timer = setTimeout(resolve, patienceMs, 0);
      });
      const asked = redis.pttl(prefix + provider).catch(() => 0);
      const ms = await Promise.race([asked, given]);
      clearTimeout(timer);
      // -2: there is none.
      return Math.max(0, ms);
    },
  };
}
