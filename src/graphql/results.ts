import type { ObjectRef, UnionRef } from "@pothos/core";
import type { Failure } from "../interview/failures.ts";
import { type MessageKey, message } from "../interview/messages.ts";
import type { Builder } from "./builder.ts";
import type { Enums } from "./enums.ts";

type SchemaTypes = Builder["$inferSchemaTypes"];

/** The union of a mutation's payload and the failures that a client can act on, discriminated by `type`. */
export function resultUnion<Shape extends object>(
  builder: Builder,
  field: string,
  payload: ObjectRef<SchemaTypes, Shape>,
  failures: Failure["type"][],
): UnionRef<SchemaTypes, (Shape & { type: string }) | Failure> {
  const union = builder.unionType(`${field[0]!.toUpperCase()}${field.slice(1)}Result`, {
    description: `What ${field} returns: its payload, or an error that a client can act on.`,
    types: [payload, ...failures],
    resolveType: (value) => (value as { type: string }).type,
  });
  return union as unknown as UnionRef<SchemaTypes, (Shape & { type: string }) | Failure>;
}

const codes = {
  ValidationError: "VALIDATION_FAILED",
  RateLimitedError: "RATE_LIMITED",
  IdempotencyConflictError: "IDEMPOTENCY_CONFLICT",
  InterviewerUnavailableError: "INTERVIEWER_UNAVAILABLE",
  SessionNotFoundError: "INTERVIEW_SESSION_NOT_FOUND",
  ResumeNotFoundError: "RESUME_NOT_FOUND",
  QuestionIndexMismatchError: "QUESTION_INDEX_MISMATCH",
  InterviewAlreadyCompletedError: "INTERVIEW_ALREADY_COMPLETED",
  InterviewNotCompletedError: "INTERVIEW_NOT_COMPLETED",
} as const satisfies Record<Failure["type"], string>;

const messageKeys: Record<Exclude<Failure["type"], "ValidationError" | "RateLimitedError">, MessageKey> = {
  IdempotencyConflictError: "idempotencyConflict",
  InterviewerUnavailableError: "interviewerUnavailable",
  SessionNotFoundError: "sessionNotFound",
  ResumeNotFoundError: "resumeNotFound",
  QuestionIndexMismatchError: "questionIndexMismatch",
  InterviewAlreadyCompletedError: "interviewAlreadyCompleted",
  InterviewNotCompletedError: "interviewNotCompleted",
};

/** The failures as members of result unions, with messages in the language of the request. */
export function addErrorTypes(builder: Builder, enums: Enums): void {
  builder.interfaceType("Error", {
    description: "A failure that a client can act on.",
    fields: (t) => ({
      code: t.field({
        type: enums.ErrorCode,
        description: "What went wrong, independent of the language.",
        resolve: (failure) => codes[failure.type],
      }),
      message: t.string({
        description: "A message for people, in English or Chinese by Accept-Language.",
        resolve: (failure, _, { language }) => {
          if (failure.type === "ValidationError") {
            const [first] = failure.faults;
            return first ? message(first.message, language, first.limit) : message("validationFailed", language);
          }
          if (failure.type === "RateLimitedError") {
            return message(failure.reached === "CALL_RATE" ? "rateLimited" : "modelBudgetExceeded", language);
          }
          return message(messageKeys[failure.type], language);
        },
      }),
    }),
  });

  builder.objectType("FieldError", {
    description: "A problem with a field of the input.",
    fields: (t) => ({
      path: t.exposeStringList("path", { description: 'Starting with the argument: ["input", "resumeText"].' }),
      message: t.string({
        description: "What is wrong with the field.",
        resolve: (fault, _, { language }) => message(fault.message, language, fault.limit),
      }),
    }),
  });
  builder.objectType("ValidationError", {
    description: "The input is invalid; nothing was changed.",
    interfaces: ["Error"],
    fields: (t) => ({
      fields: t.field({
        type: ["FieldError"],
        description: "All problems of the input.",
        resolve: ({ faults }) => faults,
      }),
    }),
  });
  builder.objectType("RateLimitedError", {
    description: "Too many calls, or today's ceiling for the language model is reached; nothing was changed.",
    interfaces: ["Error"],
    fields: (t) => ({
      retryAfterMs: t.exposeInt("retryAfterMs", {
        description: "Milliseconds until there is room again: hours where it is a ceiling of the day.",
      }),
    }),
  });
  builder.objectType("IdempotencyConflictError", {
    description: "The idempotency key was used with other input; nothing was changed.",
    interfaces: ["Error"],
  });
  builder.objectType("InterviewerUnavailableError", {
    description: "No question could be written. Only where the fallback to the question bank is switched off.",
    interfaces: ["Error"],
  });
  builder.objectType("SessionNotFoundError", {
    description: "No such session, or not the viewer's: the two cannot be told apart.",
    interfaces: ["Error"],
  });
  builder.objectType("ResumeNotFoundError", {
    description: "No such résumé, or not the viewer's: the two cannot be told apart.",
    interfaces: ["Error"],
  });
  builder.objectType("QuestionIndexMismatchError", {
    description: "Another question is waiting for its answer, or none is; nothing was changed.",
    interfaces: ["Error"],
    fields: (t) => ({
      expectedIndex: t.exposeInt("expectedIndex", {
        description: "Index of the question that waits, or of the one that is being prepared.",
      }),
    }),
  });
  builder.objectType("InterviewAlreadyCompletedError", {
    description: "The conversation is over; nothing was changed.",
    interfaces: ["Error"],
    fields: (t) => ({
      completedAt: t.expose("completedAt", { type: "DateTime", description: "When it ended." }),
    }),
  });
  builder.objectType("InterviewNotCompletedError", {
    description: "The conversation is not over yet; nothing was changed.",
    interfaces: ["Error"],
  });
}
