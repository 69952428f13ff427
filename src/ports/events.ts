import type { LiveEvent, LoggedEvent, OwnerDeleted, SessionDeleted } from "../interview/events.ts";
import type { StoredChange } from "./store.ts";

/** The stored events, the truth about what happened. */
export interface EventLog {
  /** At most `limit` events of one session after number `after`, none for null; null for an unknown session. */
  read(sessionId: string, after: number | null, limit: number): Promise<EventPage | null>;
  /**
   * At most `limit` events of all sessions after a place, oldest first, and deletions among them. Owners who deleted
   * everything are known again only where they are among `owners`.
   */
  readAll(after: LogPlace, limit: number, owners: string[]): Promise<(LoggedEvent | SessionDeleted)[]>;
  /**
   * Which sessions had events or were deleted, and of which owners all was deleted, within the last so many milliseconds:
   * at most `limit` of each. Owners who deleted everything are known again only where they are among `owners`.
   */
  recent(within: { eventsMs: number; deletionsMs: number }, limit: number, owners: string[]): Promise<Recent>;
  /** How a session went that read() no longer finds; null when that is not known any more. */
  deletionOf(sessionId: string): Promise<SessionDeleted | null>;
  /** The database's clock, which all events are dated by: those of the nodes differ. */
  now(): Promise<Date>;
}

/** Just after an event among those of all sessions: they are ordered by when they happened, then by these. */
export type LogPlace = Pick<LoggedEvent, "occurredAt" | "sessionId" | "seq">;

/** Some events of a session, in order, and what there is around them: all as it was in one moment. */
export interface EventPage {
  ownerId: string;
  /** The number of the session's newest event. */
  newest: number;
  /** The number of the oldest event that is kept; the one after the newest where none is. */
  oldest: number;
  events: LoggedEvent[];
}

export interface Recent {
  sessions: RecentEvents[];
  owners: OwnerDeleted[];
}

/** The numbers of the first and the last of a session's recent events. */
export interface RecentEvents {
  sessionId: string;
  ownerId: string;
  first: number;
  last: number;
  /** When the session was deleted, of which `last` is the number; null while it is there. */
  deletedAt: Date | null;
}

/** What some listener of this process has not been told, and after which number to read on. */
export interface UntoldEvents extends RecentEvents {
  after: number;
}

/** What travels on a bus. */
export type BusEvent = LiveEvent | OwnerDeleted;

/** Carries events to those who watch. Only a hint: what it loses is read from the log. */
export interface LiveBus {
  /**
   * `change` is what the events tell of, for other nodes that keep the session: so they need not read it. It may also
   * come alone.
   */
  publish(events: readonly BusEvent[], change?: StoredChange | null): void;
  /** Resolves once listening has begun: what is published after that is heard. */
  listen(topic: Topic, listener: Listener): Promise<Subscription>;
  /** Tells the listeners of this process only: for what was found in the log. Hearing an event twice does no harm. */
  deliver(events: readonly BusEvent[]): void;
  /** Those of these events that some listener of this process has not been told. */
  untold(recent: RecentEvents[]): UntoldEvents[];
  hasListeners(): boolean;
  /** Owners of whose sessions somebody listens to all. */
  listenedOwners(): string[];
  close(): Promise<void>;
}

export type Topic = { kind: "session"; sessionId: string } | { kind: "owner"; ownerId: string } | { kind: "all" };

export interface Listener {
  /** Events of a topic that were told together, each session's in order. */
  hear(events: readonly BusEvent[]): void;
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
