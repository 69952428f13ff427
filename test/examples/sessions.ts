import type { BoardRow } from "../../examples/live-dashboard/src/board.ts";

export type Session = BoardRow["session"];

/** One that has just begun, as the dashboard is told of it. */
export function session(id: string, cursor: number, changes: Partial<Session> = {}): Session {
  return {
    id,
    cursor: String(cursor),
    ownerId: "owner",
    status: "CREATED",
    turn: "CANDIDATE",
    mode: "PLANNED",
    jobTitle: null,
    companyName: null,
    resumeId: "cv",
    startedAt: null,
    createdAt: `2026-01-01T00:00:${id.padStart(2, "0")}.000Z`,
    currentQuestionIndex: 0,
    totalQuestions: 3,
    progress: { asked: 1, answered: 0 },
    evaluation: null,
    ...changes,
  };
}
