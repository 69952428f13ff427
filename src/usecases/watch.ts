import {
  eventKinds,
  type LiveEvent,
  type LoggedEvent,
  type OwnerDeleted,
  type SessionDeleted,
} from "../interview/events.ts";
import type {
  BusEvent,
  EventLog,
  EventPage,
  EventReader,
  EventStream,
  Listener,
  LiveBus,
  LogPlace,
  Subscription,
  Topic,
} from "../ports/events.ts";
import { afterDeletion, SeenSessions } from "./seenSessions.ts";

/** Queued events per reader; a reader that falls further behind reads from the log instead. */
const queueLimit = 256;
/** From this many on, the reader is to be served before other work. */
const urgentLength = 64;
/** Events of one session per read of the log. */
const pageSize = 200;
/** Events of all sessions per read of the log. */
const lookBackSize = 1_000;
/** How far to look back when the bus may have lost events: commits take a while. Tailing the log finds older ones. */
const lookBackMs = 10_000;
/** Pause before a failed read of the log is retried. */
const retryMs = 500;
/** How often a queue may overflow while its reader takes nothing, before the reader is given up. */
const stallLimit = 4;

/** Events that occur only once the conversation is over. */
const endOfConversation: ReadonlySet<string> = new Set<LiveEvent["kind"]>([
  "InterviewCompleted",
  "EvaluationProgressed",
  "AnswerEvaluated",
  "ReportReady",
  "EvaluationFailed",
]);

export interface WatchOptions {
  /** The reader takes nothing although its queue overflows repeatedly: close its connection. */
  onStalled?: (() => void) | undefined;
  /** A session was read from the log again because events were missing; for metrics. */
  onGap?: (() => void) | undefined;
}

interface Parts {
  log: EventLog;
  bus: LiveBus;
}

/**
 * Why a session cannot be watched from a cursor; a session that may not be watched looks like one that does not exist.
 */
export type WatchRefusal = "SESSION_NOT_FOUND" | "INVALID_CURSOR" | "SNAPSHOT_REQUIRED";

interface Place {
  sessionId: string;
  /** The cursor of the last known event; null: from now on. */
  after: string | null;
  mayWatch(ownerId: string): boolean;
}

/**
 * All events of one session after a cursor, in order, each exactly once. It subscribes first, then reads the log, then
 * continues live; gaps in the numbers are filled from the log. A stream that needs events which are no longer stored is
 * cut.
 */
export async function watchSession(
  { log, bus }: Parts,
  place: Place,
  options: WatchOptions = {},
): Promise<EventStream | WatchRefusal> {
  const stream = new SessionStream(log, place.sessionId, options);
  await stream.listen(bus, { kind: "session", sessionId: place.sessionId });
  const refusal = await stream.open(place).catch((error: unknown) => stream.throw(error));
  if (typeof refusal !== "string") return stream;
  await stream.return();
  return refusal;
}

/**
 * The live events of all sessions of one owner, or of everybody, each session's in order and without gaps. Only events
 * that the bus lost before the first one that the stream received of a session are delivered after it.
 */
export async function watchSessions(
  { log, bus }: Parts,
  topic: Extract<Topic, { kind: "owner" | "all" }>,
  options: WatchOptions = {},
): Promise<EventStream> {
  const stream = new SessionsStream(log, topic, await log.now(), options);
  await stream.listen(bus, topic);
  return stream;
}

interface Missing {
  events: (LoggedEvent | SessionDeleted)[];
  more: boolean;
  /** The session was deleted. */
  gone?: SessionDeleted;
  /** The missing events are no longer stored. */
  isLost?: boolean;
}

/** Merges events from the bus and from the log in order. Kept small: a node has one for each reader. */
abstract class MergedStream implements EventStream, Listener {
  protected readonly log: EventLog;
  readonly #options: WatchOptions;
  #queue: BusEvent[] = [];
  /** Events read from the log and not delivered yet. */
  #replay: Missing["events"] = [];
  /** Received before earlier events of its session, which are being read. */
  #early: LoggedEvent | null = null;
  /** The log has events that come before those in the queue. */
  #behind = false;
  #catchingUp = false;
  #stalls = 0;
  /** The reader polled an empty stream: it is not the slow one. */
  #isWaiting = false;
  #subscription: Subscription | null = null;
  #pending: Promise<unknown> | null = null;
  ended = false;
  isCut = false;
  reader: EventReader | null = null;

  constructor(log: EventLog, options: WatchOptions) {
    this.log = log;
    this.#options = options;
  }

  /** The newest number delivered of a session; undefined if there is none or it was forgotten. */
  protected abstract lastOf(sessionId: string): number | undefined;
  protected abstract advance(event: LoggedEvent | SessionDeleted): void;
  /** Whether an event that is not the next one of its session has not been delivered yet. */
  protected abstract isLate(event: LoggedEvent | SessionDeleted): boolean;
  /** The conversation of a session is over. */
  protected abstract over(sessionId: string): void;
  protected abstract isOver(sessionId: string): boolean;
  /** Reads what is missing before an early event of its session, or, for null, in any session. */
  protected abstract readMissing(early: LoggedEvent | null): Promise<Missing>;
  /** These have to be read from the log again; empty if it is unknown what was lost. */
  protected abstract goBack(dropped: readonly BusEvent[]): void;
  /** Whether the stream ends with this event. */
  protected abstract isLast(event: LiveEvent | OwnerDeleted): boolean;

  async listen(bus: LiveBus, topic: Topic): Promise<void> {
    this.#subscription = await bus.listen(topic, this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<LiveEvent, void>> {
    // Concurrent calls are served one after the other.
    const result = this.#pending === null ? this.#take() : this.#pending.then(() => this.#take());
    this.#pending = result;
    return result;
  }

  async return(): Promise<IteratorResult<LiveEvent, void>> {
    this.#end();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<LiveEvent, void>> {
    this.#end();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  async #take(): Promise<IteratorResult<LiveEvent, void>> {
    for (;;) {
      const event = this.poll();
      if (event !== undefined) return { done: false, value: event };
      if (this.ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.reader = { readable: resolve }));
      this.reader = null;
    }
  }

  poll(): LiveEvent | undefined {
    this.#stalls = 0;
    this.#isWaiting = false;
    while (!this.ended) {
      const event = this.#shift();
      if (event === undefined) {
        this.#isWaiting = true;
        if ((this.#behind || this.#early !== null) && !this.#catchingUp) void this.#catchUp();
        return undefined;
      }
      if (event.kind === "OwnerDeleted") {
        if (this.isLast(event)) this.#end();
        continue;
      }
      if (!this.#isNext(event)) continue;
      if (event.seq !== null) this.advance(event);
      if (this.isLast(event)) this.#end();
      if (endOfConversation.has(event.kind)) this.over(event.sessionId);
      // A question still being written when the interview ended will not be asked.
      if (event.kind === "QuestionDelta" && this.isOver(event.sessionId)) continue;
      // During a rolling deployment a newer node may send kinds that this one does not know.
      if (eventKinds.has(event.kind)) return event;
    }
    return undefined;
  }

  /** undefined while events that come first are being read. */
  #shift(): BusEvent | undefined {
    if (this.#catchingUp || this.#early !== null) return undefined;
    return this.#replay.shift() ?? (this.#behind ? undefined : this.#queue.shift());
  }

  /** Whether the event comes next. Drops what was delivered before, and detects gaps. */
  #isNext(event: LiveEvent): boolean {
    if (event.seq === null) return true;
    const last = this.lastOf(event.sessionId);
    if (last === undefined) return this.isLate(event);
    // The missing events before it can no longer be read.
    if (event.kind === "SessionDeleted") return last !== afterDeletion;
    if (event.seq > last + 1) {
      this.#early = event;
      this.#options.onGap?.();
      return false;
    }
    return event.seq === last + 1 || this.isLate(event);
  }

  async #catchUp(): Promise<void> {
    this.#catchingUp = true;
    const early = this.#early;
    // Set again if it falls behind while reading.
    if (early === null) this.#behind = false;
    const missing = await this.readMissing(early).catch(() => null);
    // The database is unavailable: the stream is silent until it is back, and then catches up.
    if (missing === null) await new Promise<void>((resolve) => setTimeout(resolve, retryMs));
    this.#catchingUp = false;
    if (this.ended) return;
    if (missing !== null) this.fill(missing);
    else if (early === null) this.#behind = true;
    this.#notify();
  }

  /** Takes in the result of a read of the log. */
  protected fill({ events, more, gone, isLost }: Missing): void {
    if (isLost) {
      this.isCut = true;
      this.#end();
      return;
    }
    if (gone !== undefined) {
      // The events missing before the others can no longer be read.
      this.#early = null;
      this.#replay = [];
      this.#queue = [gone];
    } else if (this.#early !== null) {
      // If more than a page is missing, it is early once more.
      this.#replay.unshift(...events, this.#early);
      this.#early = null;
    } else {
      this.#replay.push(...events);
      this.#behind ||= more;
    }
  }

  hear(events: readonly BusEvent[]): void {
    if (this.ended) return;
    for (const event of events) {
      if (this.#queue.length >= queueLimit && !this.#makeRoom(events)) return;
      if (this.#queue.push(event) === urgentLength) this.reader?.pressed?.();
    }
    if (!this.#behind && !this.#catchingUp) this.#notify();
  }

  missed(): void {
    this.#fallBehind([]);
    this.#notify();
  }

  /** Drops deltas first. If that is not enough, everything is dropped, including what is coming: the log has it. */
  #makeRoom(coming: readonly BusEvent[]): boolean {
    this.#queue = this.#queue.filter((event) => event.kind !== "QuestionDelta");
    if (this.#queue.length < queueLimit) return true;
    this.#fallBehind([...this.#queue, ...coming]);
    this.#queue = [];
    if (!this.#isWaiting && ++this.#stalls === stallLimit) this.#options.onStalled?.();
    else this.#notify();
    return false;
  }

  #fallBehind(dropped: readonly BusEvent[]): void {
    this.#behind = true;
    this.goBack(dropped);
  }

  /** Notifies the reader, once until it polls again. */
  #notify(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.reader?.readable();
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#subscription?.release();
    this.#queue = [];
    this.#replay = [];
    this.#notify();
  }
}

class SessionStream extends MergedStream {
  readonly #sessionId: string;
  #last = 0;
  #over = false;

  constructor(log: EventLog, sessionId: string, options: WatchOptions) {
    super(log, options);
    this.#sessionId = sessionId;
  }

  /** Starts at the cursor, if the viewer may watch the session. */
  async open({ after, mayWatch }: Place): Promise<WatchRefusal | null> {
    const cursor = after === null ? null : seqOf(after);
    const page = await this.log.read(this.#sessionId, cursor, pageSize);
    if (page === null || !mayWatch(page.ownerId)) return "SESSION_NOT_FOUND";
    if (after !== null && (cursor === null || cursor > page.newest)) return "INVALID_CURSOR";
    this.#last = cursor ?? page.newest;
    if (this.#last < page.oldest - 1) return "SNAPSHOT_REQUIRED";
    this.fill(this.#missingIn(page));
    return null;
  }

  protected lastOf(): number {
    return this.#last;
  }

  protected advance({ seq }: LoggedEvent | SessionDeleted): void {
    this.#last = seq;
  }

  protected isLate(): boolean {
    return false;
  }

  protected over(): void {
    this.#over = true;
  }

  protected isOver(): boolean {
    return this.#over;
  }

  protected isLast({ kind }: LiveEvent | OwnerDeleted): boolean {
    return kind === "SessionDeleted";
  }

  protected async readMissing(): Promise<Missing> {
    const page = await this.log.read(this.#sessionId, this.#last, pageSize);
    if (page !== null) return this.#missingIn(page);
    return { events: [], more: false, gone: (await this.log.deletionOf(this.#sessionId)) ?? this.#longGone() };
  }

  /** Nothing to do: it always continues from its last number. */
  protected goBack(): void {}

  /** The record of the deletion is gone as well. */
  #longGone(): SessionDeleted {
    const seq = this.#last + 1;
    return { kind: "SessionDeleted", sessionId: this.#sessionId, ownerId: "", seq, occurredAt: new Date() };
  }

  #missingIn({ events, oldest }: EventPage): Missing {
    return { events, more: events.length === pageSize, isLost: oldest > this.#last + 1 };
  }
}

class SessionsStream extends MergedStream {
  readonly #topic: Extract<Topic, { kind: "owner" | "all" }>;
  readonly #seen = new SeenSessions();
  readonly #startedAt: Date;
  /** Where to continue reading the log: everything before was delivered or is in the queue. */
  #from: LogPlace | null = null;
  /** It is unknown what was lost. */
  #missed = false;

  constructor(log: EventLog, topic: Extract<Topic, { kind: "owner" | "all" }>, startedAt: Date, options: WatchOptions) {
    super(log, options);
    this.#topic = topic;
    this.#startedAt = startedAt;
  }

  protected lastOf(sessionId: string): number | undefined {
    return this.#seen.get(sessionId)?.last;
  }

  protected advance({ kind, sessionId, seq, occurredAt }: LoggedEvent | SessionDeleted): void {
    this.#seen.tell(sessionId, kind === "SessionDeleted" ? afterDeletion : seq, occurredAt);
  }

  /** Once a session is known, events from before the stream began are not delivered any more. */
  protected isLate({ sessionId, seq, occurredAt }: LoggedEvent | SessionDeleted): boolean {
    if (this.lastOf(sessionId) !== undefined && occurredAt < this.#startedAt) return false;
    return !this.#seen.mayBeTold(sessionId, seq, occurredAt);
  }

  protected over(sessionId: string): void {
    const seen = this.#seen.get(sessionId);
    if (seen !== undefined) seen.isOver = true;
  }

  protected isOver(sessionId: string): boolean {
    return this.#seen.get(sessionId)?.isOver ?? false;
  }

  /** Deletions are reported for a while, also to those who have reconnected since: their streams go on. */
  protected isLast(event: LiveEvent | OwnerDeleted): boolean {
    return event.kind === "OwnerDeleted" && this.#isOwn(event.ownerId) && event.occurredAt >= this.#startedAt;
  }

  protected async readMissing(early: LoggedEvent | null): Promise<Missing> {
    return early === null ? this.#lookBack() : { events: await this.#readBefore(early), more: false };
  }

  async #readBefore({ sessionId, seq }: LoggedEvent): Promise<LoggedEvent[]> {
    const seen = this.#seen.get(sessionId)!;
    const events = (await this.log.read(sessionId, seen.last, pageSize))?.events ?? [];
    // If the missing events are no longer stored, it continues without them.
    seen.last = Math.min(events[0]?.seq ?? seq, seq) - 1;
    return events;
  }

  /** The next page of events of all sessions. */
  async #lookBack(): Promise<Missing> {
    if (this.#missed) {
      const now = await this.log.now();
      this.#missed = false;
      this.#readFrom(beginningOf(now.getTime() - lookBackMs));
    }
    const from = this.#from;
    // A further loss was reported while the clock was read; the position is computed again later.
    if (from === null) return { events: [], more: false };
    this.#from = null;
    const owners = this.#topic.kind === "owner" ? [this.#topic.ownerId] : [];
    const events = await this.log.readAll(from, lookBackSize, owners).catch((error: unknown) => {
      this.#readFrom(from);
      throw error;
    });
    if (events.length === lookBackSize) this.#readFrom(events.at(-1)!);
    return { events: events.filter((event) => this.#isWatched(event)), more: this.#from !== null };
  }

  protected goBack(dropped: readonly BusEvent[]): void {
    if (dropped.length === 0) this.#missed = true;
    else this.#readFrom(beginningOf(Math.min(...dropped.map(({ occurredAt }) => occurredAt.getTime()))));
  }

  /** Keeps the earlier of two positions: what was dropped while a page was read may lie before its end. */
  #readFrom(place: LogPlace): void {
    if (this.#from === null || !isBefore(this.#from, place)) this.#from = place;
  }

  #isWatched({ ownerId, sessionId, occurredAt }: LoggedEvent | SessionDeleted): boolean {
    const isVisible = this.#topic.kind === "all" || this.#isOwn(ownerId);
    return isVisible && (this.lastOf(sessionId) !== undefined || occurredAt >= this.#startedAt);
  }

  #isOwn(ownerId: string): boolean {
    return this.#topic.kind === "owner" && this.#topic.ownerId === ownerId;
  }
}

/** The position before all events of that millisecond. */
function beginningOf(ms: number): LogPlace {
  return { occurredAt: new Date(ms), sessionId: "00000000-0000-0000-0000-000000000000", seq: 0 };
}

function isBefore(a: LogPlace, b: LogPlace): boolean {
  const ms = a.occurredAt.getTime() - b.occurredAt.getTime();
  if (ms !== 0) return ms < 0;
  return a.sessionId === b.sessionId ? a.seq < b.seq : a.sessionId < b.sessionId;
}

/** The event number in a cursor; null for a malformed one. */
function seqOf(cursor: string): number | null {
  return /^(0|[1-9]\d{0,8})$/.test(cursor) ? Number(cursor) : null;
}
