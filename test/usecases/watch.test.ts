import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import type { LiveEvent, LoggedEvent, OwnerDeleted, SessionDeleted } from "../../src/interview/events.ts";
import type { EventLog, EventStream, LiveBus, LogPlace } from "../../src/ports/events.ts";
import { tail } from "../../src/usecases/tail.ts";
import { type WatchOptions, watchSession, watchSessions } from "../../src/usecases/watch.ts";

/** A log that is written to by hand, so that what is told and what is stored can differ. */
function createLog() {
  const events: LoggedEvent[] = [];
  const deletions: SessionDeleted[] = [];
  let away = false;
  const log: EventLog = {
    async read(sessionId, after, limit) {
      if (away) throw new Error("The database is away");
      const own = events.filter((event) => event.sessionId === sessionId);
      if (own.length === 0) return null;
      const page = own.filter(({ seq }) => after !== null && seq > after).slice(0, limit);
      return { ownerId: "ada", newest: own.at(-1)!.seq, oldest: own[0]!.seq, events: page };
    },
    async readAll(after, limit) {
      if (away) throw new Error("The database is away");
      const later = [...events, ...deletions].filter((event) => byPlace(event, after) > 0);
      return later.sort(byPlace).slice(0, limit);
    },
    async recent() {
      const sessions = [...Map.groupBy(events, ({ sessionId }) => sessionId)].map(([sessionId, own]) => {
        return { sessionId, ownerId: "ada", first: own[0]!.seq, last: own.at(-1)!.seq, deletedAt: null };
      });
      return { sessions, owners: [], openMs: 0 };
    },
    deletionOf: async (sessionId) => deletions.find((deletion) => deletion.sessionId === sessionId) ?? null,
    now: async () => new Date(),
  };
  return { log, events, deletions, setAway: (value: boolean) => (away = value) };
}

function byPlace(a: LogPlace, b: LogPlace): number {
  return a.occurredAt.getTime() - b.occurredAt.getTime() || a.sessionId.localeCompare(b.sessionId) || a.seq - b.seq;
}

function event(seq: number, sessionId = "s", occurredAt = new Date()): LoggedEvent {
  return { kind: "DraftSaved", index: 0, sessionId, ownerId: "ada", seq, occurredAt };
}

/** The first event of each of so many sessions. */
function firsts(count: number, name: string, occurredAt?: Date): LoggedEvent[] {
  return Array.from({ length: count }, (_, n) => event(1, `${name} ${n}`, occurredAt));
}

function delta(): LiveEvent {
  const place = { sessionId: "s", ownerId: "ada", seq: null, occurredAt: new Date(), index: 0 };
  return { kind: "QuestionDelta", ...place, offset: 0, text: "What" };
}

async function watch(
  parts: Parameters<typeof watchSession>[0],
  after: string | null,
  options?: WatchOptions,
): Promise<EventStream> {
  const stream = await watchSession(parts, { sessionId: "s", after, mayWatch: () => true }, options);
  if (typeof stream === "string") throw new Error(stream);
  return stream;
}

/** A bus that loses everything; `missed` tells its listeners so. */
function forgetful(bus: LiveBus, missed: (() => void)[]): LiveBus {
  return {
    ...bus,
    async listen(_, listener) {
      missed.push(() => listener.missed());
      return { release: () => {} };
    },
  };
}

async function take(stream: EventStream, count: number): Promise<(number | string | null)[]> {
  const taken: (number | string | null)[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = await stream.next();
    taken.push(value ? (value.kind === "SessionDeleted" ? value.kind : value.seq) : "end");
  }
  return taken;
}

/** Everything that there is to be told by now; this log answers at once. */
async function takeAll(stream: EventStream): Promise<LiveEvent[]> {
  const taken: LiveEvent[] = [];
  const take = (): void => {
    for (let next = stream.poll(); next !== undefined; next = stream.poll()) taken.push(next);
  };
  stream.reader = { readable: take };
  take();
  await new Promise((resolve) => setImmediate(resolve));
  stream.reader = null;
  return taken;
}

/** Which they are, each as often as it is among them. */
function ids(events: LiveEvent[]): string[] {
  return events.map(({ sessionId, seq }) => `${sessionId} ${seq}`).sort();
}

const deleted: SessionDeleted = {
  kind: "SessionDeleted",
  sessionId: "s",
  ownerId: "ada",
  seq: 9,
  occurredAt: new Date(),
};

describe("watching a session", () => {
  it("replays what is after the cursor, then goes on live, without doubles", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1), event(2), event(3));
    const busy: EventLog = {
      ...log,
      async read(...place) {
        // Told between the listening and the reading, and while it is read.
        events.push(event(4));
        bus.publish([event(4)]);
        const page = await log.read(...place);
        events.push(event(5));
        bus.publish([event(5)]);
        return page;
      },
    };
    const stream = await watch({ log: busy, bus }, "1");
    expect(await take(stream, 4)).toEqual([2, 3, 4, 5]);
    events.push(event(6));
    bus.publish([event(5), event(6), event(6)]);
    events.push(event(7));
    bus.publish([event(7)]);
    expect(await take(stream, 2)).toEqual([6, 7]);
  });

  it("fills a gap from the log, in order", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    let gaps = 0;
    events.push(event(1));
    const stream = await watch({ log, bus }, "0", { onGap: () => gaps++ });
    expect(await take(stream, 1)).toEqual([1]);
    events.push(event(2), event(3), event(4));
    bus.publish([event(4)]);
    expect(await take(stream, 3)).toEqual([2, 3, 4]);
    expect(gaps).toBe(1);
  });

  it("reads more pages than one when it is far behind", async () => {
    const { log, events } = createLog();
    for (let seq = 1; seq <= 450; seq++) events.push(event(seq));
    const stream = await watch({ log, bus: createMemoryBus() }, "0");
    expect(await take(stream, 450)).toEqual(events.map(({ seq }) => seq));
  });

  it("looks again when the bus says that something may have been missed", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    const missed: (() => void)[] = [];
    events.push(event(1));
    const stream = await watch({ log, bus: forgetful(bus, missed) }, "0");
    expect(await take(stream, 1)).toEqual([1]);
    const next = take(stream, 1);
    events.push(event(2));
    for (const tell of missed) tell();
    expect(await next).toEqual([2]);
  });

  it("looks again when something may have been missed while it took its place", async () => {
    const { log, events } = createLog();
    const missed: (() => void)[] = [];
    events.push(event(1), event(2));
    const busy: EventLog = {
      ...log,
      async read(...place) {
        const page = await log.read(...place);
        if (events.length === 2) {
          events.push(event(3));
          for (const tell of missed) tell();
        }
        return page;
      },
    };
    const stream = await watch({ log: busy, bus: forgetful(createMemoryBus(), missed) }, "1");
    expect(await take(stream, 2)).toEqual([2, 3]);
  });

  it("drops passing pieces first when its reader is slow, and loses no event", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const stream = await watch({ log, bus }, "0");
    expect(await take(stream, 1)).toEqual([1]);
    for (let n = 0; n < 300; n++) bus.publish([delta()]);
    for (let seq = 2; seq <= 900; seq++) {
      events.push(event(seq));
      bus.publish([event(seq)]);
    }
    expect(await take(stream, 899)).toEqual(events.slice(1).map(({ seq }) => seq));
  });

  it("gives up a reader that takes nothing while its queue overflows again and again", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    let stalled = 0;
    events.push(event(1));
    const stream = await watch({ log, bus }, "0", { onStalled: () => stalled++ });
    expect(await take(stream, 1)).toEqual([1]);
    for (let seq = 2; seq <= 3_000; seq++) bus.publish([event(seq)]);
    expect(stalled).toBe(1);
  });

  it("is cut when what it needs next is no longer kept", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(3), event(4));
    const live = await watch({ log, bus }, "2");
    expect(await take(live, 2)).toEqual([3, 4]);
    events.splice(0, 2, event(9));
    bus.publish([event(9)]);
    expect([await take(live, 1), live.isCut]).toEqual([["end"], true]);

    const all = await watchSessions({ log, bus }, { kind: "all" });
    bus.publish([event(5)]);
    expect(await take(all, 1)).toEqual([5]);
    bus.publish([event(9)]);
    expect(await take(all, 1)).toEqual([9]);
  });

  it("waits for a database that is away", async () => {
    const { log, events, setAway } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const stream = await watch({ log, bus }, "1");
    setAway(true);
    events.push(event(2), event(3));
    bus.publish([event(3)]);
    const next = take(stream, 2);
    setAway(false);
    expect(await next).toEqual([2, 3]);
  });

  it("ends with SessionDeleted, also where the bus has lost it", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    const missed: (() => void)[] = [];
    events.push(event(1));
    const live = await watch({ log, bus }, "0");
    const deaf = await watch({ log, bus: forgetful(bus, missed) }, "1");
    expect(await take(live, 1)).toEqual([1]);
    bus.publish([deleted]);
    expect(await take(live, 2)).toEqual(["SessionDeleted", "end"]);
    events.length = 0;
    for (const tell of missed) tell();
    expect(await take(deaf, 2)).toEqual(["SessionDeleted", "end"]);
  });

  it("ends with SessionDeleted where the session went before what is missing in it was read", async () => {
    const { log, events, deletions } = createLog();
    const bus = createMemoryBus();
    let reads = 0;
    events.push(event(1));
    const busy: EventLog = {
      ...log,
      async read(...place) {
        if (++reads > 10) throw new Error("It is read again and again");
        return log.read(...place);
      },
    };
    const stream = await watch({ log: busy, bus }, "1");
    const next = take(stream, 2);
    events.length = 0;
    deletions.push(deleted);
    bus.publish([event(3), event(4)]);
    expect(await next).toEqual(["SessionDeleted", "end"]);
  });

  it("gives a deletion that the bus has lost the number that it has, and one that is not kept any more the next", async () => {
    const { log, events, deletions } = createLog();
    const missed: (() => void)[] = [];
    const bus = forgetful(createMemoryBus(), missed);
    events.push(event(1));
    const streams = [await watch({ log, bus }, "1"), await watch({ log, bus }, "1")];
    const waiting = streams.map((stream) => stream.next());
    events.length = 0;
    deletions.push(deleted);
    missed[0]!();
    expect(await waiting[0]).toEqual({ done: false, value: deleted });
    deletions.length = 0;
    missed[1]!();
    expect(await waiting[1]).toMatchObject({ value: { kind: "SessionDeleted", seq: 2 } });
  });

  it.each([
    ["a session that is not there", "t", "1", "SESSION_NOT_FOUND"],
    ["another's session, whatever the cursor", "others", "x", "SESSION_NOT_FOUND"],
    ["a cursor that is none", "s", "01", "INVALID_CURSOR"],
    ["a cursor past the end", "s", "6", "INVALID_CURSOR"],
    ["a cursor whose next event is not kept", "s", "2", "SNAPSHOT_REQUIRED"],
  ])("is refused for %s, and nobody is left listening", async (_, sessionId, after, refusal) => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(4), event(5), event(1, "others"));
    const mayWatch = (): boolean => sessionId !== "others";
    expect(await watchSession({ log, bus }, { sessionId, after, mayWatch })).toBe(refusal);
    expect(bus.hasListeners()).toBe(false);
  });

  it("leaves nobody listening where the log cannot be read", async () => {
    const { log, setAway } = createLog();
    const bus = createMemoryBus();
    setAway(true);
    await expect(watch({ log, bus }, "0")).rejects.toThrow("away");
    expect(bus.hasListeners()).toBe(false);
  });

  it("begins with what comes after now where there is no cursor", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1), event(2));
    const stream = await watch({ log, bus }, null);
    events.push(event(3));
    bus.publish([event(2), event(3)]);
    expect(await take(stream, 1)).toEqual([3]);
  });

  it("shows nothing of a question that was still being written when the interview ended", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const one = await watch({ log, bus }, "1");
    const all = await watchSessions({ log, bus }, { kind: "all" });
    bus.publish([delta(), { ...event(2), kind: "InterviewCompleted" } as LiveEvent, delta(), event(3)]);
    for (const stream of [one, all]) expect(await take(stream, 3)).toEqual([null, 2, 3]);
  });

  it("can be polled instead, and tells when that is worth while", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1), event(2));
    const stream = await watch({ log, bus }, "1");
    expect(stream.poll()?.seq).toBe(2);
    expect(stream.poll()).toBeUndefined();
    const heard: (number | null | undefined)[] = [];
    stream.reader = { readable: () => heard.push(stream.poll()?.seq) };
    bus.publish([event(3)]);
    expect(heard).toEqual([3]);
    expect(stream.poll()).toBeUndefined();
    bus.publish([deleted]);
    expect([stream.ended, stream.poll()]).toEqual([true, undefined]);
  });

  it("presses a reader that was told and takes its time, before the queue is full", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const stream = await watch({ log, bus }, "1");
    expect(stream.poll()).toBeUndefined();
    const calls: string[] = [];
    const taken: unknown[] = [];
    stream.reader = {
      readable: () => calls.push("readable"),
      pressed() {
        calls.push("pressed");
        for (let next = stream.poll(); next !== undefined; next = stream.poll()) taken.push(next.seq);
      },
    };
    bus.publish(Array.from({ length: 1_000 }, (_, n) => event(n + 2)));
    for (let next = stream.poll(); next !== undefined; next = stream.poll()) taken.push(next.seq);
    expect(taken).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 2));
    expect(calls.filter((call) => call === "pressed").length).toBeGreaterThan(10);
  });

  it("lets go of a reader that waits", async () => {
    const { log, events } = createLog();
    events.push(event(1));
    const stream = await watch({ log, bus: createMemoryBus() }, "1");
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe("watching all sessions", () => {
  it("brings every owner's or one's own events, each session's in order", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    const all = await watchSessions({ log, bus }, { kind: "all" });
    const own = await watchSessions({ log, bus }, { kind: "owner", ownerId: "ada" });
    const others = { ...event(7, "t"), ownerId: "bob" };
    bus.publish([event(3), others]);
    // Number 4 gets lost on the way; the log has it.
    events.push(event(3), event(4), event(5));
    bus.publish([event(5)]);
    expect(await take(all, 4)).toEqual([3, 7, 4, 5]);
    expect(await take(own, 3)).toEqual([3, 4, 5]);
  });

  it("tells of a deletion once, and of nothing in that session after it", async () => {
    const { log } = createLog();
    const bus = createMemoryBus();
    const all = await watchSessions({ log, bus }, { kind: "all" });
    bus.publish([event(7), deleted]);
    // Published and found in the database in the same moment; and events that come late.
    bus.publish([deleted, event(6), event(8), event(1, "t")]);
    expect(await take(all, 3)).toEqual([7, "SessionDeleted", 1]);
  });

  it("ends when everything of its owner is deleted, and not by a deletion before it began", async () => {
    const { log } = createLog();
    const bus = createMemoryBus();
    const before: OwnerDeleted = {
      kind: "OwnerDeleted",
      ownerId: "ada",
      seq: null,
      occurredAt: new Date(Date.now() - 1),
    };
    const own = await watchSessions({ log, bus }, { kind: "owner", ownerId: "ada" });
    const others = await watchSessions({ log, bus }, { kind: "owner", ownerId: "bob" });
    const all = await watchSessions({ log, bus }, { kind: "all" });
    bus.publish([before, event(1)]);
    expect(await take(own, 1)).toEqual([1]);
    bus.publish([
      { ...before, occurredAt: new Date() },
      { ...event(2), ownerId: "bob" },
    ]);
    expect(await take(own, 1)).toEqual(["end"]);
    expect(await take(others, 1)).toEqual([2]);
    expect(await take(all, 2)).toEqual([1, 2]);
  });

  it("finds a deletion that the bus has lost", async () => {
    const { log, deletions } = createLog();
    const missed: (() => void)[] = [];
    const all = await watchSessions({ log, bus: forgetful(createMemoryBus(), missed) }, { kind: "all" });
    const next = take(all, 1);
    deletions.push({ ...deleted, occurredAt: new Date() });
    for (const tell of missed) tell();
    expect(await next).toEqual(["SessionDeleted"]);
  });

  it("tells again of nothing in sessions that it has forgotten", async () => {
    vi.useFakeTimers({ toFake: ["performance", "Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const { log, events } = createLog();
    const bus = createMemoryBus();
    const missed: (() => void)[] = [];
    const listen: LiveBus["listen"] = async (topic, listener) => {
      missed.push(() => listener.missed());
      return bus.listen(topic, listener);
    };
    const all = await watchSessions({ log, bus: { ...bus, listen } }, { kind: "all" });
    // Three times as many as are forgotten at once, in as many minutes.
    for (let minute = 0; minute < 3; minute++) {
      vi.advanceTimersByTime(60_000);
      const told = firsts(2_000, `${minute}`);
      events.push(...told);
      for (const one of told) {
        bus.publish([one]);
        expect(all.poll()).toBe(one);
      }
    }
    vi.advanceTimersByTime(60_000);
    const newest = [event(2, "0 0"), event(2, "2 0"), event(1, "3 0")];
    events.push(...newest);
    expect(all.poll()).toBeUndefined();
    // The look at the log tells of them once more after the database was away for a while: of some, then of too many.
    bus.deliver(events.slice(0, 2));
    expect(all.poll()).toBeUndefined();
    bus.deliver(events.slice(0, 300));
    expect(await takeAll(all)).toEqual(newest);
    // Of sessions that are known again, too.
    bus.deliver(events.slice(0, 1));
    expect(await takeAll(all)).toEqual([]);
  });

  it("tells late, and once, what was stored and not published before the first that it hears of a session", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    const all = await watchSessions({ log, bus }, { kind: "all" });
    events.push(event(1), event(2), event(3));
    bus.publish([event(3)]);
    expect(await take(all, 1)).toEqual([3]);
    await tail({ log, bus }, 1_000);
    expect(await take(all, 2)).toEqual([1, 2]);
    events.push(event(4));
    bus.deliver(events);
    bus.deliver(events);
    expect(ids(await takeAll(all))).toEqual(["s 4"]);
  });

  it("tells nothing late that was before it began", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(5, "s", new Date(Date.now() - 1_000)));
    const all = await watchSessions({ log, bus }, { kind: "all" });
    events.push(event(6));
    bus.publish([events[1]!]);
    bus.deliver(events);
    expect(ids(await takeAll(all))).toEqual(["s 6"]);
  });

  describe("of which more happens than its reader takes", () => {
    it("finds again what its queue had no room for, however long it has lived", async () => {
      const { log, events } = createLog();
      const bus = createMemoryBus();
      const all = await watchSessions({ log, bus }, { kind: "all" });
      const own = await watchSessions({ log, bus }, { kind: "owner", ownerId: "ada" });
      const before = firsts(6_000, "before");
      events.push(...before);
      for (const one of before) {
        bus.publish([one]);
        expect([all.poll(), own.poll()]).toEqual([one, one]);
      }
      // More at the same moment than is read at once.
      const meanwhile = firsts(2_500, "meanwhile");
      events.push(...meanwhile);
      bus.publish(meanwhile);
      for (const stream of [all, own]) expect(ids(await takeAll(stream))).toEqual(ids(meanwhile));
    });

    it("finds what happened long before it was heard of, also while it reads on from later", async () => {
      const { log, events, deletions } = createLog();
      const bus = createMemoryBus();
      const busy = { ...log };
      const all = await watchSessions({ log: busy, bus }, { kind: "all" });
      const [t0, t1, t2, t3] = [0, 30_000, 60_000, 90_000].map((ms) => new Date(Date.now() + ms));
      const told = [event(1, "told", t3), event(1, "late", t0)];
      events.push(...told);
      bus.publish(told);
      expect(await takeAll(all)).toEqual(told);
      // Committed late: the first before the log is read, the second after the page was read that it belongs on.
      const [soon, later] = [event(2, "late", t0), event(1, "later", t1)];
      const many = firsts(1_500, "many", t2);
      const gone: SessionDeleted = { ...deleted, sessionId: "told", seq: 2, occurredAt: t3! };
      events.push(soon, ...many);
      deletions.push(gone);
      let pages = 0;
      busy.readAll = async (...place) => {
        const page = await log.readAll(...place);
        if (++pages > 1) return page;
        const more = [later, ...firsts(300, "more", t3)];
        events.push(...more);
        bus.publish(more);
        return page;
      };
      bus.publish([...many, gone]);
      bus.publish([soon, ...many]);
      expect(ids(await takeAll(all))).toEqual(ids([soon, ...many, later, ...firsts(300, "more"), gone]));
    });

    it("finds what is missing before what it reads, and reads on", async () => {
      const { log, events } = createLog();
      const bus = createMemoryBus();
      const all = await watchSessions({ log, bus }, { kind: "all" });
      const [before, now] = [new Date(Date.now() + 1), new Date(Date.now() + 60_000)];
      const told = [event(1, "a", before), event(1, "b", before)];
      const lost = [event(2, "a", before), event(2, "b", before)];
      bus.publish(told);
      expect(await takeAll(all)).toEqual(told);
      const after = [event(3, "a", now), event(4, "a", now), event(3, "b", now), ...firsts(2_500, "many", now)];
      events.push(...told, ...lost, ...after);
      bus.publish(after);
      const taken = await takeAll(all);
      expect(ids(taken)).toEqual(ids([...lost, ...after]));
      expect(taken.filter(({ sessionId }) => sessionId === "a").map(({ seq }) => seq)).toEqual([2, 3, 4]);
    });

    it("finds it once the database is back", async () => {
      const { log, events, setAway } = createLog();
      const bus = createMemoryBus();
      const all = await watchSessions({ log, bus }, { kind: "all" });
      const many = firsts(1_500, "many");
      events.push(...many);
      setAway(true);
      bus.publish(many);
      expect(await takeAll(all)).toEqual([]);
      setAway(false);
      const taken: LiveEvent[] = [];
      for await (const one of all) if (taken.push(one) === many.length) break;
      expect(ids(taken)).toEqual(ids(many));
    });
  });
});
