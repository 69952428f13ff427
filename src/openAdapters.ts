import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import type { Logger } from "pino";
import { createMemoryBus } from "./adapters/memory/bus.ts";
import { traceBus } from "./adapters/opentelemetry/tracedBus.ts";
import type { Database } from "./adapters/postgres/database.ts";
import { openPglite } from "./adapters/postgres/pglite.ts";
import { openServer, tryAddress } from "./adapters/postgres/server.ts";
import { readOrMakeSetting } from "./adapters/postgres/settings.ts";
import { createRedisBus } from "./adapters/redis/bus.ts";
import type { RedisAddress, RedisConnection, RedisParts } from "./adapters/redis/connect.ts";
import { createSeal } from "./adapters/system/cipher.ts";
import { type Config, SettingsFault } from "./config.ts";
import { logOncePerMinute } from "./log.ts";
import type { LiveBus } from "./ports/events.ts";
import type { Limiter } from "./ports/limiter.ts";
import type { SharedPauses } from "./ports/pauses.ts";
import type { Store } from "./ports/store.ts";
import type { Tracer } from "./ports/tracer.ts";

export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  if (config.databaseUrl === null) return openEmbedded(config);
  await reachServer(config);
  return openServer({
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    poolSize: config.databasePool,
    timeoutMs: config.databaseTimeout,
    onError: logOncePerMinute(log, "database connection lost"),
  });
}

export function openEmbedded({ dataDir }: Config): Promise<Database> {
  const folder = resolve(dataDir);
  return openPglite(folder).catch((error: Error) => {
    throw new SettingsFault("DATA_DIR", `${folder} cannot be opened: ${error.message}`);
  });
}

/** Fails with the setting whose address cannot be reached. */
export async function reachServer({ databaseUrl, databaseDirectUrl, databaseTimeout }: Config): Promise<void> {
  for (const [name, address] of Object.entries({ DATABASE_URL: databaseUrl, DATABASE_DIRECT_URL: databaseDirectUrl })) {
    if (address === null) continue;
    await tryAddress(address, databaseTimeout).catch(({ message, code }: { message: string; code?: string }) => {
      throw new SettingsFault(name, `cannot be reached: ${message || code}`);
    });
  }
}

/** Loaded only if configured, like tracing: otherwise they cost nothing. */
export async function openRedis(config: Config, log: Logger): Promise<RedisParts | null> {
  if (config.redisUrl === null) return null;
  const redis = await import("./adapters/redis/connect.ts");
  return redis.openRedis({ url: config.redisUrl, cluster: config.redisCluster, ...logOutages(log) });
}

/**
 * Logs each reason of an outage once, and once that it is over: a connection that fails is opened again every second, and
 * a process has several.
 */
function logOutages(log: Logger): Pick<RedisAddress, "onLost" | "onReady"> {
  const lost = new Set<RedisConnection>();
  const reasons = new Set<string>();
  return {
    onLost(error, connection) {
      lost.add(connection);
      if (reasons.has(error.message)) return;
      reasons.add(error.message);
      log.warn({ err: error }, "redis connection lost");
    },
    onReady(connection) {
      if (!lost.delete(connection) || lost.size > 0) return;
      reasons.clear();
      log.info("redis connection restored");
    },
  };
}

export async function openTracer({ otlpEndpoint, otlpRatio, role }: Config): Promise<ClosableTracer | null> {
  if (otlpEndpoint === null) return null;
  const { createTracer } = await import("./adapters/opentelemetry/tracer.ts");
  return createTracer({ endpoint: otlpEndpoint, ratio: otlpRatio, role });
}

type ClosableTracer = Tracer & { close(): Promise<void> };

export async function openBus(
  { database, redis, tracer }: { database: Database; redis: RedisParts | null; tracer: Tracer | null },
  store: Store,
  config: Config,
  log: Logger,
): Promise<LiveBus> {
  const bus = redis === null ? createMemoryBus() : await openRedisBus(database, redis, store, config, log);
  return tracer === null ? bus : traceBus(bus, tracer);
}

async function openRedisBus(
  database: Database,
  redis: RedisParts,
  store: Store,
  config: Config,
  log: Logger,
): Promise<LiveBus> {
  const secret = await readOrMakeSetting(database, "bus_secret", () => randomBytes(32).toString("base64url"));
  return createRedisBus({
    publisher: redis.connection,
    subscriber: redis.subscriber(),
    sharded: config.redisCluster,
    seal: createSeal(secret, config.encryptionKey?.reveal() ?? ""),
    sessions: store,
    onError: logRefusals(log),
  });
}

/** Commands that failed because Redis is unreachable are not logged: the lost connection is. */
function logRefusals(log: Logger): (error: Error) => void {
  const logRefusal = logOncePerMinute(log, "redis refuses commands");
  return (error) => {
    if (error.name === "ReplyError") logRefusal(error);
  };
}

/** Where several nodes call one model provider, a pause that it asks of one of them holds for all. */
export async function openPauses(redis: RedisConnection | null): Promise<SharedPauses | null> {
  return redis === null ? null : (await import("./adapters/redis/pauses.ts")).createRedisPauses(redis);
}

export async function openLimiter(config: Config, redis: RedisConnection | null): Promise<Limiter> {
  const only = <K extends string, V>(key: K, value: V | null) => (value === null ? {} : { [key]: value });
  const rules = {
    create: {
      ...only("address", config.rateLimitCreate),
      ...only("viewer", config.rateLimitCreate),
      ...only("global", config.rateLimitCreateGlobal),
    },
    submit: { ...only("viewer", config.rateLimitSubmit), ...only("global", config.rateLimitSubmitGlobal) },
  };
  if (redis === null) return (await import("./adapters/memory/limiter.ts")).createMemoryLimiter(rules);
  return (await import("./adapters/redis/limiter.ts")).createRedisLimiter(rules, redis);
}
