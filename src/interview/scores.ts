import type { AnswerScore, Locale, QuestionDraft, ScoreBand } from "./model.ts";

/** accuracy + completeness + clarity, 0-100. */
export function total(score: Pick<AnswerScore, "accuracy" | "completeness" | "clarity">): number {
  return score.accuracy + score.completeness + score.clarity;
}

/** What an unanswered question is worth: nothing; it still shows what a good answer would have said. */
export function unansweredScore(question: QuestionDraft, locale: Locale): AnswerScore {
  return {
    accuracy: 0,
    completeness: 0,
    clarity: 0,
    feedback:
      locale === "ZH"
        ? "本题未作答，计0分。请对照参考答案复习相关要点。"
        : "This question was not answered and counts 0. Compare the reference answer and review its key points.",
    referenceAnswer: question.reference.answer,
    keyPoints: question.reference.keyPoints.map((point) => point.text),
    evidence: [],
  };
}

/** Whole numbers only; .5 goes up. */
export function roundHalfUp(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : Math.floor((2 * numerator + denominator) / (2 * denominator));
}

export function bandOf(overallScore: number): ScoreBand {
  if (overallScore >= 90) return "EXCELLENT";
  if (overallScore >= 75) return "GOOD";
  if (overallScore >= 60) return "ADEQUATE";
  return "NEEDS_IMPROVEMENT";
}
