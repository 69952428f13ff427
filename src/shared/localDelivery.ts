import type { BusEvent, Listener, RecentEvents, UndeliveredEvents } from "../ports/events.ts";
import { byTopics, topicsOf } from "./topics.ts";

/** Sessions without events for longer may be forgotten. */
const keptMs = 15_000;

/** The contiguous range of a session's event numbers that was delivered. */
interface Delivered {
  first: number;
  last: number;
}

/** Delivers events to the listeners on this node, and remembers for a while which ones each topic has received. */
export class LocalDelivery {
  readonly #listenersOf: (topic: string) => Iterable<Listener> | undefined;
  #recent = new Map<string, Delivered>();
  #older = new Map<string, Delivered>();
  #rotatedAt = performance.now();

  /** `listenersOf` is undefined for a topic that nobody listens to. */
  constructor(listenersOf: (topic: string) => Iterable<Listener> | undefined) {
    this.#listenersOf = listenersOf;
  }

  /** Delivers events to all of their topics. */
  deliver(events: readonly BusEvent[]): void {
    for (const own of byTopics(events)) for (const topic of topicsOf(own[0]!)) this.deliverTo(topic, own);
  }

  /** Delivers events of one session, in order, or of one owner, to one topic. */
  deliverTo(topic: string, events: readonly BusEvent[]): void {
    const listeners = this.#listenersOf(topic);
    if (listeners === undefined) return;
    this.#note(topic, events);
    for (const listener of listeners) listener.hear(events);
  }

  #note(topic: string, events: readonly BusEvent[]): void {
    const newest = events.findLast((event) => event.seq !== null);
    if (newest === undefined) return;
    this.#rotate();
    const key = `${topic} ${newest.sessionId}`;
    const first = events.find((event) => event.seq !== null)!.seq!;
    const last = newest.seq!;
    const delivered = this.#delivered(key) ?? { first, last };
    // Events before these are missing, unless the session is deleted: tailing the log will deliver them, and these
    // again.
    if (first > delivered.last + 1 && newest.kind !== "SessionDeleted") return;
    // Far before what was delivered earlier: everything in between is delivered again.
    delivered.last = last < delivered.first - 1 ? last : Math.max(last, delivered.last);
    delivered.first = Math.min(first, delivered.first);
    this.#recent.set(key, delivered);
  }

  /** The number after which to read, for each session with events that a listened-to topic has not received. */
  undelivered(recent: RecentEvents[]): UndeliveredEvents[] {
    return recent.flatMap((events) => {
      const { sessionId, ownerId, first, last } = events;
      const heard = topicsOf({ sessionId, ownerId }).filter((topic) => this.#listenersOf(topic) !== undefined);
      const after = Math.min(...heard.map((topic) => lastOf(this.#delivered(`${topic} ${sessionId}`), first)));
      return after < last ? [{ ...events, after }] : [];
    });
  }

  #delivered(key: string): Delivered | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  #rotate(): void {
    if (performance.now() - this.#rotatedAt < keptMs) return;
    this.#rotatedAt = performance.now();
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}

/** The last number delivered without a gap, counted from `first`. */
function lastOf(delivered: Delivered | undefined, first: number): number {
  return delivered === undefined || delivered.first > first ? first - 1 : delivered.last;
}
