import { describe, expect, it } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import type { LiveEvent, LoggedEvent } from "../../src/interview/events.ts";
import type { EventLog, EventStream } from "../../src/ports/events.ts";
import { watchSession, watchSessions } from "../../src/usecases/watch.ts";

/** A log that is written to by hand, so that what is told and what is stored can differ. */
function createLog() {
  const events: LoggedEvent[] = [];
  let away = false;
  const log: EventLog = {
    async read(sessionId, after, limit) {
      if (away) throw new Error("The database is away");
      return events.filter((event) => event.sessionId === sessionId && event.seq > after).slice(0, limit);
    },
    async bounds(sessionId) {
      const own = events.filter((event) => event.sessionId === sessionId);
      return own.length === 0 ? null : { newest: own.at(-1)!.seq, oldest: own[0]!.seq, ownerId: "ada" };
    },
    async readRecent(withinMs) {
      const since = Date.now() - withinMs;
      return events.filter((event) => event.occurredAt.getTime() >= since);
    },
    now: async () => new Date(),
  };
  return { log, events, setAway: (value: boolean) => (away = value) };
}

function event(seq: number, sessionId = "s"): LoggedEvent {
  return { kind: "DraftSaved", index: 0, sessionId, ownerId: "ada", seq, occurredAt: new Date() };
}

function delta(): LiveEvent {
  const place = { sessionId: "s", ownerId: "ada", seq: null, occurredAt: new Date(), index: 0 };
  return { kind: "QuestionDelta", ...place, offset: 0, text: "What" };
}

async function take(stream: EventStream, count: number): Promise<(number | string | null)[]> {
  const taken: (number | string | null)[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = await stream.next();
    taken.push(value ? (value.kind === "SessionDeleted" ? value.kind : value.seq) : "end");
  }
  return taken;
}

const deleted: LiveEvent = { kind: "SessionDeleted", sessionId: "s", ownerId: "ada", seq: 9, occurredAt: new Date() };

describe("watching a session", () => {
  it("replays what is after the cursor, then goes on live, without doubles", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1), event(2), event(3));
    const stream = await watchSession({ log, bus }, "s", 1);
    // Told between the listening and the reading: it is in both.
    events.push(event(4));
    bus.publish([event(4)]);
    expect(await take(stream, 3)).toEqual([2, 3, 4]);
    events.push(event(5));
    bus.publish([event(4), event(5), event(5)]);
    events.push(event(6));
    bus.publish([event(6)]);
    expect(await take(stream, 2)).toEqual([5, 6]);
  });

  it("fills a gap from the log, in order", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    let gaps = 0;
    events.push(event(1));
    const stream = await watchSession({ log, bus }, "s", 0, { onGap: () => gaps++ });
    expect(await take(stream, 1)).toEqual([1]);
    events.push(event(2), event(3), event(4));
    bus.publish([event(4)]);
    expect(await take(stream, 3)).toEqual([2, 3, 4]);
    expect(gaps).toBe(1);
  });

  it("reads more pages than one when it is far behind", async () => {
    const { log, events } = createLog();
    for (let seq = 1; seq <= 450; seq++) events.push(event(seq));
    const stream = await watchSession({ log, bus: createMemoryBus() }, "s", 0);
    expect(await take(stream, 450)).toEqual(events.map(({ seq }) => seq));
  });

  it("looks again when the bus says that something may have been missed", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    const missed: (() => void)[] = [];
    const stream = await watchSession(
      {
        log,
        bus: {
          ...bus,
          listen(topic, listener) {
            missed.push(() => listener.missed());
            return bus.listen(topic, listener);
          },
        },
      },
      "s",
      0,
    );
    events.push(event(1));
    expect(await take(stream, 1)).toEqual([1]);
    const next = take(stream, 1);
    events.push(event(2));
    for (const tell of missed) tell();
    expect(await next).toEqual([2]);
  });

  it("drops passing pieces first when its reader is slow, and loses no event", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const stream = await watchSession({ log, bus }, "s", 0);
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
    const stream = await watchSession({ log, bus }, "s", 0, { onStalled: () => stalled++ });
    expect(await take(stream, 1)).toEqual([1]);
    for (let seq = 2; seq <= 3_000; seq++) bus.publish([event(seq)]);
    expect(stalled).toBe(1);
  });

  it("is cut when what it needs next is no longer kept, whether all is trimmed or only the beginning", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(3), event(4));
    const late = await watchSession({ log, bus }, "s", 1);
    expect([await take(late, 1), late.isCut]).toEqual([["end"], true]);

    const live = await watchSession({ log, bus }, "s", 2);
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

  it("looks again when something was stored between two looks", async () => {
    const { log, events } = createLog();
    events.push(event(1));
    const busy: EventLog = {
      ...log,
      async bounds(sessionId) {
        if (events.length === 1) events.push(event(2));
        return await log.bounds(sessionId);
      },
    };
    const stream = await watchSession({ log: busy, bus: createMemoryBus() }, "s", 1);
    expect(await take(stream, 1)).toEqual([2]);
  });

  it("waits for a database that is away", async () => {
    const { log, events, setAway } = createLog();
    events.push(event(1));
    setAway(true);
    const stream = await watchSession({ log, bus: createMemoryBus() }, "s", 0);
    const next = take(stream, 1);
    setAway(false);
    expect(await next).toEqual([1]);
  });

  it("ends with SessionDeleted, also for a session that went before it listened", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const live = await watchSession({ log, bus }, "s", 0);
    expect(await take(live, 1)).toEqual([1]);
    bus.publish([deleted]);
    expect(await take(live, 2)).toEqual(["SessionDeleted", "end"]);
    events.length = 0;
    expect(await take(await watchSession({ log, bus }, "s", 1), 2)).toEqual(["SessionDeleted", "end"]);
  });

  it("shows nothing of a question that was still being written when the interview ended", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1));
    const one = await watchSession({ log, bus }, "s", 1);
    const all = await watchSessions({ log, bus }, { kind: "all" });
    bus.publish([delta(), { ...event(2), kind: "InterviewCompleted" } as LiveEvent, delta(), event(3)]);
    for (const stream of [one, all]) expect(await take(stream, 3)).toEqual([null, 2, 3]);
  });

  it("can be polled instead, and tells when that is worth while", async () => {
    const { log, events } = createLog();
    const bus = createMemoryBus();
    events.push(event(1), event(2));
    const stream = await watchSession({ log, bus }, "s", 1);
    expect(stream.poll()).toBeUndefined();
    await new Promise<void>((resolve) => {
      stream.reader = { readable: resolve };
    });
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
    const stream = await watchSession({ log, bus }, "s", 1);
    expect(stream.poll()).toBeUndefined();
    // Only after this look at the log it is told of what is live.
    await new Promise<void>((resolve) => (stream.reader = { readable: resolve }));
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
    const stream = await watchSession({ log, bus: createMemoryBus() }, "s", 1);
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
});
