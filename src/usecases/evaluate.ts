import { totalQuestions } from "../interview/conversation.ts";
import {
  allScored,
  answersToScore,
  failEvaluation,
  failScoring,
  finishEvaluation,
  startEvaluation as start,
} from "../interview/evaluation.ts";
import type { Job } from "../interview/events.ts";
import type { AnswerScore, Question, Session, Summary } from "../interview/model.ts";
import { reasonOf } from "../interview/reasons.ts";
import { categoryScoresOf, overallScoreOf, reportQuestions } from "../interview/report.ts";
import { summaryFromFeedback } from "../interview/summary.ts";
import { type AnswerToScore, InterviewerUnavailable, type SummaryRequest } from "../ports/interviewer.ts";
import { type JobRun, RetryLater } from "../ports/jobs.ts";
import { requireBudget } from "./budget.ts";
import { callOf } from "./call.ts";
import { change } from "./change.ts";
import type { Deps } from "./deps.ts";
import { candidateOf } from "./prepareQuestions.ts";
import type { ScoreBook } from "./scoreBook.ts";

type EvaluationJob = Extract<Job, { kind: "EVALUATE" | "SCORE_ANSWERS" | "SUMMARIZE" }>;
type ScoreJob = Extract<Job, { kind: "SCORE_ANSWERS" }>;

export async function startEvaluation(deps: Deps, sessionId: string, attempt: number, run: JobRun): Promise<void> {
  const { evaluationBatchSize, evaluationPlaces } = deps.settings;
  const rule = (session: Session) => start(session, attempt, evaluationBatchSize, evaluationPlaces);
  await change(deps, sessionId, rule, run.claim);
}

/** Scores a batch of answers. Each score is stored as it arrives; missing ones are requested again separately. */
export async function scoreAnswers(deps: Deps, book: ScoreBook, job: ScoreJob, run: JobRun): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const session = await deps.store.load(job.sessionId);
    const questions = session === null ? [] : answersToScore(session, job);
    if (questions.length === 0) return;
    try {
      if (await scoreOnce(deps, book, session!, job, questions, run)) return;
    } catch (error) {
      if (!(error instanceof InterviewerUnavailable)) throw error;
      if (!(await isFinal(deps, job, error, run))) throw new RetryLater(error.reason, error.retryAfterMs, error);
      await change(deps, job.sessionId, (latest) => failScoring(latest, job, error.reason), run.claim);
      return;
    }
  }
  const session = await deps.store.load(job.sessionId);
  if (session === null || answersToScore(session, job).length === 0) return;
  const reason = reasonOf("scoresMissing", session.locale);
  if (!run.isLastTry) throw new RetryLater(reason, null);
  await change(deps, job.sessionId, (latest) => failScoring(latest, job, reason), run.claim);
}

/**
 * Replies that cannot be used cost as much as others: answers that got nothing else are sent once more, during the
 * interview by its evaluation.
 */
async function isFinal({ store }: Deps, job: ScoreJob, error: InterviewerUnavailable, run: JobRun): Promise<boolean> {
  if (run.isLastTry || error.isLasting) return true;
  if (!error.isFruitless) return false;
  return run.claim.attempt > 0 || (await store.load(job.sessionId))?.evaluation === null;
}

/** True when every answer has its score. */
async function scoreOnce(
  deps: Deps,
  book: ScoreBook,
  session: Session,
  job: ScoreJob,
  questions: Question[],
  run: JobRun,
): Promise<boolean> {
  await requireBudget(deps, session, deps.interviewer);
  const storing: Promise<void>[] = [];
  const heard = new Set<string>();
  const store = (questionId: string, score: AnswerScore): void => {
    if (heard.has(questionId)) return;
    heard.add(questionId);
    const stored = book.store(job, questionId, score, run.claim);
    stored.catch(() => {});
    storing.push(stored);
  };
  const { call, settle } = callOf(deps, session, run, { onScore: store });
  try {
    deps.reach("before-scoring");
    const scores = await deps.interviewer.scoreAnswers(
      { locale: session.locale, jobTitle: session.jobTitle, answers: questions.map(answerOf) },
      call,
    );
    deps.reach("after-scoring");
    for (const [questionId, score] of scores) store(questionId, score);
  } finally {
    await Promise.all([settle(), ...storing]);
  }
  deps.reach("after-scores-stored");
  return heard.size === questions.length;
}

function answerOf(question: Question): AnswerToScore {
  const { id, text, type, category, level, reference, answer } = question;
  return { questionId: id, question: text, type, category, level, reference, answer: answer?.text ?? "" };
}

/** Writes the summary of the whole interview and stores the report. */
export async function summarize(deps: Deps, sessionId: string, attempt: number, run: JobRun): Promise<void> {
  const session = await deps.store.load(sessionId);
  const { evaluation } = session ?? {};
  if (!session || evaluation?.attempt !== attempt || evaluation.status !== "PROCESSING" || !allScored(session)) return;
  deps.reach("before-summary");
  const summary = await summaryOf(deps, session, run);
  deps.reach("after-summary");
  await change(deps, sessionId, (latest, moment) => finishEvaluation(latest, attempt, summary, moment), run.claim);
  deps.reach("after-report-stored");
}

async function summaryOf(deps: Deps, session: Session, run: JobRun): Promise<Summary> {
  const { call, settle } = callOf(deps, session, run);
  try {
    await requireBudget(deps, session, deps.interviewer);
    return await deps.interviewer.summarize(await summaryRequest(deps, session), call);
  } catch (error) {
    // The scores are valid without it: a failed summary must not cost the candidate the report.
    if (error instanceof InterviewerUnavailable) return summaryFromFeedback(session);
    throw error;
  } finally {
    await settle();
  }
}

async function summaryRequest(deps: Deps, session: Session): Promise<SummaryRequest> {
  const resume = await deps.store.loadResume(session.resume.id);
  const questions = reportQuestions(session);
  return {
    ...candidateOf(session, resume?.text ?? ""),
    mode: session.mode,
    overallScore: overallScoreOf(session, questions),
    totalQuestions: totalQuestions(session),
    answeredCount: questions.filter((question) => question.answered).length,
    categoryScores: categoryScoresOf(questions),
    questions,
  };
}

/** An evaluation that repeatedly killed its worker fails with a reason, rather than never ending. */
export async function abandonEvaluation(deps: Deps, job: EvaluationJob, run: JobRun): Promise<void> {
  const rule = (session: Session) => {
    const reason = reasonOf("interrupted", session.locale);
    return job.kind === "SCORE_ANSWERS"
      ? failScoring(session, job, reason)
      : failEvaluation(session, job.attempt, reason);
  };
  await change(deps, job.sessionId, rule, run.claim);
}
