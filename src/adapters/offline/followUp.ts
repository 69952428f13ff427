import type { KeyPoint, Locale, QuestionDraft } from "../../interview/model.ts";
import { isDontKnow } from "../../interview/scoring/dontKnow.ts";
import { isNearDuplicate } from "../../interview/similarity.ts";
import type { FollowUpRequest } from "../../ports/interviewer.ts";
import { type QuestionIndex, referenceOf } from "./bank.ts";
import { isCovered } from "./coverage.ts";

/**
 * Asks about the most important point that the answers miss: with the bank's question for it or, for a model's points,
 * about the point itself. null when the candidate does not know, has covered everything, or every question has been
 * asked.
 */
export function nextFollowUp(
  request: FollowUpRequest,
  index: Pick<QuestionIndex, "followUpOf">,
): Pick<QuestionDraft, "text" | "reference"> | null {
  const { main, exchanges, exclude, locale } = request;
  if (isDontKnow(exchanges.at(-1)?.answer ?? "")) return null;
  const said = exchanges.map(({ answer }) => answer).join("\n");
  const asked = [main.text, ...exclude, ...exchanges.map(({ question }) => question)];
  for (const point of main.reference.keyPoints) {
    const text = point.followUp ?? askingFor(point, locale);
    if (isCovered(point, said) || asked.some((other) => isNearDuplicate(text, other))) continue;
    const known = index.followUpOf(text);
    const reference = known ?? { answer: answerMaking(point, main.reference.answer, locale), keyPoints: [point] };
    return { text, reference: referenceOf(reference) };
  }
  return null;
}

/** Uses words with little weight in comparisons of questions, so that two points give two different questions. */
function askingFor({ text }: KeyPoint, locale: Locale): string {
  const characters = [...text.replace(/[.。\s]+$/u, "")];
  const point =
    characters.length > longestPoint ? `${characters.slice(0, longestPoint).join("")}…` : characters.join("");
  return locale === "ZH" ? `请再谈谈这一点：“${point}”。` : `Could you say more about this: “${point}”?`;
}

const longestPoint = 200;

/** The point itself, then the matching part of the reference answer. */
function answerMaking(point: KeyPoint, reference: string, locale: Locale): string {
  const stop = locale === "ZH" ? "。" : ". ";
  const sentences = reference.match(/[^.!?。！？]+(?:[.!?。！？]+|$)(?=\s|\p{Script=Han}|$)/gu) ?? [];
  const about = sentences.map((sentence) => sentence.trim()).filter((sentence) => isCovered(point, sentence));
  return [point.text.replace(/[.。\s]+$/, "") + stop, ...about]
    .join(locale === "ZH" ? "" : " ")
    .replaceAll("  ", " ")
    .trim();
}
