import type { MessageKey } from "./messages.ts";

/** What a caller can act on. Each becomes a member of a mutation's result union. */
export type Failure =
  | { type: "ValidationError"; faults: Fault[] }
  | { type: "RateLimitedError"; retryAfterMs: number; reached: "CALL_RATE" | "DAILY_MODEL_USE" }
  | { type: "IdempotencyConflictError" }
  | { type: "InterviewerUnavailableError" }
  | { type: "SessionNotFoundError" }
  | { type: "ResumeNotFoundError" }
  | { type: "QuestionIndexMismatchError"; expectedIndex: number }
  | { type: "InterviewAlreadyCompletedError"; completedAt: Date }
  | { type: "InterviewNotCompletedError" };

/** One fault of one field. */
export interface Fault {
  /** From the argument on: ["input", "resumeText"]. */
  path: string[];
  message: MessageKey;
  /** The figure that the message names, for instance a limit. */
  limit?: number;
}

/** Other things have a type as well: a question's is its field of knowledge. */
export function isFailure(value: object): value is Failure {
  return "type" in value && typeof value.type === "string" && Object.hasOwn(names, value.type);
}

const names: Record<Failure["type"], true> = {
  ValidationError: true,
  RateLimitedError: true,
  IdempotencyConflictError: true,
  InterviewerUnavailableError: true,
  SessionNotFoundError: true,
  ResumeNotFoundError: true,
  QuestionIndexMismatchError: true,
  InterviewAlreadyCompletedError: true,
  InterviewNotCompletedError: true,
};
