/** What a stream has told of one session. */
export interface Seen {
  /** The first number, and the newest: none between them is told any more. Deleted sessions have none that is newer. */
  first: number;
  last: number;
  /** The newest of the numbers below the first that came after it; 0 before any did. */
  late: number;
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
 * then told whatever its number: what is missing before it is found by the node's look at the log, and told late.
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
    let seen = this.#recent.get(sessionId);
    if (seen === undefined) {
      seen = this.#older.get(sessionId) ?? { first: seq, last: seq, late: 0, isOver: false };
      this.#rotate();
      this.#recent.set(sessionId, seen);
    }
    if (seq < seen.first) seen.late = seq;
    else seen.last = seq;
  }

  /** Whether an event that does not follow on the last of its session may have been told before. */
  mayBeTold(sessionId: string, seq: number, occurredAt: Date): boolean {
    // Before its session was forgotten, that is.
    if (occurredAt.getTime() <= this.#newestForgotten) return true;
    const seen = this.get(sessionId);
    return seen !== undefined && (seen.last === afterDeletion || seq >= seen.first || seq <= seen.late);
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
