import type { Evaluation } from "./model.ts";

/**
 * What happened in a session. Stored with numbers and ids only: texts are read from the session itself, so that the
 * log holds nothing personal.
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

/** Told to those who watch at the moment, never stored. */
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

/** The last that is told of a session. It has the number after the last, and is kept for minutes, outside of the log. */
export interface SessionDeleted {
  kind: "SessionDeleted";
  sessionId: string;
  ownerId: string;
  seq: number;
  occurredAt: Date;
}

/** What clients are told of. */
export type LiveEvent = LoggedEvent | PassingEvent;

/** All that an owner had is gone. Never shown: it ends the streams of all the owner's sessions. Kept like SessionDeleted. */
export interface OwnerDeleted {
  kind: "OwnerDeleted";
  ownerId: string;
  seq: null;
  occurredAt: Date;
}

/** Those that this version knows. */
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
  /** `index`: the place of the question to be written; once it is taken the job is moot. */
  | { kind: "WRITE_QUESTION"; sessionId: string; index: number }
  | { kind: "EVALUATE"; sessionId: string; attempt: number }
  /** Superseded answers (scored already, or queued by a later attempt) are left out when it runs. */
  | { kind: "SCORE_ANSWERS"; sessionId: string; version: number; attempt: number; questionIds: string[] }
  | { kind: "SUMMARIZE"; sessionId: string; attempt: number }
  | { kind: "PRINT_REPORT"; sessionId: string; version: number };
export type JobKind = Job["kind"];
