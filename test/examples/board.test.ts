import { expect, it } from "vitest";
import { type Board, createBoard, type LiveEvent } from "../../examples/live-dashboard/src/board.ts";
import { everything } from "../../examples/live-dashboard/src/filter.ts";
import { type Session, session } from "./sessions.ts";

/** One of more than a minute has seconds. */
function numbered(n: number, cursor: number, changes: Partial<Session> = {}): Session {
  return session(String(n), cursor, { createdAt: new Date(Date.UTC(2026, 0, 1) + n).toISOString(), ...changes });
}

function changed(of: Session): LiveEvent {
  return {
    __typename: "DraftSaved",
    cursor: of.cursor,
    sessionId: of.id,
    occurredAt: "2026-01-01T00:01:00.000Z",
    session: of,
  };
}

function tell(kind: string, of: Session, more: object = {}): LiveEvent {
  return { ...changed(of), __typename: kind, ...more } as LiveEvent;
}

const noCounts = { CREATED: 0, IN_PROGRESS: 0, COMPLETED: 0, EVALUATED: 0 };

/** The list as the server gives it: all that there is, unless it is told to be of more; what it counted is of any moment. */
function list(board: Board, sessions: Session[], mark = board.mark(), isWhole = true, counts = {}): void {
  const rows = sessions.map((of) => ({ session: of, report: null, place: of.id }));
  board.list(
    { all: { rows, isWhole }, ofState: null, counted: { counts: { ...noCounts, ...counts }, averageScore: null } },
    mark,
  );
}

/** Frames that come when the test says so. */
function frames() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    schedule: (render: () => void): void => void waiting.push(render),
    pass(): void {
      for (const render of waiting.splice(0)) render();
    },
  };
}

it("shows ten thousand events in one frame, with bounded lists", () => {
  const { waiting, schedule, pass } = frames();
  const board = createBoard(schedule);
  let renders = 0;
  board.subscribe(() => renders++);
  for (let n = 0; n < 10_000; n++) board.apply(changed(session(String(n % 500), n + 1)));
  expect(waiting).toHaveLength(1);
  pass();
  expect(renders).toBe(1);
  expect(board.view().rows).toHaveLength(200);
  expect(board.view().happenings).toHaveLength(14);
});

it("keeps what an event said when an older list arrives after it", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  board.apply(changed(session("1", 5, { status: "IN_PROGRESS" })));
  list(board, [session("1", 3)], 0);
  pass();
  expect(board.view().rows.map((row) => row.session.status)).toEqual(["IN_PROGRESS"]);
});

it("does not bring back what was deleted", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const gone = session("1", 1);
  list(board, [gone], 0);
  const deletion = { cursor: null, sessionId: "1", occurredAt: gone.createdAt, session: null };
  board.apply({ __typename: "SessionDeleted", ...deletion });
  list(board, [gone], 0);
  pass();
  expect(board.view().rows).toEqual([]);
});

it("keeps the row of a session as it is while others change", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  list(board, [session("1", 1), session("2", 1)]);
  pass();
  const before = board.view().rows.find((row) => row.session.id === "2");
  board.apply(changed(session("1", 2)));
  pass();
  expect(board.view().rows.find((row) => row.session.id === "2")).toBe(before);
});

it("drops what was deleted while nobody listened, and keeps what began since the list was asked for", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  list(board, [session("1", 1), session("2", 1)]);
  const mark = board.mark();
  board.apply(changed(session("3", 1)));
  list(board, [session("2", 1)], mark);
  pass();
  expect(board.view().rows.map((row) => row.session.id)).toEqual(["3", "2"]);
});

it("counts on from what the server counted, also sessions beyond the list", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const known = session("9", 1, { status: "IN_PROGRESS", startedAt: "2026-01-01T00:00:30.000Z" });
  const counts = { CREATED: 40, IN_PROGRESS: 5, EVALUATED: 3 };
  const all = { rows: [{ session: known, report: null, place: known.id }], isWhole: false };
  board.list({ all, ofState: null, counted: { counts: { ...noCounts, ...counts }, averageScore: 60 } }, 0);
  board.apply(tell("SessionCreated", session("10", 1)));
  board.apply(tell("InterviewCompleted", { ...known, cursor: "5", status: "COMPLETED" }));
  board.apply(tell("InterviewCompleted", session("3", 7, { status: "COMPLETED" })));
  board.apply(
    tell("ReportReady", session("3", 9, { status: "EVALUATED" }), {
      report: { version: 1, overallScore: 100, band: "EXCELLENT" },
    }),
  );
  pass();
  const { tally } = board.view();
  expect(tally.counts).toEqual({ CREATED: 40, IN_PROGRESS: 4, COMPLETED: 1, EVALUATED: 4 });
  expect(tally.averageScore).toBe(70);
  board.apply({ __typename: "SessionDeleted", cursor: null, sessionId: "9", occurredAt: "", session: null });
  pass();
  expect(board.view().tally.counts.COMPLETED).toBe(0);
});

it("counts what it knows whole, whatever the server counted a moment earlier or later", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const mark = board.mark();
  board.apply(tell("SessionCreated", session("2", 1)));
  list(board, [session("1", 1)], mark, true, { CREATED: 3, EVALUATED: 9 });
  board.apply(tell("SessionCreated", session("2", 1)));
  board.apply(tell("SessionCreated", session("3", 1)));
  board.apply(changed(session("1", 2, { status: "IN_PROGRESS" })));
  // Told late: the list knew more.
  board.apply(changed(session("1", 1)));
  pass();
  expect(board.view().tally).toEqual({ counts: { ...noCounts, CREATED: 2, IN_PROGRESS: 1 }, averageScore: null });
});

it("counts every state while one is chosen, also what changed while the list was read", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  list(board, [session("1", 1), session("2", 1)]);
  board.narrow({ ...everything, status: "EVALUATED" });
  const mark = board.mark();
  board.apply(changed(session("1", 2, { status: "IN_PROGRESS" })));
  const all = {
    rows: [session("1", 1), session("2", 1)].map((of) => ({ session: of, report: null, place: of.id })),
    isWhole: true,
  };
  const ofState = { rows: [], isWhole: true };
  board.list({ all, ofState, counted: { counts: { ...noCounts, COMPLETED: 2 }, averageScore: null } }, mark);
  const report = { version: 1, overallScore: 80, band: "GOOD" };
  board.apply(tell("InterviewCompleted", session("1", 3, { status: "COMPLETED" })));
  board.apply(tell("ReportReady", session("1", 4, { status: "EVALUATED" }), { report }));
  pass();
  expect(board.view().rows.map((row) => row.session.id)).toEqual(["1"]);
  expect(board.view().tally).toEqual({ counts: { ...noCounts, CREATED: 1, EVALUATED: 1 }, averageScore: 80 });
});

it("takes a report from an event that is told after a newer session was", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  list(board, [session("1", 9, { status: "EVALUATED" })]);
  const report = { version: 1, overallScore: 80, band: "GOOD" };
  board.apply(tell("ReportReady", session("1", 8, { status: "EVALUATED" }), { report }));
  pass();
  expect(board.view().rows.map((row) => row.session.cursor)).toEqual(["9"]);
  expect(board.view().tally).toEqual({ counts: { ...noCounts, EVALUATED: 1 }, averageScore: 80 });
});

it("heeds the filter in what it is told, and shows a session as long as its state fits", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  board.narrow({ ...everything, search: "acme lead", status: "CREATED" });
  board.apply(tell("SessionCreated", session("1", 1, { jobTitle: "Team lead", companyName: "ACME" })));
  board.apply(tell("SessionCreated", session("2", 1, { jobTitle: "Team lead" })));
  pass();
  expect(board.view().rows.map((row) => row.session.id)).toEqual(["1"]);
  expect(board.view().happenings).toHaveLength(1);
  board.apply(changed(session("1", 2, { jobTitle: "Team lead", companyName: "ACME", status: "IN_PROGRESS" })));
  pass();
  expect(board.view().rows).toEqual([]);
  expect(board.view().tally.counts).toMatchObject({ CREATED: 0, IN_PROGRESS: 1 });
  // Of another state than what is listed, and known none the less.
  list(board, [session("1", 2, { jobTitle: "Team lead", companyName: "ACME", status: "IN_PROGRESS" })]);
  board.apply(changed(session("1", 3, { jobTitle: "Team lead", companyName: "ACME", status: "COMPLETED" })));
  pass();
  expect(board.view().tally.counts).toMatchObject({ CREATED: 0, IN_PROGRESS: 0, COMPLETED: 1 });
});

it("shows the order that was chosen, those without a score last", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const scored = (id: string, overallScore: number | null) => ({
    session: session(id, 1),
    report: overallScore === null ? null : { overallScore, band: "GOOD" as const },
    place: id,
  });
  const all = { rows: [scored("1", 70), scored("2", null), scored("3", 90)], isWhole: true };
  board.list({ all, ofState: null, counted: { counts: noCounts, averageScore: null } }, 0);
  const shown = (order: typeof everything.order): string[] => {
    board.narrow({ ...everything, order });
    pass();
    return board.view().rows.map((row) => row.session.id);
  };
  expect(shown("HIGHEST_SCORE_FIRST")).toEqual(["3", "1", "2"]);
  expect(shown("LOWEST_SCORE_FIRST")).toEqual(["1", "3", "2"]);
  expect(shown("OLDEST_FIRST")).toEqual(["1", "2", "3"]);
});

it("shows the list page by page, and goes on behind what of it is left", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const page = (from: number, to: number, isWhole = false) => ({
    rows: Array.from({ length: from - to + 1 }, (_, n) => ({
      session: numbered(from - n, 1),
      report: null,
      place: `after ${from - n}`,
    })),
    isWhole,
  });
  const counted = { counts: { ...noCounts, CREATED: 250 }, averageScore: null };
  const extend = (next: ReturnType<typeof page>): void => {
    board.extend(next, board.view().last, board.mark());
    pass();
  };
  board.list({ all: page(250, 151), ofState: null, counted }, board.mark());
  // Told of, far behind what is listed.
  board.apply(tell("AnswerSubmitted", numbered(7, 3, { status: "IN_PROGRESS" })));
  pass();
  expect(board.view()).toMatchObject({ hasMore: true, last: { place: "after 151" } });
  expect(board.view().rows).toHaveLength(101);
  extend(page(150, 51));
  expect(board.view()).toMatchObject({ hasMore: true, last: { place: "after 51" } });
  extend(page(50, 1, true));
  expect(board.view()).toMatchObject({ hasMore: false, isDoubtful: false });
  expect(board.view().rows.map(({ session }) => session.id)).toEqual(
    page(250, 1).rows.map(({ session }) => session.id),
  );
  expect(board.view().tally.counts).toEqual({ ...noCounts, CREATED: 249, IN_PROGRESS: 1 });

  // More new ones than there is room for besides the list: its end is to be read again.
  for (let n = 251; n <= 400; n++) board.apply(tell("SessionCreated", numbered(n, 1)));
  pass();
  expect(board.view()).toMatchObject({ hasMore: true, last: { place: "after 51" } });
  extend(page(50, 1, true));
  expect(board.view()).toMatchObject({ hasMore: false });
  expect(board.view().rows).toHaveLength(400);
});

it("doubts a count around which something happened, until one is read in quiet", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const doubts = (): boolean => {
    pass();
    return board.view().isDoubtful;
  };
  const look = (mark = board.mark()): void => list(board, [session("9", 1)], mark, false, { CREATED: 200 });
  const mark = board.mark();
  board.apply(tell("AnswerSubmitted", session("9", 2, { status: "IN_PROGRESS" })));
  look(mark);
  expect(doubts()).toBe(true);
  look();
  expect(doubts()).toBe(false);
  board.apply(changed(session("9", 3, { status: "IN_PROGRESS" })));
  expect(doubts()).toBe(false);
  board.apply(tell("InterviewCompleted", session("9", 4, { status: "COMPLETED" })));
  expect(doubts()).toBe(true);
  look();
  board.settle();
  board.apply(tell("SessionCreated", session("10", 1)));
  board.apply(tell("InterviewCompleted", session("10", 2, { status: "COMPLETED" })));
  expect(doubts()).toBe(false);
  // Deleted, and nobody here knows in which state it was counted.
  board.apply({ __typename: "SessionDeleted", cursor: null, sessionId: "3", occurredAt: "", session: null });
  expect(doubts()).toBe(true);
});
