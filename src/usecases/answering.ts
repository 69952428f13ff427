import {
  completeInterview as complete,
  saveDraft as draft,
  submitAnswer as submit,
} from "../interview/conversation.ts";
import { retryEvaluation as retry } from "../interview/evaluation.ts";
import { type Failure, isFailure } from "../interview/failures.ts";
import type { Session } from "../interview/model.ts";
import { checkBudget } from "./budget.ts";
import { change } from "./change.ts";
import type { Deps } from "./deps.ts";

/** What a candidate does in an interview. Inputs are validated and the session is the caller's own. */

export interface AnswerInput {
  questionIndex: number;
  answer: string;
}

export function submitAnswer(deps: Deps, sessionId: string, input: AnswerInput): Promise<Session | Failure> {
  return change(deps, sessionId, (session, moment) =>
    submit(session, input.questionIndex, input.answer, deps.settings.evaluationEager, moment),
  );
}

export function saveDraft(deps: Deps, sessionId: string, input: AnswerInput): Promise<Session | Failure> {
  return change(deps, sessionId, (session, moment) => draft(session, input.questionIndex, input.answer, moment));
}

export function completeInterview(deps: Deps, sessionId: string): Promise<Session | Failure> {
  return change(deps, sessionId, complete);
}

/** Checks the day's budget only when an attempt is about to begin. */
export async function retryEvaluation(deps: Deps, sessionId: string): Promise<Session | Failure> {
  const session = await deps.store.load(sessionId);
  if (session === null) return { type: "SessionNotFoundError" };
  const decision = retry(session);
  if (isFailure(decision)) return decision;
  const spent = decision.session === session ? null : await checkBudget(deps, session.ownerId);
  return spent ?? change(deps, sessionId, retry);
}
