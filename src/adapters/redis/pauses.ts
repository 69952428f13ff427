import type { SharedPauses } from "../../ports/pauses.ts";
import type { RedisConnection } from "./connect.ts";

const prefix = "vivavoce:pause:";

/** Longer than any provider is waited for. */
const longestMs = 24 * 3_600_000;

/** A call to a model does not wait longer than this for the answer that there is no pause. */
const patienceMs = 250;

/** A pause is never shortened. */
const pause = `if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '', 'PX', ARGV[1]) end`;

/**
 * Pauses across nodes, as keys that expire: a node that starts during one knows of it too. While Redis is unavailable
 * each node knows only its own.
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
      // -2: no such key.
      return Math.max(0, ms);
    },
  };
}
