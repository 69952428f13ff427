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
  /** A connection of its own: a subscribed one can do nothing else. */
  subscriber: RedisConnection;
  /** Sharded pub/sub, for a cluster: a message goes to the node that owns its topic and to no other. */
  sharded: boolean;
  /** Makes what changed unreadable for everybody but the nodes. */
  seal: Seal;
  /** Where sessions are kept that other nodes may change. */
  sessions: Pick<Store, "recall" | "learn">;
  onError(error: Error): void;
}

const prefix = "vivavoce:";

/**
 * Events over all nodes. A hint only: what Redis loses is noticed by its missing number, or by the node's own look at
 * the log, and read from there.
 */
export function createRedisBus({ publisher, subscriber, sharded, seal, sessions, onError }: RedisBusOptions): LiveBus {
  /** By channel. */
  const audiences = new Map<string, Audience>();
  const delivery = new LocalDelivery((topic) => audiences.get(prefix + topic)?.listeners);
  // How a message of this very node begins: those who watch here have heard it already.
  const from = `{"from":"${randomUUID()}",`;

  publisher.defineCommand("publishToAll", { numberOfKeys: 0, lua: publishToAll });
  // A subscription that a broken connection had is made anew by ioredis; what came in between is not.
  subscriber.on("ready", () => {
    for (const { listeners } of audiences.values()) for (const listener of listeners) listener.missed();
  });
  subscriber.on(sharded ? "smessage" : "message", (channel: string, message: string) => {
    if (message.startsWith(from)) return;
    const audience = audiences.get(channel);
    const brought = audience ? decode(message) : null;
    if (brought === null) return;
    // Before the events are heard: whoever hears them may look at the session at once.
    if (brought.change) learn(brought.change);
    if (brought.events.length > 0) delivery.tell(channel.slice(prefix.length), brought.events);
  });

  function learn(sealed: SealedChange): void {
    // Most are of no use here: they have come for another topic before, or follow on what nobody keeps.
    if (sessions.recall(sealed.id)?.version !== sealed.before) return;
    const change = openChange(sealed, seal);
    if (change !== null) sessions.learn(change);
  }

  /** Topics that somebody began or ceased to listen to, told to Redis together: a storm of clients is one command. */
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
      // Redis away is no reason to refuse: the log is read until it is back.
      return Promise.race([subscribe(wanted).catch(onError), patience()]);
    });
    return changing;
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

  /** Sends one message to each of some topics. */
  function send(topics: string[], message: Message): void {
    const text = from + JSON.stringify(message).slice(1);
    if (sharded) {
      // Each goes to the node that has its channel, which no pipeline spans.
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
      // Whoever watches on this node need not wait for Redis, and does not hear it from there again.
      delivery.deliver(events);
    },

    deliver: (events) => delivery.deliver(events),
    untold: (recent) => delivery.untold(recent),
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

/** The same message to several channels: sent, read and answered once. */
interface Teller {
  publishToAll(message: string, ...channels: string[]): Promise<unknown>;
}
const publishToAll = "for i = 2, #ARGV do redis.call('PUBLISH', ARGV[i], ARGV[1]) end";

/** What one message brings: events of a topic, and what they tell of. */
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
