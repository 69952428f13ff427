import { allocateQuestions } from "../interview/allocation.ts";
import {
  addPlannedQuestions,
  completeInterview,
  dropPlanned,
  mainQuestions,
  missingMainQuestions,
} from "../interview/conversation.ts";
import { isFailure } from "../interview/failures.ts";
import type { QuestionDraft, QuestionType, Session } from "../interview/model.ts";
import { readResume } from "../interview/resume.ts";
import { isNearDuplicate } from "../interview/similarity.ts";
import { type Interviewer, InterviewerUnavailable, type PlanRequest } from "../ports/interviewer.ts";
import { type JobRun, RetryLater } from "../ports/jobs.ts";
import { requireBudget } from "./budget.ts";
import { callOf } from "./call.ts";
import { change, type Rule } from "./change.ts";
import type { Deps } from "./deps.ts";
import { createFlow } from "./flow.ts";

/** Plans the main questions; each can be asked as soon as it is stored. A retry continues from what is stored. */
export async function prepareQuestions(deps: Deps, sessionId: string, run: JobRun): Promise<void> {
  try {
    await plan(deps, sessionId, deps.interviewer, run);
  } catch (error) {
    if (!(error instanceof InterviewerUnavailable)) throw error;
    await prepareWithout(deps, sessionId, error, run);
  }
}

/** Preparing has repeatedly killed its worker: proceeds as when the interviewer is unavailable. */
export async function abandonPreparing(deps: Deps, sessionId: string, run: JobRun): Promise<void> {
  await prepareWithout(deps, sessionId, new InterviewerUnavailable("interrupted repeatedly"), run);
}

async function prepareWithout(
  deps: Deps,
  sessionId: string,
  error: InterviewerUnavailable,
  run: JobRun,
): Promise<void> {
  if (deps.fallback !== null) await plan(deps, sessionId, deps.fallback, run);
  else await giveUp(deps, sessionId, error, run);
}

async function plan(deps: Deps, sessionId: string, interviewer: Interviewer, run: JobRun): Promise<void> {
  for (let round = 1; round <= planRounds; round++) {
    const session = await deps.store.load(sessionId);
    if (session === null || session.completedAt !== null || missingMainQuestions(session) <= 0) return;
    await requireBudget(deps, session, interviewer);
    const { call, settle } = callOf(deps, session, run);
    const request = await planRequest(deps, session);
    const isLast = round === planRounds;
    // A model takes seconds; meanwhile another interview of the résumé may plan the same questions.
    const recheck = interviewer === deps.fallback || isLast ? null : () => newElsewhere(deps, session, request.exclude);
    try {
      deps.reach("before-question");
      await storeAsTheyCome(deps, session, interviewer.planQuestions(request, call), recheck, run);
    } finally {
      await settle();
    }
    if (isLast) return;
    // Two interviews that stored at the same moment did not see each other's questions: now at least one of them does.
    const repeated = await newElsewhere(deps, session, request.exclude);
    if (repeated.length === 0) return;
    await change(deps, sessionId, (latest) => dropPlanned(latest, repeated), run.claim);
  }
}

/** The limit lets an interview begin even if no question is left that was never asked. */
const planRounds = 3;

async function storeAsTheyCome(
  deps: Deps,
  { id }: Session,
  drafts: AsyncIterable<QuestionDraft>,
  recheck: (() => Promise<string[]>) | null,
  run: JobRun,
): Promise<void> {
  let isOver = false;
  const flow = createFlow<QuestionDraft>(async (items) => {
    const repeated = (await recheck?.()) ?? [];
    const fresh = items.filter(({ text }) => !repeated.some((other) => isNearDuplicate(text, other)));
    const rule: Rule = (session, moment) => addPlannedQuestions(session, fresh, moment);
    const outcome = await change(deps, id, rule, run.claim);
    isOver = isFailure(outcome) || outcome.completedAt !== null;
  });
  try {
    for await (const draft of drafts) {
      // Further questions for an ended interview would only cost money.
      if (isOver) break;
      flow.push(draft);
    }
  } finally {
    await flow.end();
  }
}

async function planRequest(deps: Deps, session: Session): Promise<PlanRequest> {
  const resume = await deps.store.loadResume(session.resume.id);
  const resumeText = resume?.text ?? "";
  const profile = readResume(resumeText);
  const earlier = await askedElsewhere(deps, session);
  const own = [...session.questions, ...session.planned].map((question) => question.text);
  const there = [...mainQuestions(session), ...session.planned].map(({ type }) => type);
  return {
    ...candidateOf(session, resumeText),
    slots: slotsLeft(allocateQuestions(profile, session.questionCount), there),
    level: profile.level,
    exclude: [...new Set([...own, ...earlier])],
    seed: session.id,
  };
}

/** Main questions of the résumé's other interviews. */
export function askedElsewhere(deps: Deps, { id, ownerId, resume }: Session): Promise<string[]> {
  return deps.store.askedElsewhere({ id, ownerId, resumeKey: resume.key }, 10, 30);
}

/** Those among them that are not known. */
export async function newElsewhere(deps: Deps, session: Session, known: string[]): Promise<string[]> {
  const all = new Set(known);
  return (await askedElsewhere(deps, session)).filter((text) => !all.has(text));
}

/** The slots without a question. A question of another type, as the bank may give, fills the next free slot. */
function slotsLeft(slots: QuestionType[], there: QuestionType[]): QuestionType[] {
  const left = [...slots];
  const others = there.filter((type) => {
    const slot = left.indexOf(type);
    if (slot >= 0) left.splice(slot, 1);
    return slot < 0;
  });
  return left.slice(others.length);
}

export function candidateOf(session: Session, resumeText: string) {
  const { locale, jobTitle, companyName, jobDescription } = session;
  return { locale, resumeText, jobTitle, companyName, jobDescription };
}

/** Without a fallback, an interview that has not begun is removed; one that has is retried and finally completed. */
export async function giveUp(deps: Deps, sessionId: string, error: InterviewerUnavailable, run: JobRun): Promise<void> {
  for (;;) {
    const session = await deps.store.load(sessionId);
    if (session === null || session.completedAt !== null) return;
    if (session.questions.length > 0) break;
    const deleted = await deps.store.takeBack(session, run.claim);
    if (deleted === "CONFLICT") continue;
    deps.bus.publish([deleted]);
    return;
  }
  // Even if a retry alone cannot help: completing is irreversible, and another node may already have the new key.
  if (!run.isLastTry) throw new RetryLater(error.reason, error.retryAfterMs, error);
  await change(deps, sessionId, completeInterview, run.claim);
}
