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

/** Events that wait for one reader; a reader that falls further behind reads them from the log instead. */
const queueLimit = 256;
/** So many should not wait while other things are heard. */
const pressing = 64;
/** Events of one session that are read from the log at once. */
const pageSize = 200;
/** Events of all sessions that are read at once. */
const lookBackSize = 1_000;
/** How long ago what the bus says it missed may have happened: commits take a while. The node's look finds what is older. */
const lookBackMs = 10_000;
/** How long to wait before the log is read again after it could not be. */
const retryMs = 500;
/** Times a queue may overflow while its reader takes nothing before the reader is given up. */
const stallLimit = 4;

/** What is told of a session only when its conversation is over. */
const endOfConversation: ReadonlySet<string> = new Set<LiveEvent["kind"]>([
  "InterviewCompleted",
  "EvaluationProgressed",
  "AnswerEvaluated",
  "ReportReady",
  "EvaluationFailed",
]);

export interface WatchOptions {
  /** The reader takes nothing while its queue overflows again and again: close its connection. */
  onStalled?: (() => void) | undefined;
  /** Sessions read from the log again because events were missing in between; for metrics. */
  onGap?: (() => void) | undefined;
}

interface Parts {
  log: EventLog;
  bus: LiveBus;
}

/** Why a session cannot be watched from a cursor; what may not be watched looks like what is not there. */
export type WatchRefusal = "SESSION_NOT_FOUND" | "INVALID_CURSOR" | "SNAPSHOT_REQUIRED";

interface Place {
  sessionId: string;
  /** The cursor of the last event that is known; null: from now on. */
  after: string | null;
  mayWatch(ownerId: string): boolean;
}

/**
 * Everything that happens in one session after a cursor, in order, nothing lost and nothing twice. It listens first, then
 * reads the log, then goes on live; a gap in the numbers is filled from the log. A stream that needs events which are no
 * longer kept is cut.
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
 * The live events of all sessions of one owner, or of everybody; each session's in order and without gaps. Only what a bus
 * has lost before the first that the stream hears of a session comes after that.
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
  /** The session is not there any more. */
  gone?: SessionDeleted;
  /** What is missing is not kept any more. */
  isLost?: boolean;
}

/** What was heard and what was read, put in order. Made to be small: a node has as many of them as readers. */
abstract class MergedStream implements EventStream, Listener {
  protected readonly log: EventLog;
  readonly #options: WatchOptions;
  #queue: BusEvent[] = [];
  /** What was read from the log and not handed out yet. */
  #replay: Missing["events"] = [];
  /** Waits for those of its session that are missing before it. */
  #early: LoggedEvent | null = null;
  /** There is more in the log to be read before what is in the queue. */
  #behind = false;
  #catchingUp = false;
  #stalls = 0;
  /** The reader asked for more than there is: what it lacks is not its own fault. */
  #hungry = false;
  #subscription: Subscription | null = null;
  #pending: Promise<unknown> | null = null;
  ended = false;
  isCut = false;
  reader: EventReader | null = null;

  constructor(log: EventLog, options: WatchOptions) {
    this.log = log;
    this.#options = options;
  }

  /** The newest number handed out of a session; undefined before the first, and where it is not known any more. */
  protected abstract lastOf(sessionId: string): number | undefined;
  protected abstract advance(event: LoggedEvent | SessionDeleted): void;
  /** Whether an event that does not follow on the last of its session has not been handed out yet. */
  protected abstract isLate(event: LoggedEvent | SessionDeleted): boolean;
  /** Nothing is asked any more in a session. */
  protected abstract over(sessionId: string): void;
  protected abstract isOver(sessionId: string): boolean;
  /** What is missing before an early event of a session; or, for null, wherever it is. */
  protected abstract readMissing(early: LoggedEvent | null): Promise<Missing>;
  /** These have to be found in the log again; none where nobody knows what was missed. */
  protected abstract goBack(dropped: readonly BusEvent[]): void;
  /** Whether the stream has nothing more to tell after this one. */
  protected abstract isLast(event: LiveEvent | OwnerDeleted): boolean;

  async listen(bus: LiveBus, topic: Topic): Promise<void> {
    this.#subscription = await bus.listen(topic, this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<LiveEvent, void>> {
    // One at a time: each waits for what the one before it leaves.
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
    this.#hungry = false;
    while (!this.ended) {
      const event = this.#shift();
      if (event === undefined) {
        this.#hungry = true;
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
      // What was still being written when the interview ended is not asked, so it is not shown either.
      if (event.kind === "QuestionDelta" && this.isOver(event.sessionId)) continue;
      // A newer node, while a deployment rolls on, may tell of kinds that this one does not know.
      if (eventKinds.has(event.kind)) return event;
    }
    return undefined;
  }

  /** Nothing while something is read that comes first. */
  #shift(): BusEvent | undefined {
    if (this.#catchingUp || this.#early !== null) return undefined;
    return this.#replay.shift() ?? (this.#behind ? undefined : this.#queue.shift());
  }

  /** Drops what was handed out before; notices what is missing in between. */
  #isNext(event: LiveEvent): boolean {
    if (event.seq === null) return true;
    const last = this.lastOf(event.sessionId);
    if (last === undefined) return this.isLate(event);
    // Nothing is left that could be read of what is missing before it.
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
    // Whoever falls behind anew from now on has to look again.
    if (early === null) this.#behind = false;
    const missing = await this.readMissing(early).catch(() => null);
    // The database is away: whoever watches learns of it by silence, and of what happened once it is back.
    if (missing === null) await new Promise<void>((resolve) => setTimeout(resolve, retryMs));
    this.#catchingUp = false;
    if (this.ended) return;
    if (missing !== null) this.fill(missing);
    else if (early === null) this.#behind = true;
    this.#tell();
  }

  /** What a look at the log has found. */
  protected fill({ events, more, gone, isLost }: Missing): void {
    if (isLost) {
      this.isCut = true;
      this.#end();
      return;
    }
    if (gone !== undefined) {
      // Nothing can be read any more of what is missing before the others.
      this.#early = null;
      this.#replay = [];
      this.#queue = [gone];
    } else if (this.#early !== null) {
      // If more than a page is missing before it, it is early once more.
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
      if (this.#queue.push(event) === pressing) this.reader?.pressed?.();
    }
    if (!this.#behind && !this.#catchingUp) this.#tell();
  }

  missed(): void {
    this.#fallBehind([]);
    this.#tell();
  }

  /** Passing pieces go first; when that is not enough, everything goes, also what comes: the log has it. */
  #makeRoom(coming: readonly BusEvent[]): boolean {
    this.#queue = this.#queue.filter((event) => event.kind !== "QuestionDelta");
    if (this.#queue.length < queueLimit) return true;
    this.#fallBehind([...this.#queue, ...coming]);
    this.#queue = [];
    if (!this.#hungry && ++this.#stalls === stallLimit) this.#options.onStalled?.();
    else this.#tell();
    return false;
  }

  #fallBehind(dropped: readonly BusEvent[]): void {
    this.#behind = true;
    this.goBack(dropped);
  }

  /** Once: a reader that is told and does not ask again has enough to do. */
  #tell(): void {
    if (!this.#hungry) return;
    this.#hungry = false;
    this.reader?.readable();
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#subscription?.release();
    this.#queue = [];
    this.#replay = [];
    this.#tell();
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

  /** Takes its place in the log, if it may. */
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

  /** It reads on from its last number, whatever was dropped. */
  protected goBack(): void {}

  /** Deleted so long ago that nobody knows any more when. */
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
  /** Where the log is read on while it is behind: everything before was handed out, or is in the queue. */
  #from: LogPlace | null = null;
  /** Nobody knows what was missed. */
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

  /** Of a session that it knows, what was before the stream began is not told after what came then. */
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

  /** A deletion is told for a while, also to those who have come back since: they watch what is new. */
  protected isLast(event: LiveEvent | OwnerDeleted): boolean {
    return event.kind === "OwnerDeleted" && this.#isOwn(event.ownerId) && event.occurredAt >= this.#startedAt;
  }

  protected async readMissing(early: LoggedEvent | null): Promise<Missing> {
    return early === null ? this.#lookBack() : { events: await this.#readBefore(early), more: false };
  }

  async #readBefore({ sessionId, seq }: LoggedEvent): Promise<LoggedEvent[]> {
    const seen = this.#seen.get(sessionId)!;
    const events = (await this.log.read(sessionId, seen.last, pageSize))?.events ?? [];
    // Where nothing is kept of the missing part, going on without it beats looking for ever.
    seen.last = Math.min(events[0]?.seq ?? seq, seq) - 1;
    return events;
  }

  /** The next page of what happened in all sessions. */
  async #lookBack(): Promise<Missing> {
    if (this.#missed) {
      const now = await this.log.now();
      this.#missed = false;
      this.#readFrom(beginningOf(now.getTime() - lookBackMs));
    }
    const from = this.#from;
    // Told of a miss once more while the clock was read: what follows was read after that.
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

  /** Unless it is read from an earlier place already. What was dropped while a page was read may lie before its end. */
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

/** Before everything that happened in that millisecond, by the database's clock. */
function beginningOf(ms: number): LogPlace {
  return { occurredAt: new Date(ms), sessionId: "00000000-0000-0000-0000-000000000000", seq: 0 };
}

function isBefore(a: LogPlace, b: LogPlace): boolean {
  const ms = a.occurredAt.getTime() - b.occurredAt.getTime();
  if (ms !== 0) return ms < 0;
  return a.sessionId === b.sessionId ? a.seq < b.seq : a.sessionId < b.sessionId;
}

/** The number of an event by its cursor; null for what is no cursor. */
function seqOf(cursor: string): number | null {
  return /^(0|[1-9]\d{0,8})$/.test(cursor) ? Number(cursor) : null;
}
