import type { EvaluationStatus, SessionStatus } from "./model.ts";

/** All transitions. A command that is missing from a state's row is not allowed there; no transition leads back. */
const sessionMoves = {
  CREATED: { ask: "CREATED", draft: "IN_PROGRESS", answer: "IN_PROGRESS", complete: "COMPLETED" },
  IN_PROGRESS: { ask: "IN_PROGRESS", draft: "IN_PROGRESS", answer: "IN_PROGRESS", complete: "COMPLETED" },
  COMPLETED: { evaluate: "COMPLETED", report: "EVALUATED" },
  EVALUATED: { evaluate: "EVALUATED", report: "EVALUATED" },
} as const satisfies Record<SessionStatus, Partial<Record<SessionCommand, SessionStatus>>>;

const evaluationMoves = {
  PENDING: { start: "PROCESSING", fail: "FAILED" },
  PROCESSING: { score: "PROCESSING", fail: "FAILED", finish: "COMPLETED" },
  COMPLETED: { retry: "PENDING" },
  FAILED: { retry: "PENDING" },
} as const satisfies Record<EvaluationStatus, Partial<Record<EvaluationCommand, EvaluationStatus>>>;

export type SessionCommand = "ask" | "draft" | "answer" | "complete" | "evaluate" | "report";
export type EvaluationCommand = "start" | "score" | "fail" | "finish" | "retry";

/** The status that a command leads to; null where it is not allowed. */
export function sessionMove(from: SessionStatus, command: SessionCommand): SessionStatus | null {
  return (sessionMoves[from] as Partial<Record<SessionCommand, SessionStatus>>)[command] ?? null;
}

export function evaluationMove(from: EvaluationStatus, command: EvaluationCommand): EvaluationStatus | null {
  return (evaluationMoves[from] as Partial<Record<EvaluationCommand, EvaluationStatus>>)[command] ?? null;
}
