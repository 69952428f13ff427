import { isAnswered } from "./conversation.ts";
import { type Decision, type Moment, unchanged } from "./decision.ts";
import type { Job, SessionEvent } from "./events.ts";
import type { Failure } from "./failures.ts";
import type { AnswerScore, Evaluation, Question, Session, Summary } from "./model.ts";
import { buildReport } from "./report.ts";
import { unansweredScore } from "./scores.ts";
import { evaluationMove, sessionMove } from "./transitions.ts";

/** The rules of the evaluation: start, score, finish, fail, retry. Each write is fenced by version and attempt. */

/**
 * PENDING to PROCESSING: announces scores from the interview and queues the remaining answers in batches; if none
 * remain, the summary is next. With `places`, batches are small enough to keep that many busy.
 */
export function startEvaluation(
  session: Session,
  attempt: number,
  batchSize: number,
  places: number | null = null,
): Decision {
  const evaluation = session.evaluation;
  if (!evaluation || evaluation.attempt !== attempt) return unchanged(session);
  const status = evaluationMove(evaluation.status, "start");
  if (status === null) return unchanged(session);

  const missing = session.questions.filter((question) => needsScoring(question, attempt));
  const started = { ...session, evaluation: { ...evaluation, status, error: null } };
  const queued = queueScoring(started, missing, attempt);
  const size = places === null ? batchSize : Math.min(batchSize, Math.ceil(missing.length / places));
  const jobs = batchesOf(missing, size).map(
    (batch): Job => ({
      kind: "SCORE_ANSWERS",
      sessionId: session.id,
      version: session.scoringVersion,
      attempt,
      questionIds: batch.map((question) => question.id),
    }),
  );
  return tellScores(queued, jobs);
}

/** Adds the scores of a batch; drops those that exist already or belong to another report version. */
export function addScores(session: Session, version: number, scores: Map<string, AnswerScore>): Decision {
  if (version !== session.scoringVersion) return unchanged(session);
  let added = false;
  const questions = session.questions.map((question): Question => {
    const score = scores.get(question.id);
    if (!score || !isAnswered(question) || question.scoring?.state === "SCORED") return question;
    added = true;
    const attempt = question.scoring?.attempt ?? session.evaluation?.attempt ?? 1;
    return { ...question, scoring: { state: "SCORED", attempt, score, announced: false } };
  });
  if (!added) return unchanged(session);
  const scored = { ...session, questions };
  if (session.evaluation === null || evaluationMove(session.evaluation.status, "score") === null) {
    return { session: scored, events: [], jobs: [] };
  }
  return tellScores(scored, []);
}

/** The scoring of some answers failed for good. While the interview runs, this is only recorded. */
export function failScoring(
  session: Session,
  job: { version: number; attempt: number; questionIds: string[] },
  reason: string,
): Decision {
  if (job.version !== session.scoringVersion) return unchanged(session);
  const questions = session.questions.map((question): Question => {
    const { scoring } = question;
    const mine =
      scoring?.state === "QUEUED" && scoring.attempt === job.attempt && job.questionIds.includes(question.id);
    return mine ? { ...question, scoring: { state: "FAILED", attempt: job.attempt, reason } } : question;
  });
  if (questions.every((question, index) => question === session.questions[index])) return unchanged(session);
  const marked = { ...session, questions };
  // While PENDING: starting the evaluation queues these answers again.
  if (session.evaluation?.status !== "PROCESSING") return { session: marked, events: [], jobs: [] };
  return failEvaluation(marked, session.evaluation.attempt, reason);
}

export function failEvaluation(session: Session, attempt: number, reason: string): Decision {
  if (session.evaluation === null || session.evaluation.attempt !== attempt) return unchanged(session);
  const status = evaluationMove(session.evaluation.status, "fail");
  if (status === null) return unchanged(session);
  const evaluation: Evaluation = { ...session.evaluation, status, error: reason };
  return { session: { ...session, evaluation }, events: [{ kind: "EvaluationFailed", evaluation }], jobs: [] };
}

/** All answers are scored and the summary is written: adds the report, once. */
export function finishEvaluation(session: Session, attempt: number, summary: Summary, moment: Moment): Decision {
  if (session.evaluation === null || session.evaluation.attempt !== attempt) return unchanged(session);
  const finished = evaluationMove(session.evaluation.status, "finish");
  const status = sessionMove(session.status, "report");
  if (finished === null || status === null || !allScored(session)) return unchanged(session);

  const report = buildReport(session, summary, moment);
  const evaluation: Evaluation = { ...session.evaluation, status: finished, percent: 100, error: null };
  return {
    session: {
      ...session,
      status,
      evaluation,
      reportVersion: report.version,
      overallScore: report.overallScore,
      evaluatedAt: session.evaluatedAt ?? moment.now,
    },
    report,
    events: [
      { kind: "EvaluationProgressed", evaluation },
      { kind: "ReportReady", version: report.version },
    ],
    jobs: [{ kind: "PRINT_REPORT", sessionId: session.id, version: report.version }],
  };
}

/**
 * After FAILED it continues from what is done; after COMPLETED it scores everything again, for a new version of the
 * report.
 */
export function retryEvaluation(session: Session): Decision | Failure {
  const { evaluation } = session;
  if (evaluation === null || sessionMove(session.status, "evaluate") === null) {
    return { type: "InterviewNotCompletedError" };
  }
  const status = evaluationMove(evaluation.status, "retry");
  if (status === null) return unchanged(session);
  const anew = evaluation.status === "COMPLETED";
  const questions = anew ? session.questions.map((question) => forgetScore(session, question)) : session.questions;
  const again: Evaluation = {
    ...evaluation,
    status,
    error: null,
    attempt: evaluation.attempt + 1,
    answersEvaluated: questions.filter((question) => question.scoring?.state === "SCORED").length,
    percent: anew ? 0 : evaluation.percent,
  };
  return {
    session: {
      ...session,
      questions,
      evaluation: again,
      scoringVersion: anew ? session.scoringVersion + 1 : session.scoringVersion,
    },
    events: [{ kind: "EvaluationProgressed", evaluation: again }],
    jobs: [{ kind: "EVALUATE", sessionId: session.id, attempt: again.attempt }],
  };
}

/** The answers of a batch that this job still has to score: none once its attempt failed or was superseded. */
export function answersToScore(
  session: Session,
  job: { version: number; attempt: number; questionIds: string[] },
): Question[] {
  const { evaluation } = session;
  const isOver = evaluation !== null && (evaluation.attempt !== job.attempt || evaluation.status === "FAILED");
  if (job.version !== session.scoringVersion || isOver) return [];
  return session.questions.filter(
    ({ id, scoring }) => job.questionIds.includes(id) && scoring?.state === "QUEUED" && scoring.attempt === job.attempt,
  );
}

export function allScored(session: Session): boolean {
  return session.questions.every((question) => question.scoring?.state === "SCORED");
}

/** Announces new scores and the progress of the evaluation. */
function tellScores(session: Session, jobs: Job[]): Decision {
  const events: SessionEvent[] = [];
  const questions = session.questions.map((question): Question => {
    if (question.scoring?.state !== "SCORED" || question.scoring.announced) return question;
    events.push({ kind: "AnswerEvaluated", index: question.index });
    return { ...question, scoring: { ...question.scoring, announced: true } };
  });
  const evaluation = progressOf(questions, session.evaluation!);
  const next = { ...session, questions, evaluation };
  const summary: Job[] = allScored(next)
    ? [{ kind: "SUMMARIZE", sessionId: session.id, attempt: evaluation.attempt }]
    : [];
  return {
    session: next,
    events: [...events, { kind: "EvaluationProgressed", evaluation }],
    jobs: [...jobs, ...summary],
  };
}

/** The summary is the last tenth; the percentage never decreases within an attempt. */
function progressOf(questions: Question[], evaluation: Evaluation): Evaluation {
  const answersEvaluated = questions.filter((question) => question.scoring?.state === "SCORED").length;
  const percent = questions.length === 0 ? 90 : Math.floor((90 * answersEvaluated) / questions.length);
  return { ...evaluation, answersEvaluated, percent: Math.max(percent, evaluation.percent) };
}

function needsScoring({ scoring }: Question, attempt: number): boolean {
  if (scoring === null || scoring.state === "FAILED") return true;
  return scoring.state === "QUEUED" && scoring.attempt !== attempt;
}

function queueScoring(session: Session, missing: Question[], attempt: number): Session {
  const questions = session.questions.map(
    (question): Question =>
      missing.includes(question) ? { ...question, scoring: { state: "QUEUED", attempt } } : question,
  );
  return { ...session, questions };
}

function forgetScore(session: Session, question: Question): Question {
  if (isAnswered(question)) return { ...question, scoring: null };
  const attempt = (session.evaluation?.attempt ?? 0) + 1;
  const score = unansweredScore(question, session.locale);
  return { ...question, scoring: { state: "SCORED", attempt, score, announced: true } };
}

function batchesOf<T>(items: T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
