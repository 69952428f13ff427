import type { LiveEvent } from "../interview/events.ts";
import type { RecentEvents } from "./events.ts";
import { topicsOf } from "./topics.ts";

/** Of what has been quiet for longer nothing is known. */
const keptMs = 15_000;

/** What those who listen on this node have been told lately: the number of each session's newest event, by topic. */
export class Told {
  #recent = new Map<string, number>();
  #older = new Map<string, number>();
  #turnedAt = performance.now();

  /** Events of one session, in order. */
  note(topic: string, events: readonly LiveEvent[]): void {
    const newest = events.findLast(({ seq }) => seq !== null);
    if (newest === undefined) return;
    this.#turn();
    const key = `${topic} ${newest.sessionId}`;
    this.#recent.set(key, Math.max(newest.seq!, this.#newest(key) ?? 0));
  }

  /** Where to read on so that every topic that somebody listens to has been told of these events. */
  missing(recent: RecentEvents[], isHeard: (topic: string) => boolean): { sessionId: string; after: number }[] {
    return recent.flatMap(({ sessionId, ownerId, first, last }) => {
      const heard = topicsOf({ sessionId, ownerId }).filter(isHeard);
      const after = Math.min(...heard.map((topic) => this.#newest(`${topic} ${sessionId}`) ?? first - 1));
      return after < last ? [{ sessionId, after }] : [];
    });
  }

  #newest(key: string): number | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  #turn(): void {
    if (performance.now() - this.#turnedAt < keptMs) return;
    this.#turnedAt = performance.now();
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
