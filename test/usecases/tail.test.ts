import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import { tailRegularly } from "../../src/background.ts";
import type { LoggedEvent, OwnerDeleted } from "../../src/interview/events.ts";
import type { EventLog, Listener, LiveBus, RecentEvents, Topic } from "../../src/ports/events.ts";
import { tail } from "../../src/usecases/tail.ts";

function event(seq: number, sessionId = "s", ownerId = "ada"): LoggedEvent {
  return { kind: "DraftSaved", index: 0, sessionId, ownerId, seq, occurredAt: new Date() };
}

/** A log of recent events, and what was read of it. */
function createLog(events: LoggedEvent[], deletions: RecentEvents[] = [], owners: OwnerDeleted[] = []) {
  const reads: string[] = [];
  const log: Pick<EventLog, "recent" | "read"> = {
    async recent() {
      const found = [...Map.groupBy(events, ({ sessionId }) => sessionId)].map(([sessionId, own]): RecentEvents => {
        return { sessionId, ownerId: own[0]!.ownerId, first: own[0]!.seq, last: own.at(-1)!.seq, deletedAt: null };
      });
      return { sessions: [...found, ...deletions], owners, openMs: 0 };
    },
    async read(sessionId, after) {
      reads.push(`${sessionId} ${after}`);
      const own = events.filter((one) => one.sessionId === sessionId);
      const page = own.filter(({ seq }) => seq > after!);
      return { ownerId: own[0]!.ownerId, newest: own.at(-1)!.seq, oldest: own[0]!.seq, events: page };
    },
  };
  return { log: log as EventLog, reads };
}

async function hear(bus: LiveBus, topic: Topic): Promise<string[]> {
  const heard: string[] = [];
  const listener: Listener = {
    hear: (events) =>
      heard.push(
        ...events.map((event) => {
          if (event.kind === "OwnerDeleted") return `nothing of ${event.ownerId}`;
          return `${event.kind === "SessionDeleted" ? "no " : ""}${event.sessionId}${event.seq}`;
        }),
      ),
    missed() {},
  };
  await bus.listen(topic, listener);
  return heard;
}

describe("a look at the end of the log", () => {
  afterEach(() => void vi.useRealTimers());

  it("tells what was stored and not published, and reads nothing of what has been told", async () => {
    const events = [event(4), event(5), event(6)];
    const { log, reads } = createLog(events);
    const bus = createMemoryBus();
    const heard = await hear(bus, { kind: "session", sessionId: "s" });
    bus.publish([event(4)]);
    await tail({ log, bus }, 1_000);
    expect(heard).toEqual(["s4", "s5", "s6"]);
    await tail({ log, bus }, 1_000);
    expect([heard.length, reads]).toEqual([3, ["s 4"]]);
    events.push(event(7));
    await tail({ log, bus }, 1_000);
    expect([heard.at(-1), reads.at(-1)]).toEqual(["s7", "s 6"]);
  });

  it("looks only at what somebody listens to, by whatever topic", async () => {
    const { log, reads } = createLog([event(1, "a"), event(2, "b", "bob"), event(3, "c", "cy")]);
    const bus = createMemoryBus();
    const own = await hear(bus, { kind: "owner", ownerId: "ada" });
    const one = await hear(bus, { kind: "session", sessionId: "c" });
    await tail({ log, bus }, 1_000);
    expect([own, one, reads]).toEqual([["a1"], ["c3"], ["a 0", "c 2"]]);
  });

  it("reads again from where the topic that has been told least is", async () => {
    const { log, reads } = createLog([event(1), event(2), event(3)]);
    const bus = createMemoryBus();
    await hear(bus, { kind: "session", sessionId: "s" });
    bus.publish([event(1), event(2), event(3)]);
    // Whoever came later has been told of nothing yet: not by this topic.
    const all = await hear(bus, { kind: "all" });
    await tail({ log, bus }, 1_000);
    expect([all, reads]).toEqual([["s1", "s2", "s3"], ["s 0"]]);
  });

  it("does not take an older event that comes late for the newest", async () => {
    const { log, reads } = createLog([event(1), event(2)]);
    const bus = createMemoryBus();
    await hear(bus, { kind: "session", sessionId: "s" });
    bus.publish([event(2)]);
    bus.publish([event(1)]);
    await tail({ log, bus }, 1_000);
    expect(reads).toEqual([]);
  });

  it("tells what was stored and not published before what was", async () => {
    const { log, reads } = createLog([event(1), event(2), event(3)]);
    const bus = createMemoryBus();
    const heard = await hear(bus, { kind: "all" });
    bus.publish([event(3)]);
    await tail({ log, bus }, 1_000);
    expect([heard, reads]).toEqual([["s3", "s1", "s2", "s3"], ["s 0"]]);
    await tail({ log, bus }, 1_000);
    expect(reads).toEqual(["s 0"]);
  });

  it("tells what is missing between what was published", async () => {
    const { log, reads } = createLog([event(4), event(5), event(6), event(7)]);
    const bus = createMemoryBus();
    const heard = await hear(bus, { kind: "all" });
    bus.publish([event(4)]);
    bus.publish([event(6)]);
    bus.publish([event(7)]);
    await tail({ log, bus }, 1_000);
    expect([heard, reads]).toEqual([["s4", "s6", "s7", "s5", "s6", "s7"], ["s 4"]]);
    await tail({ log, bus }, 1_000);
    expect(reads).toEqual(["s 4"]);
  });

  it("tells what is missing between an event and one far below it that came later", async () => {
    const { log, reads } = createLog([event(1), event(2), event(3), event(4)]);
    const bus = createMemoryBus();
    const heard = await hear(bus, { kind: "all" });
    bus.publish([event(4)]);
    bus.publish([event(1)]);
    await tail({ log, bus }, 1_000);
    expect([heard, reads]).toEqual([["s4", "s1", "s2", "s3", "s4"], ["s 1"]]);
  });

  it("looks for nothing that is missing before a deletion", async () => {
    const deletion = { sessionId: "a", ownerId: "ada", first: 6, last: 6, deletedAt: new Date() };
    const { log, reads } = createLog([], [deletion]);
    const bus = createMemoryBus();
    const heard = await hear(bus, { kind: "all" });
    const { sessionId, ownerId, last: seq, deletedAt: occurredAt } = deletion;
    bus.publish([event(1, "a")]);
    bus.publish([{ kind: "SessionDeleted", sessionId, ownerId, seq, occurredAt }]);
    await tail({ log, bus }, 1_000);
    expect([heard, reads]).toEqual([["a1", "no a6"], []]);
  });

  it("tells of deletions once, and reads nothing of what is gone", async () => {
    const deletion = { sessionId: "a", ownerId: "ada", first: 6, last: 6, deletedAt: new Date() };
    const others = { ...deletion, sessionId: "b", ownerId: "bob" };
    const { log, reads } = createLog([event(4, "c", "cy")], [deletion, others]);
    const bus = createMemoryBus();
    const one = await hear(bus, { kind: "session", sessionId: "a" });
    const own = await hear(bus, { kind: "owner", ownerId: "bob" });
    const { sessionId, ownerId, last: seq, deletedAt: occurredAt } = others;
    bus.publish([{ kind: "SessionDeleted", sessionId, ownerId, seq, occurredAt }]);
    await tail({ log, bus }, 1_000);
    await tail({ log, bus }, 1_000);
    expect([one, own, reads]).toEqual([["no a6"], ["no b6"], []]);
  });

  it("tells those who watch all of an owner's sessions that everything was deleted, after the sessions' own deletions", async () => {
    const deletedAt = new Date();
    const deletion = { sessionId: "a", ownerId: "ada", first: 6, last: 6, deletedAt };
    const owners = ["ada", "bob"].map((ownerId): OwnerDeleted => {
      return { kind: "OwnerDeleted", ownerId, seq: null, occurredAt: deletedAt };
    });
    const { log } = createLog([], [deletion], owners);
    const bus = createMemoryBus();
    const ada = await hear(bus, { kind: "owner", ownerId: "ada" });
    const bob = await hear(bus, { kind: "owner", ownerId: "bob" });
    const others = await hear(bus, { kind: "owner", ownerId: "cy" });
    await tail({ log, bus }, 1_000);
    expect([ada, bob, others]).toEqual([["no a6", "nothing of ada"], ["nothing of bob"], []]);
  });

  it("looks back as far as the last look that it could do, and a while further", async () => {
    const asked: unknown[] = [];
    const recent: EventLog["recent"] = async (within) => {
      asked.push(within);
      return { sessions: [], owners: [], openMs: 0 };
    };
    for (const lastMs of [1_000, 60_000]) await tail({ log: { recent } as EventLog, bus: createMemoryBus() }, lastMs);
    expect(asked).toEqual([
      { eventsMs: 3_000, deletionsMs: 10_000 },
      { eventsMs: 62_000, deletionsMs: 69_000 },
    ]);
  });

  it("looks back to before what was not yet stored at the last look", async () => {
    vi.useFakeTimers();
    const asked: number[] = [];
    const openMs = [60_000, 0, 60_000, 0];
    const recent: EventLog["recent"] = async ({ eventsMs }) => {
      asked.push(eventsMs);
      return { sessions: [], owners: [], openMs: openMs.shift()! };
    };
    const bus = createMemoryBus();
    const listen = () => bus.listen({ kind: "all" }, { hear() {}, missed() {} });
    const subscription = await listen();
    const stop = tailRegularly({ log: { recent } as EventLog, bus }, pino({ enabled: false }));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual([3_000, 63_000, 3_000]);

    // A reader who comes when nobody watched for a while is told nothing older than itself.
    subscription.release();
    await vi.advanceTimersByTimeAsync(5_000);
    await listen();
    await vi.advanceTimersByTimeAsync(1_000);
    stop();
    expect(asked.slice(3)).toEqual([3_000]);
  });
});
