import type { AnswerScore, Locale, Sayings } from "../../interview/model.ts";
import { type Grade, grade, says } from "../../interview/scoring/grade.ts";
import { recall } from "../../interview/scoring/overlap.ts";
import { sentencesOf } from "../../interview/scoring/substance.ts";
import type { WordMeanings } from "../../interview/scoring/wordMeanings.ts";
import { contentWords } from "../../interview/scoring/words.ts";
import type { AnswerToScore } from "../../ports/interviewer.ts";

/** Grades one answer against its reference, deterministically, and explains the result. */
export function scoreAnswer(
  question: AnswerToScore,
  locale: Locale,
  meanings: WordMeanings,
  sayings: Sayings | null = null,
): AnswerScore {
  const { reference, answer } = question;
  const result = grade(question.question, reference, answer, meanings, sayings);
  return {
    ...parts(result, reference.keyPoints.length),
    feedback: feedbackOn(result, locale),
    referenceAnswer: reference.answer,
    keyPoints: reference.keyPoints.map((point) => point.text),
    evidence: evidenceFor(result, question, meanings),
  };
}

/** Splits the total: completeness follows the key points made, accuracy and clarity share the rest. */
function parts({ total, covered }: Grade, points: number): { accuracy: number; completeness: number; clarity: number } {
  const share = points === 0 ? total / 100 : (covered.length / points + total / 100) / 2;
  const accuracy = Math.round(0.4 * total);
  const completeness = Math.min(30, Math.round(30 * share), total - accuracy);
  const clarity = Math.min(30, total - accuracy - completeness);
  // What exceeds clarity's maximum is added to completeness, so that the parts sum up to the total.
  return { accuracy, completeness: Math.min(30, total - accuracy - clarity), clarity };
}

/** Sentences quoted from the answer that make a point. */
function evidenceFor({ covered }: Grade, { question, answer }: AnswerToScore, meanings: WordMeanings): string[] {
  const sentences = sentencesOf(answer).filter((sentence) =>
    covered.some(
      (point) =>
        point.accept.some((wording) => says(sentence, wording)) ||
        recall(point.text, contentWords(sentence), question, meanings) >= 0.5,
    ),
  );
  return sentences.map((sentence) => sentence.slice(0, 500)).slice(0, 5);
}

function feedbackOn(grade: Grade, locale: Locale): string {
  const { covered, missing, wrong, isInOwnWords, isDoubtful, misconceptions, empty } = grade;
  const say = texts[locale];
  const parts = [
    empty === null ? null : say.empty[empty],
    isDoubtful ? say.doubtful : null,
    misconceptions.length > 0 ? say.misconceptions(misconceptions) : null,
    isInOwnWords ? say.ownWords : null,
    covered.length > 0 ? (isDoubtful ? say.touched : say.covered)(covered.map((point) => point.text)) : null,
    wrong.length > 0 ? say.wrong(wrong.map((point) => point.text)) : null,
    missing.length > 0 ? say.missing(missing.map((point) => point.text)) : null,
    empty === null && !isDoubtful && covered.length > 0 && missing.length + wrong.length === 0 ? say.complete : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" ") : say.compare;
}

interface Texts {
  empty: Record<NonNullable<Grade["empty"]>, string>;
  doubtful: string;
  misconceptions(met: string[]): string;
  ownWords: string;
  covered(points: string[]): string;
  /** For an answer that seems to be wrong. */
  touched(points: string[]): string;
  wrong(points: string[]): string;
  missing(points: string[]): string;
  complete: string;
  compare: string;
}

const texts: Record<Locale, Texts> = {
  EN: {
    empty: {
      DONT_KNOW: "You said that you do not know, which is honest; the points below are worth learning.",
      INSTRUCTIONS: "Only what is said about the question counts; nothing was.",
      QUESTION_REPEATED: "The answer repeats the question and adds nothing of its own.",
      WORD_LIST: "Single words show that you have heard of them; say in sentences how they belong together.",
      OFF_TOPIC: "The answer is about something else than the question.",
    },
    doubtful:
      "Much of this seems to be wrong, or is told as if nothing else could be: hold each statement against the reference answer.",
    misconceptions: (met) =>
      met.length === 1
        ? `It comes close to a common misconception, which is wrong: “${met[0]}”`
        : `It comes close to common misconceptions, which are wrong: ${met.map((one) => `“${one}”`).join(" ")}`,
    ownWords:
      "It is about the question, but told in words from which it cannot be seen which points it makes; compare them yourself.",
    covered: (points) => `You covered: ${points.join("; ")}.`,
    touched: (points) => `It has words of these points: ${points.join("; ")}.`,
    wrong: (points) => `This was said the wrong way round: ${points.join("; ")}.`,
    missing: (points) => `Still missing: ${points.join("; ")}.`,
    complete: "Nothing essential is missing.",
    compare: "Compare your answer with the reference answer, point by point.",
  },
  ZH: {
    empty: {
      DONT_KNOW: "你表示不了解本题，坦诚很好；下面的要点值得学习。",
      INSTRUCTIONS: "只有针对问题的内容才会计分，而回答中没有。",
      QUESTION_REPEATED: "回答只是重复了题目，没有新的内容。",
      WORD_LIST: "罗列词语只能说明听说过，请用完整的句子说明它们之间的关系。",
      OFF_TOPIC: "回答与题目无关。",
    },
    doubtful: "其中不少说法似乎有误，或者说得过于绝对，请逐句对照参考答案。",
    misconceptions: (met) => `回答中有接近常见误解的说法，这些说法是错误的：${met.map((one) => `“${one}”`).join("")}`,
    ownWords: "回答切题，但用词与参考答案差别很大，无法判断答到了哪些要点，请自行对照。",
    covered: (points) => `你答到了：${points.join("；")}。`,
    touched: (points) => `回答用到了这些要点的词语：${points.join("；")}。`,
    wrong: (points) => `以下内容说反了：${points.join("；")}。`,
    missing: (points) => `还缺少：${points.join("；")}。`,
    complete: "没有遗漏关键要点。",
    compare: "请逐点对照参考答案。",
  },
};
