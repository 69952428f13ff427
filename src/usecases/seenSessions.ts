/** What a stream has told of one session. */
export interface Seen {
  /** The newest number; deleted sessions have none that is newer. */
  last: number;
  /** Nothing is asked any more. */
  isOver: boolean;
}

/** Of a session that was told to be deleted: whatever else comes of it is late. */
export const afterDeletion = Number.POSITIVE_INFINITY;

/** Longer than it takes to hear of an event a second time: by the look at the log, or by Redis. */
const keptMs = 30_000;
const mostForgotten = 2_000;

/**
 * What a stream of many sessions has told of each. It may live for weeks and tell of every session that there is, so
 * those that have been quiet longest are forgotten, two thousand and more of them at a time. The next event of one is
 * then told whatever its number: what was missing before it would have been found by the node's look at the log.
 */
export class SeenSessions {
  #recent = new Map<string, Seen>();
  #older = new Map<string, Seen>();
  #rotatedAt = performance.now();
  /** When the newest event of each happened, and of what is forgotten, by the database's clock. */
  #newestRecent = 0;
  #newestOlder = 0;
  #newestForgotten = 0;

  get(sessionId: string): Seen | undefined {
    return this.#recent.get(sessionId) ?? this.#older.get(sessionId);
  }

  tell(sessionId: string, seq: number, occurredAt: Date): void {
    const at = occurredAt.getTime();
    if (at > this.#newestRecent) this.#newestRecent = at;
    const seen = this.#recent.get(sessionId);
    if (seen !== undefined) {
      seen.last = seq;
      return;
    }
    this.#rotate();
    const isOver = this.#older.get(sessionId)?.isOver ?? false;
    this.#recent.set(sessionId, { last: seq, isOver });
  }

  forget(sessionId: string): void {
    this.#recent.delete(sessionId);
    this.#older.delete(sessionId);
  }

  /** Whether an event of a session that is not known may have been told before the session was forgotten. */
  mayBeForgotten(occurredAt: Date): boolean {
    return occurredAt.getTime() <= this.#newestForgotten;
  }

  get size(): number {
    return this.#recent.size + this.#older.size;
  }

  #rotate(): void {
    if (this.#recent.size < mostForgotten || performance.now() - this.#rotatedAt < keptMs) return;
    this.#rotatedAt = performance.now();
    this.#newestForgotten = Math.max(this.#newestForgotten, this.#newestOlder);
    this.#older = this.#recent;
    this.#newestOlder = this.#newestRecent;
    this.#recent = new Map();
    this.#newestRecent = 0;
  }
}
