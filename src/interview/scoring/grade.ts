import type { KeyPoint, Reference } from "../model.ts";
import { contradicts, shared } from "./contradiction.ts";
import { isDontKnow } from "./dontKnow.ts";
import { letterLikeness, recall, type WordMeanings } from "./overlap.ts";
import {
  clausesOf,
  isWordList,
  pertinentSentences,
  repeatsQuestion,
  topicality,
  withoutInstructions,
} from "./substance.ts";
import { contentWords, isHan } from "./words.ts";

/** How good an answer is, and what speaks for it. */
export interface Grade {
  /** 0-100. */
  total: number;
  covered: KeyPoint[];
  missing: KeyPoint[];
  /** Said the wrong way round. */
  wrong: KeyPoint[];
  /** Why there is next to nothing to grade; null when there is. */
  empty: "DONT_KNOW" | "INSTRUCTIONS" | "QUESTION_REPEATED" | "WORD_LIST" | "OFF_TOPIC" | null;
}

/** The longest part of an answer that is read: more does not make it better. */
const readCharacters = 8_000;

/** Grades an answer by what a good one says: the same each time, and in time that grows with its length alone. */
export function grade(question: string, reference: Reference, answer: string, meanings: WordMeanings): Grade {
  const points = reference.keyPoints;
  const nothing = (empty: NonNullable<Grade["empty"]>, total: number): Grade => ({
    total,
    covered: [],
    missing: [...points],
    wrong: [],
    empty,
  });

  const whole = answer.slice(0, readCharacters);
  if (isDontKnow(whole) || isUnanswered(whole)) return nothing("DONT_KNOW", 0);
  const said = withoutInstructions(whole);
  const words = contentWords(said);
  if (said.trim() === "") return nothing("INSTRUCTIONS", 0);
  const told = recall(reference.answer, words, question, meanings);
  const repeats = repeatsQuestion(said, question);
  if (repeats === "WHOLLY" || (repeats === "MOSTLY" && told < 0.08)) return nothing("QUESTION_REPEATED", 5);
  if (points.length > 0 && isWordList(said)) return nothing("WORD_LIST", 8);

  const expected = [reference.answer, ...points.flatMap((point) => [point.text, ...point.accept])].join(" ");
  if (contentWords(expected).length === 0) {
    return { ...nothing("OFF_TOPIC", bySubstance(said, topicality(said, question, meanings))), empty: null };
  }
  if (points.length === 0) {
    // A word or two may be right in words that nobody foresaw; a whole text that shares nothing is about something else.
    const strays = words.length >= 5 && topicality(said, `${question} ${expected}`, meanings) < 0.05;
    if (strays) return nothing("OFF_TOPIC", 5);
    const likeness = letterLikeness(reference.answer, said);
    return { total: percent(calibrated(told, likeness, said)), covered: [], missing: [], wrong: [], empty: null };
  }
  const sentences = pertinentSentences(said, expected, question, meanings);
  if (sentences.length === 0) return nothing("OFF_TOPIC", 5);
  if (isWordList(sentences.join("\n"))) return nothing("WORD_LIST", 8);
  const relevant = recall(reference.answer, contentWords(sentences.join(" ")), question, meanings);
  const judged = points.map((point) => ({
    point,
    ...judge(point, reference.answer, sentences, question, meanings),
  }));
  const wrong = judged.filter((one) => one.wrong).map((one) => one.point);
  const covered = judged.filter((one) => one.share >= coveredFrom && !one.wrong).map((one) => one.point);
  const missing = points.filter((point) => !covered.includes(point) && !wrong.includes(point));
  const coverage = judged.reduce((sum, one) => sum + (one.wrong ? 0 : one.share), 0) / points.length;
  const form = 0.65 * coverage + 0.35 * Math.min(1, Math.sqrt(relevant) * 1.15);
  return { total: Math.max(6, percent(100 * bounded(form, judged, relevant))), covered, missing, wrong, empty: null };
}

const coveredFrom = 0.5;

interface Judged {
  share: number;
  wrong: boolean;
}

/** What no sum of parts may make good: most of it the wrong way round, or nothing of it at all. */
function bounded(form: number, judged: Judged[], told: number): number {
  const wrong = judged.filter((one) => one.wrong).length;
  const right = judged.filter((one) => one.share >= coveredFrom && !one.wrong).length;
  if (wrong > 0 && wrong >= right) return Math.min(form, 0.25);
  if (told < 0.15 && judged.every((one) => one.share <= 0.3)) return Math.min(form, 0.1);
  return form - 0.15 * wrong;
}

/** How far one key point is made: in an accepted wording, or in words near its own; and whether it is turned round. */
function judge(
  point: KeyPoint,
  referenceAnswer: string,
  sentences: string[],
  question: string,
  meanings: WordMeanings,
): Judged {
  let share = 0;
  let wrong = false;
  // Whoever repeats the question has its words.
  const wordings = point.accept.filter((wording) => !says(question, wording));
  const shareOf = (sentence: string): number => {
    if (wordings.some((wording) => says(sentence, wording))) return 1;
    const near = recall(point.text, contentWords(sentence), question, meanings);
    return near < (isHan(point.text) ? 0.15 : 0.25) ? 0 : Math.min(1, near * 1.6);
  };
  for (const sentence of sentences) share = Math.max(share, shareOf(sentence));
  // Said over several sentences it is said too, a little less clearly.
  share = Math.max(share, 0.9 * shareOf(sentences.join(" ")));

  const right = [...clausesOf(referenceAnswer), point.text].filter((clause) => shareOf(clause) >= coveredFrom);
  for (const clause of sentences.flatMap(clausesOf)) {
    if (right.length === 0 || says(referenceAnswer, clause) || shareOf(clause) < 0.3) continue;
    const nearest = right.reduce((best, one) => (shared(clause, one) > shared(clause, best) ? one : best));
    const agreed = right.some((one) => shared(clause, one) >= 0.9 && !contradicts(clause, one, question));
    if (!agreed && contradicts(clause, nearest, question)) wrong = true;
  }
  return { share, wrong };
}

/** A wording may be a stem, so a word may go on after it, but none may begin before it. */
export function says(text: string, wording: string): boolean {
  const said = plain(text);
  const wanted = plain(wording);
  for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
    if (!/^[a-z0-9]/.test(wanted) || !/[a-z0-9]/.test(said[at - 1] ?? "")) return true;
  }
  return false;
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s-]+/g, " ");
}

function isUnanswered(text: string): boolean {
  const words =
    /^[^\p{L}\p{N}]*(?:not answered|unanswered|no answer|none|nothing|n\/?a|no|yes|无|没有|未作答|略)?[^\p{L}\p{N}]*$/iu;
  return text.length < 60 && words.test(text);
}

/** Fitted to people's grades of short answers (docs/scoring.md): what is told counts most, then how alike the texts are. */
function calibrated(told: number, likeness: number, said: string): number {
  if (isFigure(said) && told < 0.2) return fit.wrongFigure;
  return fit.base + fit.told * Math.sqrt(told) + fit.likeness * likeness;
}

const fit = { base: 58, told: 36, likeness: 8, wrongFigure: 10 };

/** A number and nothing else: it is the right one or it is not. */
function isFigure(text: string): boolean {
  return /^\W*(?:\d+|(?:just |only )?(?:one|two|three|four|five|six|seven|eight|nine|ten|zero)(?: per \w+)?)\W*$/i.test(
    text.slice(0, 60),
  );
}

/** Without anything to compare with, only how much is said, how concretely, and whether it is about the question. */
function bySubstance(said: string, topic: number): number {
  const words = contentWords(said);
  const length = Math.min(1, new Set(words).size / 60);
  const figures = Math.min(1, (said.match(/\d+/g)?.length ?? 0) / 3);
  const reasons =
    /\b(?:because|so that|instead|trade-?off|therefore|since|although)\b|因为|所以|而不是|权衡|因此|虽然/i.test(said)
      ? 1
      : 0;
  return percent(100 * (0.55 * length + 0.15 * figures + 0.15 * reasons + 0.15 * Math.min(1, topic * 4)));
}

function percent(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)));
}
