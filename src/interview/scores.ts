import type { AnswerScore, Locale, QuestionDraft, ScoreBand } from "./model.ts";

/** accuracy + completeness + clarity, 0-100. */
export function total(score: Pick<AnswerScore, "accuracy" | "completeness" | "clarity">): number {
  return score.accuracy + score.completeness + score.clarity;
}

/** The score of an unanswered question: 0, with feedback on what a good answer would have said. */
export function unansweredScore(question: Pick<QuestionDraft, "reference">, locale: Locale): AnswerScore {
  const feedback = {
    EN: "This question was not answered and counts 0. Compare the reference answer and review its key points.",
    ZH: "本题未作答，计0分。请对照参考答案复习相关要点。",
  };
  return nothing(question, feedback[locale]);
}

/** The score of an answer that says "I don't know", whoever grades. */
export function dontKnowScore(question: Pick<QuestionDraft, "reference">, locale: Locale): AnswerScore {
  const feedback = {
    EN: "You said that you do not know, which is honest and counts 0. Compare the reference answer and review its key points.",
    ZH: "你表示不了解本题，坦诚很好，计0分。请对照参考答案复习相关要点。",
  };
  return nothing(question, feedback[locale]);
}

function nothing({ reference }: Pick<QuestionDraft, "reference">, feedback: string): AnswerScore {
  return {
    accuracy: 0,
    completeness: 0,
    clarity: 0,
    feedback,
    referenceAnswer: reference.answer,
    keyPoints: reference.keyPoints.map((point) => point.text),
    evidence: [],
  };
}

/** Divides with integer arithmetic; .5 rounds up. */
export function roundHalfUp(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : Math.floor((2 * numerator + denominator) / (2 * denominator));
}

/** The nearest whole number of 0 to 100. */
export function percent(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)));
}

export function bandOf(overallScore: number): ScoreBand {
  if (overallScore >= 90) return "EXCELLENT";
  if (overallScore >= 75) return "GOOD";
  if (overallScore >= 60) return "ADEQUATE";
  return "NEEDS_IMPROVEMENT";
}
