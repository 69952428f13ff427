import type { BusEvent, Listener, RecentEvents, UntoldEvents } from "../ports/events.ts";
import { byTopics, topicsOf } from "./topics.ts";

/** Of what has been quiet for longer nothing is known. */
const keptMs = 15_000;

/** Numbers of a session's events that were told without a gap. */
interface Told {
  first: number;
  last: number;
}

/** Tells those who listen on this node, and knows what they have been told lately of each session, by topic. */
export class LocalDelivery {
  readonly #listenersOf: (topic: string) => Iterable<Listener> | undefined;
  #recent = new Map<string, Told>();
  #older = new Map<string, Told>();
  #rotatedAt = performance.now();

  /** `listenersOf` is undefined for a topic that nobody listens to. */
  constructor(listenersOf: (topic: string) => Iterable<Listener> | undefined) {
    this.#listenersOf = listenersOf;
  }

  /** Everywhere that these events have to be heard. */
  deliver(events: readonly BusEvent[]): void {
    for (const own of byTopics(events)) for (const topic of topicsOf(own[0]!)) this.tell(topic, own);
  }

  /** Events of one session, in order, or of one owner. */
  tell(topic: string, events: readonly BusEvent[]): void {
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
    const told = this.#told(key) ?? { first, last };
    // Some are missing before these, unless the session is gone: the look at the log tells of them, and of these again.
    if (first > told.last + 1 && newest.kind !== "SessionDeleted") return;
    // Far below what was told before: what lies between is told again, with that.
    told.last = last < told.first - 1 ? last : Math.max(last, told.last);
    told.first = Math.min(first, told.first);
    this.#recent.set(key, told);
  }

  /** Where to read on so that every topic that somebody listens to has been told of these events. */
  untold(recent: RecentEvents[]): UntoldEvents[] {
    return recent.flatMap((events) => {
      const { sessionId, ownerId, first, last } = events;
      const heard = topicsOf({ sessionId, ownerId }).filter((topic) => this.#listenersOf(topic) !== undefined);
      const after = Math.min(...heard.map((topic) => lastOf(this.#told(`${topic} ${sessionId}`), first)));
      return after < last ? [{ ...events, after }] : [];
    });
  }

  #told(key: string): Told | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  #rotate(): void {
    if (performance.now() - this.#rotatedAt < keptMs) return;
    this.#rotatedAt = performance.now();
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}

/** The last number that was told without a gap, counted from `first`. */
function lastOf(told: Told | undefined, first: number): number {
  return told === undefined || told.first > first ? first - 1 : told.last;
}
