import type { Evaluation } from "./model.ts";

/**
 * A session event. Contains numbers and ids only, so that the log holds no personal data: texts are read from the
 * session.
 */
export type SessionEvent =
  | { kind: "SessionCreated" }
  | { kind: "QuestionAsked"; index: number }
  | { kind: "DraftSaved"; index: number }
  | { kind: "AnswerSubmitted"; index: number }
  | { kind: "InterviewCompleted" }
  | { kind: "EvaluationProgressed"; evaluation: Evaluation }
  | { kind: "AnswerEvaluated"; index: number }
  | { kind: "ReportReady"; version: number }
  | { kind: "EvaluationFailed"; evaluation: Evaluation };

/** A stored event with its place in the log. */
export type LoggedEvent = SessionEvent & { sessionId: string; ownerId: string; seq: number; occurredAt: Date };

/** Published to current subscribers, never stored. */
export type PassingEvent =
  | {
      kind: "QuestionDelta";
      sessionId: string;
      ownerId: string;
      seq: null;
      occurredAt: Date;
      index: number;
      offset: number;
      text: string;
    }
  | SessionDeleted;

/** The last event of a session, numbered after its newest one. It is stored for minutes, outside of the log. */
export interface SessionDeleted {
  kind: "SessionDeleted";
  sessionId: string;
  ownerId: string;
  seq: number;
  occurredAt: Date;
}

/** Every event that clients receive. */
export type LiveEvent = LoggedEvent | PassingEvent;

/**
 * Everything of an owner was deleted. Not shown to clients: it ends the streams over all of the owner's sessions.
 * Stored like SessionDeleted.
 */
export interface OwnerDeleted {
  kind: "OwnerDeleted";
  ownerId: string;
  seq: null;
  occurredAt: Date;
}

/** The kinds that this version knows. */
export const eventKinds: ReadonlySet<string> = new Set<LiveEvent["kind"]>([
  "SessionCreated",
  "QuestionAsked",
  "QuestionDelta",
  "DraftSaved",
  "AnswerSubmitted",
  "InterviewCompleted",
  "EvaluationProgressed",
  "AnswerEvaluated",
  "ReportReady",
  "EvaluationFailed",
  "SessionDeleted",
]);

/** Work that follows from a change, stored with it. Ids and numbers only. */
export type Job =
  | { kind: "PREPARE_QUESTIONS"; sessionId: string }
  /** `index`: the position of the question to be written; the job is obsolete once it is taken. */
  | { kind: "WRITE_QUESTION"; sessionId: string; index: number }
  | { kind: "EVALUATE"; sessionId: string; attempt: number }
  /** Answers that are scored already, or queued by a later attempt, are skipped when it runs. */
  | { kind: "SCORE_ANSWERS"; sessionId: string; version: number; attempt: number; questionIds: string[] }
  | { kind: "SUMMARIZE"; sessionId: string; attempt: number }
  | { kind: "PRINT_REPORT"; sessionId: string; version: number };
export type JobKind = Job["kind"];
