import type { LiveEvent } from "../../interview/events.ts";
import type { Listener, LiveBus } from "../../ports/events.ts";
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
  const audiences = new Map<string, { listeners: Set<Listener>; ready: Promise<void> }>();
  const prefix = "vivavoce:";

  // A subscription that a broken connection had is made anew by ioredis; what came in between is not.
  subscriber.on("ready", () => {
    for (const { listeners } of audiences.values()) for (const listener of listeners) listener.missed();
  });
  subscriber.on(sharded ? "smessage" : "message", (channel: string, message: string) => {
    const audience = audiences.get(channel.slice(prefix.length));
    if (!audience) return;
    const event = decode(message);
    if (event === null) return;
    for (const listener of audience.listeners) listener.hear(event);
  });

  function subscribe(name: string): Promise<void> {
    const channel = prefix + name;
    return (sharded ? subscriber.ssubscribe(channel) : subscriber.subscribe(channel)).then(() => {});
  }

  function unsubscribe(name: string): Promise<void> {
    const channel = prefix + name;
    return (sharded ? subscriber.sunsubscribe(channel) : subscriber.unsubscribe(channel)).then(() => {});
  }

  function deliver(events: readonly LiveEvent[]): void {
    for (const event of events) {
      for (const name of topicsOf(event))
        for (const listener of audiences.get(name)?.listeners ?? []) listener.hear(event);
    }
  }

  return {
    publish(events) {
      // Whoever watches on this node need not wait for Redis; hearing an event twice is dropped by its number.
      deliver(events.filter((event) => event.seq !== null));
      const messages = events.flatMap((event) => {
        const message = JSON.stringify(event);
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
      const audience = audiences.get(name) ?? { listeners: new Set<Listener>(), ready: subscribe(name) };
      audiences.set(name, audience);
      audience.listeners.add(listener);
      // Redis away is no reason to refuse: the log is read until it is back.
      await Promise.race([audience.ready.catch(onError), patience()]);
      return {
        release() {
          audience.listeners.delete(listener);
          if (audience.listeners.size > 0 || audiences.get(name) !== audience) return;
          audiences.delete(name);
          // After the SUBSCRIBE that may still be under way, and not when somebody has come back meanwhile.
          audience.ready
            .catch(() => {})
            .then(() => (audiences.has(name) ? undefined : unsubscribe(name)))
            .catch(onError);
        },
      };
    },

    async close() {
      audiences.clear();
      subscriber.disconnect();
    },
  };
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
