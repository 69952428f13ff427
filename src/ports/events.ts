import type { LiveEvent, LoggedEvent } from "../interview/events.ts";
import type { StoredChange } from "./store.ts";

/** The stored events, the truth about what happened. */
export interface EventLog {
  /** Events of one session after `after`, in order, at most `limit`. */
  read(sessionId: string, after: number, limit: number): Promise<LoggedEvent[]>;
  /** The number of the newest event and of the oldest that is kept; null for an unknown session. */
  bounds(sessionId: string): Promise<{ newest: number; oldest: number; ownerId: string } | null>;
  /** Events of all sessions that were committed within the last so many milliseconds; each session's in order. */
  readRecent(withinMs: number, limit: number): Promise<LoggedEvent[]>;
  /** The database's clock, which all events are dated by: those of the nodes differ. */
  now(): Promise<Date>;
}

/** Carries events to those who watch. Only a hint: what it loses is read from the log. */
export interface LiveBus {
  /**
   * `change` is what the events tell of, for other nodes that keep the session: so they need not read it. It may also
   * come alone.
   */
  publish(events: readonly LiveEvent[], change?: StoredChange | null): void;
  /** Resolves once listening has begun: what is published after that is heard. */
  listen(topic: Topic, listener: Listener): Promise<Subscription>;
  /** Tells the listeners of this process only: for what was found in the log. Hearing an event twice does no harm. */
  deliver(events: readonly LiveEvent[]): void;
  hasListeners(): boolean;
  close(): Promise<void>;
}

export type Topic = { kind: "session"; sessionId: string } | { kind: "owner"; ownerId: string } | { kind: "all" };

export interface Listener {
  /** Events of a topic that were told together, each session's in order. */
  hear(events: readonly LiveEvent[]): void;
  /** Something may have been missed: read the log again. */
  missed(): void;
}

export interface Subscription {
  release(): void;
}

/**
 * Events, to be awaited one by one as from any iterator. Thousands of readers on one node poll instead: no promise is
 * made for an event that is there already.
 */
export interface EventStream extends AsyncIterableIterator<LiveEvent, void, void> {
  /** The next event; undefined when there is none yet, or none any more. */
  poll(): LiveEvent | undefined;
  readonly ended: boolean;
  /** It ended because events that it should have told of next are no longer kept. */
  readonly isCut: boolean;
  /** Told whenever polling is worth while again after it brought nothing. */
  reader: EventReader | null;
}

export interface EventReader {
  readable(): void;
  /** More waits by now than a reader that was told should let wait. */
  pressed?(): void;
}
