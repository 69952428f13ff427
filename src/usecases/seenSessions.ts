/** What a stream has delivered of one session. */
export interface Seen {
  /**
   * The first and the newest number: nothing in between is delivered again. A deleted session can have none that is
   * newer.
   */
  first: number;
  last: number;
  /** The newest number below `first` that was delivered after it; 0 before any was. */
  late: number;
  /** The conversation is over. */
  isOver: boolean;
}

/** `last` of a session whose deletion was delivered: every other event of it is late. */
export const afterDeletion = Number.POSITIVE_INFINITY;

/** Longer than it takes for an event to arrive a second time, by tailing the log or through Redis. */
const keptMs = 30_000;
const mostForgotten = 2_000;

/**
 * What a stream of many sessions has delivered of each. A stream may live for weeks and see every session there is, so
 * those without recent events are forgotten, two thousand or more at a time. The next event of such a session is
 * delivered whatever its number; those missing before it are found by tailing the log, and delivered late.
 */
export class SeenSessions {
  #recent = new Map<string, Seen>();
  #older = new Map<string, Seen>();
  #rotatedAt = performance.now();
  /** When the newest event of each group happened, by the database's clock. */
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

  /** Whether an event that is not the next one of its session may have been delivered before. */
  mayBeTold(sessionId: string, seq: number, occurredAt: Date): boolean {
    // It may have been delivered before its session was forgotten.
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
