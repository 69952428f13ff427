import type { BusEvent, Listener, RecentEvents, UntoldEvents } from "../ports/events.ts";
import { byTopics, topicsOf } from "./topics.ts";

/** Of what has been quiet for longer nothing is known. */
const keptMs = 15_000;

/** Tells those who listen on this node, and knows what they have been told lately: each session's newest event, by topic. */
export class LocalDelivery {
  readonly #listenersOf: (topic: string) => Iterable<Listener> | undefined;
  #recent = new Map<string, number>();
  #older = new Map<string, number>();
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
    this.#recent.set(key, Math.max(newest.seq!, this.#newest(key) ?? 0));
  }

  /** Where to read on so that every topic that somebody listens to has been told of these events. */
  untold(recent: RecentEvents[]): UntoldEvents[] {
    return recent.flatMap((events) => {
      const { sessionId, ownerId, first, last } = events;
      const heard = topicsOf({ sessionId, ownerId }).filter((topic) => this.#listenersOf(topic) !== undefined);
      const after = Math.min(...heard.map((topic) => this.#newest(`${topic} ${sessionId}`) ?? first - 1));
      return after < last ? [{ ...events, after }] : [];
    });
  }

  #newest(key: string): number | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  #rotate(): void {
    if (performance.now() - this.#rotatedAt < keptMs) return;
    this.#rotatedAt = performance.now();
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
