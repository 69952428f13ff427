import { isAnswered, totalQuestions } from "./conversation.ts";
import type { Moment } from "./decision.ts";
import type { CategoryScore, Report, ReportQuestion, Session, Summary } from "./model.ts";
import { bandOf, roundHalfUp, total } from "./scores.ts";

/** Builds the report from scores and summary. Every question must have been scored. */
export function buildReport(session: Session, summary: Summary, moment: Moment): Report {
  const questions = reportQuestions(session);
  const overallScore = overallScoreOf(session, questions);
  return {
    ...summary,
    id: moment.newId(),
    version: session.scoringVersion,
    overallScore,
    band: bandOf(overallScore),
    categoryScores: categoryScoresOf(questions),
    questions,
    answeredCount: questions.filter((question) => question.answered).length,
    createdAt: moment.now,
  };
}

/** The asked questions with their scores; those not scored yet are left out. */
export function reportQuestions(session: Session): ReportQuestion[] {
  return session.questions.flatMap((question) => {
    if (question.scoring?.state !== "SCORED") return [];
    const answered = isAnswered(question);
    return [
      {
        questionId: question.id,
        index: question.index,
        text: question.text,
        category: question.category,
        isFollowUp: question.isFollowUp,
        answered,
        answer: answered ? question.answer!.text : null,
        score: question.scoring.score,
      },
    ];
  });
}

/** Over all questions of the interview: unanswered ones, and main questions that were not reached, count 0. */
export function overallScoreOf(session: Session, questions: ReportQuestion[]): number {
  return roundHalfUp(
    questions.reduce((sum, question) => sum + total(question.score), 0),
    totalQuestions(session),
  );
}

/**
 * Means over the asked questions, in the order in which the categories occur. Follow-ups have their parent's category.
 */
export function categoryScoresOf(questions: ReportQuestion[]): CategoryScore[] {
  const byCategory = Map.groupBy(questions, (question) => question.category);
  return [...byCategory].map(([category, members]) => ({
    category,
    score: roundHalfUp(
      members.reduce((sum, question) => sum + total(question.score), 0),
      members.length,
    ),
    questionCount: members.length,
  }));
}
