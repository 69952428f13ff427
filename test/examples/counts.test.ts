import fc from "fast-check";
import { expect, it } from "vitest";
import { createBoard, type LiveEvent } from "../../examples/live-dashboard/src/board.ts";
import { type Session, session } from "./sessions.ts";

type Kind = "CREATE" | "START" | "COMPLETE" | "REPORT" | "DELETE";

const pageSize = 3;
const noCounts = { CREATED: 0, IN_PROGRESS: 0, COMPLETED: 0, EVALUATED: 0 };

/** A server of which the board hears late, and which counts and lists at different moments. */
function createServer() {
  const sessions = new Map<string, { session: Session; version: number; score: number | null }>();
  const told: (() => LiveEvent)[] = [];
  let made = 0;

  function change(id: string, changes: Partial<Session>): void {
    const known = sessions.get(id)!;
    known.session = { ...known.session, ...changes, cursor: String(Number(known.session.cursor) + 1) };
  }

  function tell(kind: string, id: string, more: object = {}): void {
    const { cursor } = sessions.get(id)!.session;
    // The session is told as it is when the event leaves, and not at all once it is deleted.
    told.push(() => {
      const session = sessions.get(id)?.session ?? null;
      return { __typename: kind, sessionId: id, cursor, occurredAt: "", session, ...more } as LiveEvent;
    });
  }

  const listed = () => [...sessions.values()].sort((a, b) => (a.session.createdAt < b.session.createdAt ? 1 : -1));

  return {
    told,
    act(kind: Kind, pick: number): void {
      if (kind === "CREATE") {
        const id = String(made++);
        sessions.set(id, {
          session: session(id, 1, { createdAt: new Date(Date.UTC(2026, 0, 1) + made).toISOString() }),
          version: 0,
          score: null,
        });
        tell("SessionCreated", id);
        return;
      }
      const ids = [...sessions.keys()];
      const id = ids[pick % ids.length];
      if (id === undefined) return;
      const known = sessions.get(id)!;
      const { status } = known.session;
      if (kind === "START" && status === "CREATED") {
        change(id, { status: "IN_PROGRESS", startedAt: "2026-01-01T00:00:00.000Z" });
        tell("DraftSaved", id);
      } else if (kind === "COMPLETE" && (status === "CREATED" || status === "IN_PROGRESS")) {
        change(id, { status: "COMPLETED" });
        tell("InterviewCompleted", id);
      } else if (kind === "REPORT" && (status === "COMPLETED" || status === "EVALUATED")) {
        known.version += 1;
        known.score = (pick * 7) % 101;
        change(id, { status: "EVALUATED" });
        tell("ReportReady", id, { report: { version: known.version, overallScore: known.score, band: "GOOD" } });
      } else if (kind === "DELETE") {
        sessions.delete(id);
        told.push(() => ({ __typename: "SessionDeleted", sessionId: id, cursor: null, occurredAt: "", session: null }));
      }
    },
    count() {
      const counts = { ...noCounts };
      for (const { session } of sessions.values()) counts[session.status] += 1;
      const scores = [...sessions.values()].flatMap(({ score }) => (score === null ? [] : [score]));
      const sum = scores.reduce((all, score) => all + score, 0);
      return { counts, averageScore: scores.length === 0 ? null : sum / scores.length };
    },
    /** What comes after a cursor, which is when a session was made. */
    page(after: string | null) {
      const rest = listed().filter(({ session }) => after === null || session.createdAt < after);
      const rows = rest.slice(0, pageSize).map(({ session, score }) => ({
        session,
        report: score === null ? null : { overallScore: score, band: "GOOD" as const },
        place: session.createdAt,
      }));
      return { rows, isWhole: rest.length <= pageSize };
    },
  };
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom<Kind>("CREATE", "START", "COMPLETE", "REPORT", "DELETE"), fc.nat(40)),
  },
  { weight: 4, arbitrary: fc.tuple(fc.constant("HEAR" as const), fc.integer({ min: 1, max: 4 })) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("LOOK" as const), fc.constant(0)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("MORE" as const), fc.constant(0)) },
);

/** Counted as completed while the board still had it as it was created. */
const deletedBeforeItsChangeWasTold: [number, [Kind | "HEAR" | "LOOK" | "MORE", number][]] = [
  7,
  [
    ["CREATE", 0],
    ["HEAR", 1],
    ["COMPLETE", 12],
    ["LOOK", 0],
    ["LOOK", 0],
    ["MORE", 0],
    ["DELETE", 4],
  ],
];

it("counts what the server counts wherever it has no doubt, whenever it looks and hears", () => {
  fc.assert(
    fc.property(fc.nat(8), fc.array(step, { maxLength: 60 }), (before, steps) => {
      const server = createServer();
      const frames: (() => void)[] = [];
      const board = createBoard((render) => void frames.push(render));
      const render = (): void => {
        for (const frame of frames.splice(0)) frame();
      };
      let heardInAll = 0;
      const hear = (n: number): void => {
        for (const event of server.told.splice(0, n)) {
          board.apply(event());
          heardInAll++;
        }
      };
      for (let n = 0; n < before; n++) server.act("CREATE", 0);
      server.told.length = 0;

      /** One look or page at a time; each next step of it comes when the steps say so, and others come in between. */
      let reading: Generator<void> | null = null;
      function* look(): Generator<void> {
        const mark = board.mark();
        yield;
        const counted = server.count();
        yield;
        const all = server.page(null);
        const behind = server.told.length;
        const heard = heardInAll;
        yield;
        board.list({ all, ofState: null, counted }, mark);
        render();
        yield;
        // By now everything has arrived that happened before.
        hear(Math.max(0, heard + behind - heardInAll));
        render();
        board.settle();
      }
      function* more(): Generator<void> {
        const { last, hasMore } = board.view();
        if (!hasMore) return;
        const mark = board.mark();
        yield;
        const page = server.page(last?.place ?? null);
        yield;
        board.extend(page, last, mark);
        render();
      }
      const advance = (begin: () => Generator<void>): void => {
        reading ??= begin();
        if (reading.next().done) reading = null;
      };
      const finish = (begin: () => Generator<void>): void => {
        do advance(begin);
        while (reading);
      };

      finish(look);
      for (const [kind, n] of steps) {
        if (kind === "HEAR") hear(n);
        else if (kind === "LOOK") advance(look);
        else if (kind === "MORE") advance(more);
        else server.act(kind, n);
        render();
      }
      if (reading) finish(look);
      hear(Number.POSITIVE_INFINITY);
      render();
      if (board.view().isDoubtful) finish(look);
      render();
      const { tally, isDoubtful } = board.view();
      const { counts, averageScore } = server.count();
      expect(isDoubtful).toBe(false);
      expect(tally.counts).toEqual(counts);
      if (averageScore === null) expect(tally.averageScore).toBeNull();
      else expect(tally.averageScore).toBeCloseTo(averageScore);
    }),
    { numRuns: 2_000, examples: [deletedBeforeItsChangeWasTold] },
  );
});
