import { EventEmitter, once } from "node:events";
import type { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import { SessionCache } from "../../../src/adapters/postgres/sessionCache.ts";
import { createRedisBus } from "../../../src/adapters/redis/bus.ts";
import { connectRedis, connectSubscriber, type RedisConnection } from "../../../src/adapters/redis/connect.ts";
import { createRedisLimiter } from "../../../src/adapters/redis/limiter.ts";
import { createSeal } from "../../../src/adapters/system/cipher.ts";
import type { LiveEvent } from "../../../src/interview/events.ts";
import type { BusEvent, LiveBus } from "../../../src/ports/events.ts";
import type { Limiter } from "../../../src/ports/limiter.ts";
import { startWire } from "../../faults/wire.ts";
import { startRedis, startRedisCluster } from "../../support/servers.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.each([
  ["one server", { cluster: false }],
  ["a cluster of three", { cluster: true }],
  ["a cluster of three that ask for a password", { cluster: true, password: "p@ss: word/1" }],
])("Redis as %s", (_, kind) => {
  const { cluster } = kind;
  it("brings each session's events to the node that watches it", async () => {
    const url = await serve(kind);
    const [here, there] = [await busTo(url, cluster), await busTo(url, cluster)];
    const sessions = Array.from({ length: 60 }, (_, n) => `session-${n}`);
    const heard = new Set<string>();
    let all: () => void = () => {};
    const everything = new Promise<void>((resolve) => (all = resolve));
    for (const sessionId of sessions) {
      await there.listen(
        { kind: "session", sessionId },
        {
          hear(events) {
            for (const event of events) if (event.kind !== "OwnerDeleted") heard.add(event.sessionId);
            if (heard.size === sessions.length) all();
          },
          missed() {},
        },
      );
    }
    here.publish(sessions.map(eventOf));
    await everything;
    expect([...heard].sort()).toEqual([...sessions].sort());
  });

  it("wakes whoever listens on any node", async () => {
    const url = await serve(kind);
    const publisher = await ready(connectRedis(addressOf(url, cluster)));
    const subscriber = await ready(connectSubscriber(addressOf(url, cluster)));
    await subscriber.subscribe("jobs");
    const woken = once(subscriber, "message");
    await publisher.publish("jobs", "");
    expect((await woken)[0]).toBe("jobs");
  });

  it("counts calls over all nodes at once", async () => {
    const url = await serve(kind);
    const nodes = [await limiterTo(url, cluster), await limiterTo(url, cluster)];
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => take(nodes[n % 2]!)));
    expect(answers.filter(Boolean)).toHaveLength(5);
  });
});

it("counts on each node by itself while Redis is away, and lets no more pass", async () => {
  const server = await startRedis();
  const redis = await ready(connectRedis(addressOf(server.url, false)));
  const limiter = limiterOf(redis);
  await server.stop();
  const answers = await Promise.all(Array.from({ length: 40 }, () => take(limiter)));
  expect(answers.filter(Boolean)).toHaveLength(5);
});

it.each([
  ["asks", connectRedis],
  ["only listens", connectSubscriber],
])("gives up a connection that %s when nothing comes back over it, and hears again afterwards", async (_, connect) => {
  const server = await startRedis();
  const wire = await startWire(server.port);
  cleanups.push(
    () => server.stop(),
    () => wire.close(),
  );
  const redis = await ready(connect(addressOf(`redis://127.0.0.1:${wire.port}`, false)));
  if (connect === connectSubscriber) await redis.subscribe("jobs");
  wire.set("stall");
  await new Promise((resolve) => redis.once("close", resolve));
  expect(redis.status).not.toBe("ready");
  wire.cut();
  wire.set("pass");
  await new Promise((resolve) => redis.once("ready", resolve));
  expect(await redis.ping()).toBeTruthy();
});

it("goes on while Redis refuses to renew its subscriptions, and hears again afterwards", async () => {
  const { url, stop } = await startRedis();
  cleanups.push(stop);
  const failures: Error[] = [];
  const onError = (error: Error): void => void failures.push(error);
  const [here, there] = [await busTo(url, false, onError), await busTo(url, false, onError)];
  const renewals = new EventEmitter();
  const heard: BusEvent[] = [];
  const missed = (): void => void renewals.emit("over");
  await there.listen(
    { kind: "session", sessionId: "watched" },
    { hear: (events) => void heard.push(...events), missed },
  );
  const admin = (await ready(connectRedis(addressOf(url, false)))) as Redis;
  for (const rule of ["-subscribe", "+subscribe"]) {
    const renewed = once(renewals, "over");
    await admin.acl("SETUSER", "default", rule);
    await admin.client("KILL", "SKIPME", "yes");
    await renewed;
  }
  expect(failures.map(String)).toContainEqual(expect.stringContaining("NOPERM"));
  // The connection that publishes may still be on its way back.
  await expect
    .poll(() => {
      here.publish([eventOf("watched")]);
      return heard.length;
    })
    .toBeGreaterThan(0);
});

async function serve({ cluster, password }: { cluster: boolean; password?: string }): Promise<string> {
  const server = cluster ? await startRedisCluster(password) : await startRedis();
  cleanups.push(() => server.stop());
  return server.url;
}

function addressOf(url: string, cluster: boolean): Parameters<typeof connectRedis>[0] {
  return { url, cluster, onLost() {} };
}

async function ready(redis: RedisConnection): Promise<RedisConnection> {
  cleanups.push(() => redis.disconnect());
  if (redis.status !== "ready") await once(redis, "ready");
  return redis;
}

async function busTo(url: string, cluster: boolean, onError = rethrow): Promise<LiveBus> {
  const publisher = await ready(connectRedis(addressOf(url, cluster)));
  const subscriber = await ready(connectSubscriber(addressOf(url, cluster)));
  const sessions = new SessionCache({ load: async () => new Map(), marks: async () => new Map() });
  return createRedisBus({ publisher, subscriber, sharded: cluster, seal: createSeal("secret"), sessions, onError });
}

function rethrow(error: Error): void {
  throw error;
}

async function limiterTo(url: string, cluster: boolean): Promise<Limiter> {
  return limiterOf(await ready(connectRedis(addressOf(url, cluster))));
}

function limiterOf(redis: RedisConnection): Limiter {
  return createRedisLimiter({ create: { viewer: { calls: 5, windowMs: 60_000 } }, submit: {} }, redis);
}

async function take(limiter: Limiter): Promise<boolean> {
  return (await limiter.consume("create", [{ scope: "viewer", value: "somebody" }])).allowed;
}

function eventOf(sessionId: string): LiveEvent {
  return { kind: "SessionCreated", sessionId, ownerId: "owner", seq: 1, occurredAt: new Date() };
}
