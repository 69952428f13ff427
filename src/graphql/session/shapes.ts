import type { LiveEvent } from "../../interview/events.ts";
import type { Question, Report, Session } from "../../interview/model.ts";

/** What resolvers pass on: the session with the part of it that a type shows. */
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

/** An event with the session as it is now, which is read only when something of it is selected. */
export type EventOf<K extends LiveEvent["kind"] = LiveEvent["kind"]> = {
  event: LiveEvent & { kind: K };
  /** Throws SessionGone. */
  session(): Promise<Session>;
};
