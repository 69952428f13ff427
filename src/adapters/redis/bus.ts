import { randomUUID } from "node:crypto";
import type { Seal } from "../../ports/cipher.ts";
import type { BusEvent, Listener, LiveBus, Subscription } from "../../ports/events.ts";
import type { Store } from "../../ports/store.ts";
import { LocalDelivery } from "../../shared/localDelivery.ts";
import { byTopics, ownersIn, topicName, topicsOf } from "../../shared/topics.ts";
import type { RedisConnection } from "./connect.ts";
import { openChange, type SealedChange, sealChange } from "./sealedChange.ts";

export interface RedisBusOptions {
  publisher: RedisConnection;
  /** A separate connection: once subscribed, it accepts no other commands. */
  subscriber: RedisConnection;
  /** Sharded pub/sub, for a cluster: a message goes only to the node that owns its channel. */
  sharded: boolean;
  /** Encrypts changes, so that only our nodes can read them. */
  seal: Seal;
  /** The sessions in memory that other nodes may change. */
  sessions: Pick<Store, "recall" | "learn">;
  onError(error: Error): void;
}

const prefix = "vivavoce:";

/**
 * Delivers events across nodes. Best effort: what Redis loses is detected by a missing number or by tailing the log,
 * and read from there.
 */
export function createRedisBus({ publisher, subscriber, sharded, seal, sessions, onError }: RedisBusOptions): LiveBus {
  /** By channel. */
  const audiences = new Map<string, Audience>();
  const delivery = new LocalDelivery((topic) => audiences.get(prefix + topic)?.listeners);
  // The prefix of this node's own messages, which its listeners have already received.
  const from = `{"from":"${randomUUID()}",`;

  publisher.defineCommand("publishToAll", { numberOfKeys: 0, lua: publishToAll });
  // A new connection has no subscriptions; messages until it has them again are lost.
  subscriber.on("ready", async () => {
    await subscribe([...audiences.keys()]).catch(onError);
    for (const { listeners } of audiences.values()) for (const listener of listeners) listener.missed();
  });
  subscriber.on(sharded ? "smessage" : "message", (channel: string, message: string) => {
    if (message.startsWith(from)) return;
    const audience = audiences.get(channel);
    const brought = audience ? decode(message) : null;
    if (brought === null) return;
    // Before the events are delivered: their listeners may read the session at once.
    if (brought.change) learn(brought.change);
    if (brought.events.length > 0) delivery.deliverTo(channel.slice(prefix.length), brought.events);
  });

  function learn(sealed: SealedChange): void {
    // Most changes are not needed here: they have arrived for another topic, or this node does not have the session in
    // memory.
    if (sessions.recall(sealed.id)?.version !== sealed.before) return;
    const change = openChange(sealed, seal);
    if (change !== null) sessions.learn(change);
  }

  /** Topics whose listeners changed, sent to Redis together: a burst of clients is one command. */
  const changed = new Set<string>();
  let changing: Promise<void> | null = null;

  function tell(name: string): Promise<void> {
    changed.add(name);
    changing ??= Promise.resolve().then(() => {
      changing = null;
      const names = [...changed];
      changed.clear();
      const wanted = names.filter((name) => audiences.has(name));
      const unwanted = names.filter((name) => !audiences.has(name));
      unsubscribe(unwanted).catch(onError);
      // Unavailable Redis is no reason to refuse: the log is read until it is back.
      return Promise.race([subscribe(wanted).catch(onError), patience()]);
    });
    return changing;
  }

  async function subscribe(channels: string[]): Promise<void> {
    if (channels.length === 0) return;
    // In a cluster each channel may be on another node.
    if (sharded) await Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)));
    else await subscriber.subscribe(...channels);
  }

  async function unsubscribe(channels: string[]): Promise<void> {
    if (channels.length === 0) return;
    if (sharded) await Promise.all(channels.map((channel) => subscriber.sunsubscribe(channel)));
    else await subscriber.unsubscribe(...channels);
  }

  /** Sends one message to each of some topics. */
  function send(topics: string[], message: Message): void {
    const text = from + JSON.stringify(message).slice(1);
    if (sharded) {
      // Each channel may be on another node, which a pipeline cannot span.
      for (const name of topics) publisher.spublish(prefix + name, text).catch(onError);
      return;
    }
    const channels = topics.map((name) => prefix + name);
    (publisher as unknown as Teller).publishToAll(text, ...channels).catch(onError);
  }

  return {
    publish(events, change) {
      const sealed = change ? sealChange(change, seal) : null;
      if (sealed !== null) {
        const { id: sessionId, ownerId } = change!;
        send(topicsOf({ sessionId, ownerId }), { events: [...events], change: sealed });
      } else {
        for (const own of byTopics(events)) send(topicsOf(own[0]!), { events: own });
      }
      // Local listeners do not wait for Redis, and do not receive the message from there again.
      delivery.deliver(events);
    },

    deliver: (events) => delivery.deliver(events),
    undelivered: (recent) => delivery.undelivered(recent),
    hasListeners: () => audiences.size > 0,
    listenedOwners: () => ownersIn([...audiences.keys()].map((channel) => channel.slice(prefix.length))),

    async listen(topic, listener) {
      const channel = prefix + topicName(topic);
      let audience = audiences.get(channel);
      if (audience === undefined) {
        audience = { channel, listeners: new Set(), ready: null };
        audiences.set(channel, audience);
        audience.ready = tell(channel);
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
    const { channel } = audience;
    if (audience.listeners.size > 0 || audiences.get(channel) !== audience) return;
    audiences.delete(channel);
    void tell(channel);
  }
}

interface Audience {
  channel: string;
  listeners: Set<Listener>;
  /** Pending until the subscription is confirmed. */
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

/** Sends the same message to several channels with one command. */
interface Teller {
  publishToAll(message: string, ...channels: string[]): Promise<unknown>;
}
const publishToAll = "for i = 2, #ARGV do redis.call('PUBLISH', ARGV[i], ARGV[1]) end";

/** One message: events of a topic, and the change behind them. */
interface Message {
  events: BusEvent[];
  change?: SealedChange;
}

function decode(text: string): Message | null {
  try {
    const message = JSON.parse(text) as Message;
    for (const event of message.events) event.occurredAt = new Date(event.occurredAt);
    return message;
  } catch {
    return null;
  }
}
