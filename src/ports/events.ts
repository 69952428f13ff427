import type { LiveEvent, LoggedEvent, OwnerDeleted, SessionDeleted } from "../interview/events.ts";
import type { StoredChange } from "./store.ts";

/** The stored events, the source of truth about what happened. */
export interface EventLog {
  /**
   * At most `limit` events of one session after number `after`, none of them when it is null; null for an unknown
   * session.
   */
  read(sessionId: string, after: number | null, limit: number): Promise<EventPage | null>;
  /**
   * At most `limit` events and deletions of all sessions after a position, oldest first. Owners who deleted everything
   * are identified only if they are among `owners`.
   */
  readAll(after: LogPlace, limit: number, owners: string[]): Promise<(LoggedEvent | SessionDeleted)[]>;
  /**
   * The sessions that had events or were deleted, and the owners who deleted everything, within these times: at most
   * `limit` of each. Such owners are identified only if they are among `owners`.
   */
  recent(within: { eventsMs: number; deletionsMs: number }, limit: number, owners: string[]): Promise<Recent>;
  /** The deletion of a session that read() no longer finds; null when it is no longer on record. */
  deletionOf(sessionId: string): Promise<SessionDeleted | null>;
  /** The database's clock, which dates all events: the clocks of nodes differ. */
  now(): Promise<Date>;
}

/** A position in the log of all sessions, which is ordered by time, session and number. */
export type LogPlace = Pick<LoggedEvent, "occurredAt" | "sessionId" | "seq">;

/** Some events of a session, in order, with its bounds: a consistent snapshot. */
export interface EventPage {
  ownerId: string;
  /** The number of the session's newest event. */
  newest: number;
  /** The number of the oldest stored event; the one after the newest if none is stored. */
  oldest: number;
  events: LoggedEvent[];
}

export interface Recent {
  sessions: RecentEvents[];
  owners: OwnerDeleted[];
  /**
   * For how long the oldest transaction was open that might still store events, in milliseconds: they will be dated from
   * then on. 0 if there was none.
   */
  openMs: number;
}

/** The first and last number of a session's recent events. */
export interface RecentEvents {
  sessionId: string;
  ownerId: string;
  first: number;
  last: number;
  /** When the session was deleted, in which case `last` is the deletion's number; null while it exists. */
  deletedAt: Date | null;
}

/** Events that some listener in this process has not received, and the number after which to read. */
export interface UndeliveredEvents extends RecentEvents {
  after: number;
}

/** What a bus carries. */
export type BusEvent = LiveEvent | OwnerDeleted;

/** Delivers events to subscribers. Best effort: what it loses is read from the log. */
export interface LiveBus {
  /**
   * `change` lets other nodes that have the session in memory update it without reading it. It may also be sent without
   * events.
   */
  publish(events: readonly BusEvent[], change?: StoredChange | null): void;
  /** Resolves once listening has begun: everything published after that is delivered. */
  listen(topic: Topic, listener: Listener): Promise<Subscription>;
  /** Delivers events found in the log to the listeners in this process. Delivering an event twice does no harm. */
  deliver(events: readonly BusEvent[]): void;
  /** Those of these events that some listener in this process has not received. */
  undelivered(recent: RecentEvents[]): UndeliveredEvents[];
  hasListeners(): boolean;
  /** Owners with a listener for all of their sessions. */
  listenedOwners(): string[];
  close(): Promise<void>;
}

export type Topic = { kind: "session"; sessionId: string } | { kind: "owner"; ownerId: string } | { kind: "all" };

export interface Listener {
  /** Events of a topic, delivered together; each session's are in order. */
  hear(events: readonly BusEvent[]): void;
  /** Events may have been lost: read the log again. */
  missed(): void;
}

export interface Subscription {
  release(): void;
}

/**
 * Events as an async iterator. Thousands of readers on one node poll instead, which creates no promise for an event
 * that is already there.
 */
export interface EventStream extends AsyncIterableIterator<LiveEvent, void, void> {
  /** The next event; undefined if there is none at the moment, or the stream has ended. */
  poll(): LiveEvent | undefined;
  readonly ended: boolean;
  /** The stream ended because the events that come next are no longer stored. */
  readonly isCut: boolean;
  /** Notified when polling makes sense again after it returned nothing. */
  reader: EventReader | null;
}

export interface EventReader {
  readable(): void;
  /** More events are queued than a notified reader should leave waiting. */
  pressed?(): void;
}
