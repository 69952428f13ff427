import type { LiveEvent, LoggedEvent } from "../interview/events.ts";
import type { EventLog, Listener, LiveBus, Subscription, Topic } from "../ports/events.ts";

/** Events that wait for one reader; a reader that falls further behind reads them from the log instead. */
const queueLimit = 256;
/** Events read from the log at once. */
const pageSize = 200;
/** How long to wait before the log is read again after it could not be. */
const retryMs = 500;
/** Times a queue may overflow while its reader takes nothing before the reader is given up. */
const stallLimit = 4;

export type EventStream = AsyncIterableIterator<LiveEvent, void, void>;

export interface WatchOptions {
  /** The reader takes nothing while its queue overflows again and again: close its connection. */
  onStalled?(): void;
  /** Sessions read from the log again because events were missing in between; for metrics. */
  onGap?(): void;
}

/**
 * Everything that happens in one session after event number `after`, in order, nothing lost and nothing twice. It
 * listens first, then reads the log, then goes on live; a gap in the numbers is filled from the log.
 */
export async function watchSession(
  { log, bus }: { log: EventLog; bus: LiveBus },
  sessionId: string,
  after: number,
  options: WatchOptions = {},
): Promise<EventStream> {
  const source: CatchUp = {
    async read(last) {
      const events = await log.read(sessionId, last.get(sessionId) ?? after, pageSize);
      const gone = events.length === 0 && (await log.bounds(sessionId)) === null;
      return { events, more: events.length === pageSize, gone: gone ? sessionId : null };
    },
  };
  const topic: Topic = { kind: "session", sessionId };
  const stream = new MergedStream(source, new Map([[sessionId, after]]), topic, options);
  await stream.listen(bus, topic);
  return stream;
}

/** The live events of all sessions of one owner, or of everybody; each session's in order and without gaps. */
export async function watchSessions(
  { log, bus }: { log: EventLog; bus: LiveBus },
  topic: Extract<Topic, { kind: "owner" | "all" }>,
  options: WatchOptions = {},
): Promise<EventStream> {
  const startedAt = await log.now();
  let readAt = performance.now();
  const source: CatchUp = {
    async read(last, gap) {
      if (gap !== null) {
        const events = await log.read(gap, last.get(gap) ?? 0, pageSize);
        return { events, more: events.length === pageSize, gone: null };
      }
      // Commits take a while: look back further than the last look.
      const withinMs = performance.now() - readAt + 10_000;
      const events = (await log.readRecent(withinMs, 5_000)).filter(
        (event) =>
          (topic.kind === "all" || event.ownerId === topic.ownerId) &&
          (last.has(event.sessionId) || event.occurredAt >= startedAt),
      );
      readAt = performance.now();
      return { events, more: false, gone: null };
    },
  };
  const stream = new MergedStream(source, new Map(), topic, options);
  await stream.listen(bus, topic);
  return stream;
}

interface CatchUp {
  /** Events that are missing after the last known numbers; `gap` names the session where one was noticed. */
  read(
    last: ReadonlyMap<string, number>,
    gap: string | null,
  ): Promise<{ events: LoggedEvent[]; more: boolean; gone: string | null }>;
}

/** Written by hand rather than as a generator, so that return() settles a next() that is waiting for an event. */
class MergedStream implements EventStream {
  readonly #source: CatchUp;
  /** The newest number handed out, by session. */
  readonly #last: Map<string, number>;
  readonly #single: boolean;
  /** Whose sessions these are; null for everybody's. */
  readonly #ownerId: string | null;
  readonly #options: WatchOptions;

  #queue: LiveEvent[] = [];
  /** What was read from the log and not handed out yet. */
  #replay: LoggedEvent[] = [];
  #behind: { gap: string | null } | null;
  #stalls = 0;
  /** The reader waits for something: what it lacks is not its own fault. */
  #reading = false;
  #ended = false;
  #subscription: Subscription | null = null;
  #wake: (() => void) | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(source: CatchUp, last: Map<string, number>, topic: Topic, options: WatchOptions) {
    this.#source = source;
    this.#last = last;
    this.#single = topic.kind === "session";
    this.#ownerId = topic.kind === "owner" ? topic.ownerId : null;
    this.#options = options;
    this.#behind = this.#single ? { gap: null } : null;
  }

  async listen(bus: LiveBus, topic: Topic): Promise<void> {
    const listener: Listener = {
      hear: (event) => this.#hear(event),
      missed: () => this.#fallBehind(null),
    };
    this.#subscription = await bus.listen(topic, listener);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<LiveEvent, void>> {
    // One at a time: two readers of the log would hand out the same events.
    const turn = this.#turn.then(() => this.#take());
    this.#turn = turn.catch(() => {});
    return turn;
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
    this.#stalls = 0;
    this.#reading = true;
    try {
      return await this.#takeNext();
    } finally {
      this.#reading = false;
    }
  }

  async #takeNext(): Promise<IteratorResult<LiveEvent, void>> {
    while (!this.#ended) {
      const event = this.#replay.shift() ?? (this.#behind === null ? this.#queue.shift() : undefined);
      if (event === undefined) {
        if (this.#behind !== null) await this.#catchUp(this.#behind);
        else await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      if (!this.#isNext(event)) continue;
      if (event.kind === "OwnerDeleted") {
        if (this.#ownerId === event.ownerId) this.#end();
        continue;
      }
      if (event.kind === "SessionDeleted") {
        this.#last.delete(event.sessionId);
        if (this.#single) this.#end();
      } else if (event.seq !== null) {
        this.#last.set(event.sessionId, event.seq);
      }
      return { done: false, value: event };
    }
    return { done: true, value: undefined };
  }

  /** Drops what was handed out before; notices what is missing in between. */
  #isNext(event: LiveEvent): boolean {
    if (event.seq === null || event.kind === "SessionDeleted") return true;
    const last = this.#last.get(event.sessionId);
    if (last === undefined) return true;
    if (event.seq > last + 1) {
      this.#queue.unshift(event);
      this.#fallBehind(event.sessionId);
      this.#options.onGap?.();
      return false;
    }
    return event.seq === last + 1;
  }

  async #catchUp(behind: { gap: string | null }): Promise<void> {
    const read = await this.#source.read(this.#last, behind.gap).catch(() => null);
    if (read === null) {
      // The database is away: whoever watches learns of it by silence, and of what happened once it is back.
      await new Promise<void>((resolve) => setTimeout(resolve, retryMs));
      return;
    }
    const { events, more, gone } = read;
    // Nothing is kept of the missing part: going on without it beats looking for ever.
    if (behind.gap !== null && events.length === 0) this.#last.delete(behind.gap);
    this.#replay.push(...events);
    if (gone !== null && !this.#queue.some((event) => event.kind === "SessionDeleted")) {
      const seq = (this.#last.get(gone) ?? 0) + 1;
      this.#queue.push({ kind: "SessionDeleted", sessionId: gone, ownerId: "", seq, occurredAt: new Date() });
    }
    // Whoever fell behind anew in the meantime has to look again.
    if (this.#behind === behind && !more) this.#behind = null;
  }

  #hear(event: LiveEvent): void {
    if (this.#ended) return;
    if (this.#queue.length >= queueLimit && !this.#makeRoom()) return;
    this.#queue.push(event);
    this.#wake?.();
    this.#wake = null;
  }

  /** Passing pieces go first; when that is not enough, everything goes: the log has it. */
  #makeRoom(): boolean {
    this.#queue = this.#queue.filter((event) => event.kind !== "QuestionDelta");
    if (this.#queue.length < queueLimit) return true;
    this.#queue = [];
    this.#fallBehind(null);
    if (!this.#reading && ++this.#stalls === stallLimit) this.#options.onStalled?.();
    return false;
  }

  #fallBehind(gap: string | null): void {
    this.#behind = { gap };
    this.#wake?.();
    this.#wake = null;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#subscription?.release();
    this.#queue = [];
    this.#replay = [];
    this.#wake?.();
    this.#wake = null;
  }
}
