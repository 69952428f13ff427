import { expect, it } from "vitest";
import { type BoardRow, createBoard, type LiveEvent } from "../../examples/live-dashboard/src/board.ts";

type Session = BoardRow["session"];

function session(id: string, cursor: number, changes: Partial<Session> = {}): Session {
  return {
    id,
    cursor: String(cursor),
    ownerId: "owner",
    status: "CREATED",
    turn: "CANDIDATE",
    mode: "PLANNED",
    jobTitle: null,
    companyName: null,
    createdAt: `2026-01-01T00:00:${id.padStart(2, "0")}.000Z`,
    currentQuestionIndex: 0,
    totalQuestions: 3,
    progress: { asked: 1, answered: 0 },
    evaluation: null,
    ...changes,
  };
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
  board.list([{ session: session("1", 3), report: null }], 1, 0);
  pass();
  expect(board.view().rows.map((row) => row.session.status)).toEqual(["IN_PROGRESS"]);
});

it("does not bring back what was deleted", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  const gone = session("1", 1);
  board.list([{ session: gone, report: null }], 1, 0);
  const deletion = { cursor: null, sessionId: "1", occurredAt: gone.createdAt, session: null };
  board.apply({ __typename: "SessionDeleted", ...deletion });
  board.list([{ session: gone, report: null }], 1, 0);
  pass();
  expect(board.view().rows).toEqual([]);
});

it("keeps the row of a session as it is while others change", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  board.list(
    ["1", "2"].map((id) => ({ session: session(id, 1), report: null })),
    2,
    0,
  );
  pass();
  const before = board.view().rows.find((row) => row.session.id === "2");
  board.apply(changed(session("1", 2)));
  pass();
  expect(board.view().rows.find((row) => row.session.id === "2")).toBe(before);
});

it("drops what was deleted while nobody listened, and keeps what began since the list was asked for", () => {
  const { schedule, pass } = frames();
  const board = createBoard(schedule);
  board.list(
    [session("1", 1), session("2", 1)].map((of) => ({ session: of, report: null })),
    2,
    board.mark(),
  );
  const mark = board.mark();
  board.apply(changed(session("3", 1)));
  board.list([{ session: session("2", 1), report: null }], 1, mark);
  pass();
  expect(board.view().rows.map((row) => row.session.id)).toEqual(["3", "2"]);
});
