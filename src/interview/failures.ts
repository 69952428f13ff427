import type { MessageKey } from "./messages.ts";

/** An expected failure that a caller can act on. Each is a member of a mutation's result union. */
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

/** One problem with one field. */
export interface Fault {
  /** Starting at the argument: ["input", "resumeText"]. */
  path: string[];
  message: MessageKey;
  /** The number in the message, for instance a limit. */
  limit?: number;
}

/** Not every value with a `type` is a failure: questions have one too. */
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
