import { randomUUID } from "node:crypto";
import type { LiveEvent } from "../../interview/events.ts";
import type { Listener, LiveBus, Subscription } from "../../ports/events.ts";
import { topicName, topicsOf } from "../../ports/topics.ts";
import type { RedisConnection } from "./connect.ts";

export interface RedisBusOptions {
  publisher: RedisConnection;
  /** A connection of its own: a subscribed one can do nothing else. */
  subscriber: RedisConnection;
  /** Sharded pub/sub, for a cluster: a message goes to the node that owns its topic and to no other. */
  sharded: boolean;
  onError(error: Error): void;
}

/**
 * Events over all nodes. A hint only: what Redis loses is noticed by its missing number, or by the node's own look at
 * the log, and read from there.
 */
export function createRedisBus({ publisher, subscriber, sharded, onError }: RedisBusOptions): LiveBus {
  const audiences = new Map<string, Audience>();
  const prefix = "vivavoce:";
  // How a message of this very node begins: those who watch here have heard it already.
  const own = `{"from":"${randomUUID()}",`;

  // A subscription that a broken connection had is made anew by ioredis; what came in between is not.
  subscriber.on("ready", () => {
    for (const { listeners } of audiences.values()) for (const listener of listeners) listener.missed();
  });
  subscriber.on(sharded ? "smessage" : "message", (channel: string, message: string) => {
    if (message.startsWith(own)) return;
    const audience = audiences.get(channel.slice(prefix.length));
    const event = audience ? decode(message) : null;
    if (event !== null) for (const listener of audience!.listeners) listener.hear(event);
  });

  /** Topics that somebody began or ceased to listen to, told to Redis together: a storm of clients is one command. */
  const changed = new Set<string>();
  let told: Promise<void> | null = null;

  function tell(name: string): Promise<void> {
    changed.add(name);
    told ??= Promise.resolve().then(() => {
      told = null;
      const names = [...changed];
      changed.clear();
      const wanted = names.filter((name) => audiences.has(name)).map((name) => prefix + name);
      const unwanted = names.filter((name) => !audiences.has(name)).map((name) => prefix + name);
      unsubscribe(unwanted).catch(onError);
      // Redis away is no reason to refuse: the log is read until it is back.
      return Promise.race([subscribe(wanted).catch(onError), patience()]);
    });
    return told;
  }

  async function subscribe(channels: string[]): Promise<void> {
    if (channels.length === 0) return;
    // In a cluster each channel may live elsewhere.
    if (sharded) await Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)));
    else await subscriber.subscribe(...channels);
  }

  async function unsubscribe(channels: string[]): Promise<void> {
    if (channels.length === 0) return;
    if (sharded) await Promise.all(channels.map((channel) => subscriber.sunsubscribe(channel)));
    else await subscriber.unsubscribe(...channels);
  }

  function deliver(events: readonly LiveEvent[]): void {
    for (const event of events) {
      for (const name of topicsOf(event))
        for (const listener of audiences.get(name)?.listeners ?? []) listener.hear(event);
    }
  }

  return {
    publish(events) {
      // Whoever watches on this node need not wait for Redis, and does not hear it from there again.
      deliver(events);
      const messages = events.flatMap((event) => {
        const message = own + JSON.stringify(event).slice(1);
        return topicsOf(event).map((name) => ({ channel: prefix + name, message }));
      });
      if (sharded) {
        // Each goes to the node that has its channel, which no pipeline spans.
        for (const { channel, message } of messages) publisher.spublish(channel, message).catch(onError);
        return;
      }
      const pipeline = publisher.pipeline();
      for (const { channel, message } of messages) pipeline.publish(channel, message);
      pipeline.exec().catch(onError);
    },

    deliver,
    hasListeners: () => audiences.size > 0,

    async listen(topic, listener) {
      const name = topicName(topic);
      let audience = audiences.get(name);
      if (audience === undefined) {
        audience = { name, listeners: new Set(), ready: null };
        audiences.set(name, audience);
        audience.ready = tell(name);
      }
      audience.listeners.add(listener);
      if (audience.ready !== null) {
        await audience.ready;
        audience.ready = null;
      }
      return new Place(audience, listener, release);
    },

    async close() {
      audiences.clear();
      subscriber.disconnect();
    },
  };

  function release(audience: Audience, listener: Listener): void {
    audience.listeners.delete(listener);
    if (audience.listeners.size > 0 || audiences.get(audience.name) !== audience) return;
    audiences.delete(audience.name);
    void tell(audience.name);
  }
}

interface Audience {
  name: string;
  listeners: Set<Listener>;
  /** Until listening has begun. */
  ready: Promise<void> | null;
}

class Place implements Subscription {
  readonly #audience: Audience;
  readonly #listener: Listener;
  readonly #release: (audience: Audience, listener: Listener) => void;

  constructor(audience: Audience, listener: Listener, release: (audience: Audience, listener: Listener) => void) {
    this.#audience = audience;
    this.#listener = listener;
    this.#release = release;
  }

  release(): void {
    this.#release(this.#audience, this.#listener);
  }
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_000).unref());
}

function decode(message: string): LiveEvent | null {
  try {
    const event = JSON.parse(message) as LiveEvent & { occurredAt: string };
    return { ...event, occurredAt: new Date(event.occurredAt) };
  } catch {
    return null;
  }
}
