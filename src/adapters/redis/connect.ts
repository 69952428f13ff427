import { Cluster, Redis, type RedisOptions } from "ioredis";

/** One server, or a cluster of which `url` names any node. */
export type RedisConnection = Redis | Cluster;

/** The Redis connections of a process. */
export interface RedisParts {
  /** For commands. */
  connection: RedisConnection;
  /** Opens another one, for subscriptions. */
  subscriber(): RedisConnection;
}

export interface RedisAddress {
  url: string;
  cluster: boolean;
  onLost(error: Error, connection: RedisConnection): void;
  /** A connection is ready, also after it was lost. */
  onReady?(connection: RedisConnection): void;
}

/** A connection whose commands fail at once while Redis is unavailable; it reconnects by itself. */
export function connectRedis({ url, cluster, ...on }: RedisAddress): RedisConnection {
  const redis = cluster
    ? new Cluster([url], {
        ...clusterOptions,
        enableOfflineQueue: false,
        redisOptions: { ...options(url), maxRetriesPerRequest: 1 },
      })
    : new Redis(url, { ...options(url), enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  return watched(redis, on);
}

/**
 * A connection for subscriptions: they wait until Redis is available, and are to be renewed whenever it is ready.
 * ioredis' own renewal would end the process when Redis refuses it or does not answer: nobody handles its failure.
 */
export function connectSubscriber({ url, cluster, ...on }: RedisAddress): RedisConnection {
  const redis = cluster
    ? new Cluster([url], { ...clusterOptions, shardedSubscribers: true, redisOptions: options(url) })
    : new Redis(url, { ...options(url), autoResubscribe: false, maxRetriesPerRequest: null });
  return watched(redis, on);
}

export function openRedis(address: RedisAddress): RedisParts {
  return { connection: connectRedis(address), subscriber: () => connectSubscriber(address) };
}

const retry = (tries: number): number => Math.min(100 * tries, 1_000);
const clusterOptions = { clusterRetryStrategy: retry, slotsRefreshInterval: 5_000, slotsRefreshTimeout: 2_000 };

function options(url: string): RedisOptions {
  const { protocol, username, password } = new URL(url);
  return {
    commandTimeout: 2_000,
    connectTimeout: 5_000,
    // Drops a socket on which nothing has arrived for this long although a reply is due.
    socketTimeout: 3_000,
    keepAlive: 5_000,
    retryStrategy: retry,
    // Other nodes of a cluster are discovered by address only; they use the credentials and TLS of the one that was
    // given.
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
  };
}

const askEveryMs = 1_000;

/** Pings all connections, including subscribers, because a network that drops everything gives no error. */
function watched(redis: RedisConnection, on: Pick<RedisAddress, "onLost" | "onReady">): RedisConnection {
  redis.on("error", (error) => on.onLost(error, redis));
  redis.on("ready", () => on.onReady?.(redis));
  const timer = setInterval(() => {
    const nodes: Redis[] = redis instanceof Cluster ? redis.nodes("all") : [redis as Redis];
    for (const node of nodes) if (node.status === "ready") node.ping().catch(() => {});
  }, askEveryMs);
  timer.unref();
  redis.once("end", () => clearInterval(timer));
  return redis;
}
