import type { JobQueue } from "./adapters/pgboss/jobs.ts";
import type { Database } from "./adapters/postgres/database.ts";
import type { RedisParts } from "./adapters/redis/connect.ts";
import type { Config } from "./config.ts";

const channel = "vivavoce_jobs";

export interface WakeUps {
  /** Jobs were enqueued: makes workers look for them now. */
  wake(): void;
  stop(): Promise<void>;
}

/** Wakes workers for new jobs: in-process, and across processes through Redis or else NOTIFY. */
export async function wakeUps(
  database: Pick<Database, "kind" | "listen" | "query">,
  redis: RedisParts | null,
  queue: Pick<JobQueue, "wake">,
  role: Config["role"],
): Promise<WakeUps> {
  const works = role !== "api";
  if (redis !== null) {
    const redisChannel = `vivavoce:${channel}`;
    const listening = works ? redis.subscriber() : null;
    listening?.on("message", () => queue.wake());
    listening?.on("ready", () => {
      // The connection reports errors itself; until it is subscribed, workers rely on polling.
      listening.subscribe(redisChannel).catch(() => {});
      queue.wake();
    });
    return {
      wake() {
        queue.wake();
        redis.connection.publish(redisChannel, "").catch(() => {});
      },
      stop: async () => listening?.disconnect(),
    };
  }
  if (database.kind === "pglite") return { wake: () => queue.wake(), stop: async () => {} };
  const look = (): void => queue.wake();
  const unlisten = works ? await database.listen(channel, look, look) : async () => {};
  return {
    wake() {
      queue.wake();
      // A worker in this process is already awake; others may be elsewhere.
      if (role === "api") database.query(`NOTIFY ${channel}`).catch(() => {});
    },
    stop: unlisten,
  };
}
