import type { Locale, Session, Summary } from "./model.ts";
import { categoryScoresOf, overallScoreOf, reportQuestions } from "./report.ts";
import { total } from "./scores.ts";

/**
 * Summarises the feedback on the single answers, for when the interviewer cannot write a summary. It adds nothing of
 * its own.
 */
export function summaryFromFeedback(session: Session): Summary {
  const say = texts[session.locale];
  const questions = reportQuestions(session);
  const answered = questions.filter((question) => question.answered);
  const categories = categoryScoresOf(questions);
  const strong = answered.filter((question) => total(question.score) >= 75);
  const weak = questions.filter((question) => total(question.score) < 60);
  return {
    overallFeedback: say.overall(overallScoreOf(session, questions), answered.length, questions.length),
    strengths: distinct(strong.map((question) => `${question.category}: ${question.score.feedback}`)).slice(0, 8),
    improvements: distinct(weak.map((question) => `${question.category}: ${question.score.feedback}`)).slice(0, 8),
    knowledgeGaps: distinct(weak.flatMap((question) => question.score.keyPoints.slice(0, 2))).slice(0, 8),
    learningPath: categories
      .filter((category) => category.score < 75)
      .map((category) => ({ topic: category.category, advice: say.advice(category.category) })),
    resumeImprovements: [],
  };
}

const texts: Record<
  Locale,
  { overall(score: number, answered: number, asked: number): string; advice(category: string): string }
> = {
  EN: {
    overall: (score, answered, asked) =>
      `The interview scored ${score} of 100, with ${answered} of ${asked} asked questions answered. ` +
      "An overall summary could not be written, so this page gathers the feedback on the single answers.",
    advice: (category) => `Go through the reference answers on ${category} and practise the points that were missing.`,
  },
  ZH: {
    overall: (score, answered, asked) =>
      `本次面试得分${score}分（满分100），已提问${asked}题，作答${answered}题。未能生成总体总结，以下内容汇总自各题反馈。`,
    advice: (category) => `对照参考答案复习“${category}”，并针对遗漏的要点进行练习。`,
  },
};

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}
