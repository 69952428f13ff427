import type { AnswerScore, Locale } from "../../interview/model.ts";
import { isDontKnow } from "../../interview/scoring/dontKnow.ts";
import type { AnswerToScore } from "../../ports/interviewer.ts";
import { isCovered } from "./coverage.ts";

/** Grades one answer against its reference, the same way each time. */
export function scoreAnswer(answer: AnswerToScore, locale: Locale): AnswerScore {
  const points = answer.reference.keyPoints;
  const covered = isDontKnow(answer.answer) ? [] : points.filter((point) => isCovered(point, answer.answer));
  const share = points.length === 0 ? 0 : covered.length / points.length;
  const sentences = answer.answer.match(/[^.!?。！？\n]+[.!?。！？]?/gu) ?? [];
  const missing = points.filter((point) => !covered.includes(point)).map((point) => point.text);
  return {
    accuracy: Math.round(40 * share),
    completeness: Math.round(30 * share),
    clarity: share === 0 ? 0 : Math.min(30, 10 + 5 * sentences.length),
    feedback: feedback(
      locale,
      covered.map((point) => point.text),
      missing,
    ),
    referenceAnswer: answer.reference.answer,
    keyPoints: points.map((point) => point.text),
    evidence: sentences
      .map((sentence) => sentence.trim())
      .filter((sentence) => covered.some((point) => isCovered(point, sentence)))
      .slice(0, 5),
  };
}

function feedback(locale: Locale, covered: string[], missing: string[]): string {
  if (locale === "ZH") {
    return `${covered.length > 0 ? `提到了：${covered.join("；")}。` : "没有提到关键要点。"}${missing.length > 0 ? `遗漏：${missing.join("；")}。` : ""}`;
  }
  return `${covered.length > 0 ? `Covered: ${covered.join("; ")}.` : "None of the key points was made."}${missing.length > 0 ? ` Missing: ${missing.join("; ")}.` : ""}`;
}
