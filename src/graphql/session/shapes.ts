import type { LiveEvent } from "../../interview/events.ts";
import type { Question, Report, Session } from "../../interview/model.ts";

/** Values behind GraphQL types: the session with the part that a type shows. */
export type SessionOf = Session;

export interface QuestionOf {
  session: Session;
  question: Question;
}

export type AnswerOf = QuestionOf;

export interface ReportOf {
  session: Session;
  report: Report;
}

export interface QuestionDetailOf extends QuestionOf {
  detail: Report["questions"][number];
}

/** An event with its current session, which is loaded only if fields of it are selected. */
export type EventOf<K extends LiveEvent["kind"] = LiveEvent["kind"]> = {
  event: LiveEvent & { kind: K };
  /** Throws SessionGone. */
  session(): Promise<Session>;
};
