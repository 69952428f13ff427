import type { KeyPoint, Reference, Sayings } from "../model.ts";
import { percent } from "../scores.ts";
import { isAboutAnswers, worthOfAccount } from "./account.ts";
import { contradictionsIn } from "./contradiction.ts";
import { isDontKnow } from "./dontKnow.ts";
import { capFor } from "./doubt.ts";
import { isEmptyTalk, wantedStems } from "./emptyTalk.ts";
import { lazy } from "./memoize.ts";
import { type Leaning, leaningOf } from "./misconceptions.ts";
import { recall } from "./overlap.ts";
import { relevance } from "./relevance.ts";
import { isShort, shortAnswer } from "./shortAnswer.ts";
import {
  clausesOf,
  consistsOfQuestion,
  repeatsQuestion,
  sentencesOf,
  topicality,
  withoutInstructions,
} from "./substance.ts";
import {
  coresOf,
  type KnownQuestion,
  knownQuestion,
  mostOfHint,
  worthByLentVocabulary,
  worthByVocabulary,
  worthOfHint,
} from "./thisQuestion.ts";
import { fitOf, topicOf } from "./topic.ts";
import { isWordList, proseOf } from "./wordLists.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { inOrder } from "./wordOrder.ts";
import { contentWords, hasHan, isHan, lengthInWords, plainText, stem, wordsOf } from "./words.ts";

/** The score of an answer, and the evidence for it. */
export interface Grade {
  /** 0-100. */
  total: number;
  covered: KeyPoint[];
  missing: KeyPoint[];
  /** Key points of which the answer says the opposite. */
  wrong: KeyPoint[];
  /** Clearly an answer to this question, but worded so freely that single key points cannot be recognised in it. */
  isInOwnWords: boolean;
  /** Probably false; the score is capped, whichever key points it touches. */
  isDoubtful: boolean;
  /** Known misconceptions that the answer repeats. */
  misconceptions: string[];
  /** Why there is nothing to grade; null when there is. */
  empty: "DONT_KNOW" | "INSTRUCTIONS" | "QUESTION_REPEATED" | "WORD_LIST" | "OFF_TOPIC" | null;
}

/** Only the beginning of a longer answer is read. */
const readCharacters = 8_000;

/** Grades an answer against its reference: deterministic, in time linear in the answer's length. */
export function grade(
  question: string,
  reference: Reference,
  answer: string,
  meanings: WordMeanings,
  sayings: Sayings | null = null,
): Grade {
  const known = lazy(() => knownQuestion(question, reference, sayings, meanings));
  const whole = gradeOf(question, reference, answer, meanings, sayings, known);
  if (whole.total <= 10 || isPlain(reference) || isAboutAnswers(reference.answer)) return whole;
  // Padding around a few relevant sentences must not raise their score.
  const cores = coresOf(answer.slice(0, readCharacters), known(), meanings);
  const bare = cores.map((core) => gradeOf(question, reference, core, meanings, sayings, known));
  return bare.reduce((least, grade) => (grade.total < least.total ? grade : least), whole);
}

function gradeOf(
  question: string,
  reference: Reference,
  answer: string,
  meanings: WordMeanings,
  sayings: Sayings | null,
  known: () => KnownQuestion,
): Grade {
  const said = withoutInstructions(answer.slice(0, readCharacters));
  const right = [reference.answer, ...reference.keyPoints.map((point) => point.text)];
  const wanted = wantedStems([question, ...right].join(" "), question);
  const reading = readingOf(said, reference, meanings);
  // Empty talk must not dilute the share of false claims.
  const claims = reading.sentences.filter(
    (sentence) => !isEmptyTalk(sentence, wanted) && repeatsQuestion(sentence, question) !== "WHOLLY",
  );
  const leaning = leaningOf(claims, sayings, right, question, meanings);

  const byWords = gradeByWords(question, reference, answer, reading, leaning, meanings);
  if (byWords.empty !== null && byWords.empty !== "OFF_TOPIC") return byWords;
  // A false answer must not be rescued as a right one in unforeseen words.
  const isTurned = byWords.isDoubtful && sayings !== null;
  const least = isTurned
    ? 0
    : Math.max(
        worthInOwnWords(question, reference, reading, known, leaning, sayings !== null, meanings),
        sayings !== null && byWords.total < mostOfHint
          ? worthInFewWords(question, reference, reading, known, leaning, meanings)
          : 0,
      );
  const grade =
    least > byWords.total ? { ...byWords, total: percent(least), isInOwnWords: true, empty: null } : byWords;
  if (grade.empty !== null || isBrief(said, reference)) return grade;
  const most = capFor(leaning.doubt);
  return most < grade.total ? { ...grade, total: percent(most), isDoubtful: true } : grade;
}

/** An answer without its instructions to the grader, at the levels of detail that the rules need. */
interface Reading {
  said: string;
  sentences: string[];
  /** The sentences whose words stand in a natural order. */
  written: string[];
  /** Those of them that are prose, not lists of words. */
  prose: string[];
}

function readingOf(said: string, reference: Reference, meanings: WordMeanings): Reading {
  const sentences = sentencesOf(said);
  const written = inOrder(sentences, reference, meanings);
  const text = written.length < sentences.length ? written.join("\n") : said;
  return { said, sentences, written, prose: proseOf(text, wordingsIn(reference)) };
}

/**
 * Too short for its tone to show whether it is true; more length is needed where the reference is short itself and offers
 * little to compare with.
 */
function isBrief(said: string, reference: Reference): boolean {
  return lengthInWords(said, 1.6) < (isPlain(reference) ? 40 : 25);
}

/** In words. Longer texts share words with any question by chance. */
const longestStory = 300;

/** The least score of an answer that is clearly about the question though it hardly shares a word with the reference. */
function worthInOwnWords(
  question: string,
  reference: Reference,
  reading: Reading,
  known: () => KnownQuestion,
  leaning: Leaning,
  isInBank: boolean,
  meanings: WordMeanings,
): number {
  const expected = [question, reference.answer, ...reference.keyPoints.map((point) => point.text)].join(" ");
  const wanted = wantedStems(expected, question);
  const prose = reading.prose
    .filter((sentence) => !isEmptyTalk(sentence, wanted) && repeatsQuestion(sentence, question) === null)
    .join("\n");
  if (prose === "" || isWordList(prose) || lengthInWords(prose) > longestStory) return 0;
  if (isAboutAnswers(reference.answer)) return worthOfAccount(prose, question);
  return (isInBank ? worthByVocabulary : worthByLentVocabulary)(prose, known(), leaning, meanings);
}

/** The least score of a short but specific answer to a question of the bank. */
function worthInFewWords(
  question: string,
  reference: Reference,
  reading: Reading,
  known: () => KnownQuestion,
  { lean }: Leaning,
  meanings: WordMeanings,
): number {
  if (lengthInWords(reading.said) > 80) return 0;
  const texts = [question, reference.answer, ...reference.keyPoints.flatMap(({ text, accept }) => [text, ...accept])];
  const expected = texts.join(" ");
  const wanted = wantedStems(expected, question);
  const asked = new Set(contentWords(question).map(stem));
  const topic = topicOf(contentWords(expected), meanings);
  const tells = (word: string): boolean => !asked.has(word) && (topic.weights.get(word) ?? 0) >= 0.1;
  const prose = reading.prose
    .filter((sentence) => !isEmptyTalk(sentence, wanted) && repeatsQuestion(sentence, question) === null)
    // A single specific word may be chance.
    .filter((sentence) => new Set(contentWords(sentence).map(stem).filter(tells)).size >= 2)
    .join("\n");
  if (prose === "" || isWordList(prose)) return 0;
  return worthOfHint(prose, known(), lean);
}

function gradeByWords(
  question: string,
  reference: Reference,
  answer: string,
  { said, sentences, written, prose }: Reading,
  { mistakes, isTrusted }: Leaning,
  meanings: WordMeanings,
): Grade {
  const points = reference.keyPoints;
  const nothing = (empty: NonNullable<Grade["empty"]>, total: number): Grade => ({
    total,
    covered: [],
    missing: [...points],
    wrong: [],
    isInOwnWords: false,
    isDoubtful: false,
    misconceptions: [],
    empty,
  });

  const whole = answer.slice(0, readCharacters);
  if (isDontKnow(whole) || isUnanswered(whole)) return nothing("DONT_KNOW", 0);
  if (said.trim() === "") return nothing("INSTRUCTIONS", 0);
  const expected = [reference.answer, ...points.flatMap((point) => [point.text, ...point.accept])].join(" ");
  if (contentWords(expected).length === 0) {
    return { ...nothing("OFF_TOPIC", bySubstance(said, topicality(said, question, meanings))), empty: null };
  }
  if (isPlain(reference)) {
    // With an instruction to the grader removed, the rest counts only if it clearly answers.
    const isAddressed = sentences.length < sentencesOf(whole).length;
    if (isAddressed && recall(reference.answer, contentWords(said), question, meanings) < 0.1)
      return nothing("INSTRUCTIONS", 0);
    if (!isNamesAlone(reference) && written.length === 0) return nothing("WORD_LIST", 8);
    return { ...nothing("OFF_TOPIC", 0), ...shortAnswer(question, reference.answer, said, meanings) };
  }
  const asksForNames = isNamesAlone(reference);
  const statements = asksForNames ? sentences : prose;
  if (repeatsQuestion(said, question) !== null || consistsOfQuestion(said, question))
    return nothing("QUESTION_REPEATED", 5);
  if (statements.length === 0) return nothing("WORD_LIST", 8);
  const wanted = wantedStems(expected, question);
  // Sentences without content stay as empty ones: the more sentences, the more may match by chance.
  const mistaken = new Set(isTrusted ? [] : mistakes.map(({ sentence }) => sentence));
  const thrown = asksForNames ? 0 : sentences.length - written.length;
  const telling = [
    ...statements.map((sentence) => (isEmptyTalk(sentence, wanted) || mistaken.has(sentence) ? "" : sentence)),
    ...Array<string>(thrown).fill(""),
  ];
  // Repeating the question earns nothing.
  const fresh = telling.filter((sentence) => repeatsQuestion(sentence, question) === null);
  const topic = topicOf(contentWords(`${question} ${expected}`), meanings);
  if (fitOf(fresh.join("\n"), topic, meanings) === "ANOTHER") return nothing("OFF_TOPIC", 5);
  const { read, told, breadth } = relevance(telling, expected, question, meanings);
  const isSure = fitOf(read.join("\n"), topic, meanings) === "THIS";
  const share = Math.min(1, (isSure ? unforeseen : 1) * told);
  const misconceptions = [...new Set(mistakes.map(({ misconception }) => misconception))];
  if (share < strayBelow) {
    if (misconceptions.length === 0) return nothing("OFF_TOPIC", 5);
    return { ...nothing("OFF_TOPIC", 10), isDoubtful: !isTrusted, misconceptions, empty: null };
  }
  if (!asksForNames && isWordList(read.join("\n"))) return nothing("WORD_LIST", 8);
  const { against, isFalse } = contradictionsIn(
    read.join("\n"),
    [reference.answer, ...points.map((point) => point.text)],
    question,
    meanings,
  );
  const judged = points.map((point) => ({ point, ...judge(point, read, against, question, meanings) }));
  const wrong = judged.filter((one) => one.wrong).map((one) => one.point);
  const covered = judged.filter((one) => one.share >= coveredFrom).map((one) => one.point);
  const missing = points.filter((point) => !covered.includes(point) && !wrong.includes(point));
  const most = Math.min(totalOf(judged, share), lengthCap(read, reference), breadthCap(breadth)) - 8 * against.length;
  const less = most - 8 * misconceptions.length;
  // Single mistakes in an otherwise right answer do not take it below 40.
  const total = isTrusted ? Math.max(less, Math.min(most, 40)) : less;
  // In an answer that is right on the whole, a clause or two that look inverted may be misread.
  const isWrong = isFalse && !(isTrusted && against.length < 0.5 * clausesOf(said).length);
  const room = isWrong ? Math.min(total, 20) : total;
  return {
    total: Math.max(6, percent(room)),
    covered,
    missing,
    wrong,
    isInOwnWords: false,
    isDoubtful: isWrong,
    misconceptions,
    empty: null,
  };
}

/** Whether the reference is a single sentence without key points, as in short-answer tests. */
function isPlain({ answer, keyPoints }: Reference): boolean {
  return keyPoints.length === 0 && isShort(answer);
}

function wordingsIn({ keyPoints }: Reference): string[] {
  return keyPoints.flatMap((point) => point.accept);
}

/** Whether the reference is itself a list, so that a list is a fair answer. */
function isNamesAlone(reference: Reference): boolean {
  return proseOf(reference.answer, wordingsIn(reference)).length === 0;
}

/** An answer that is clearly on topic knows more than the foreseen words show. */
const unforeseen = 1.3;

/** A smaller share of the expected words may be chance. */
const strayBelow = 0.03;

/** From the share of expected words to the score that people give; even a full answer in own words shares only a part. */
const worth = [
  [0, 0],
  [0.055, 10],
  [0.105, 40],
  [0.2, 52],
  [0.35, 64],
  [0.6, 80],
  [0.9, 100],
] as const;

function worthOf(told: number): number {
  const next = worth.findIndex(([share]) => share > told);
  if (next < 0) return 100;
  const [[fromShare, from], [toShare, to]] = [worth[next - 1]!, worth[next]!];
  return from + ((told - fromShare) / (toShare - fromShare)) * (to - from);
}

/** Caps answers that are much shorter than the reference: terms alone explain nothing. */
function lengthCap(read: string[], reference: Reference): number {
  if (hasHan(reference.answer)) return 100;
  const sizeOf = (text: string): number => new Set(wordsOf(text)).size;
  const size = sizeOf(reference.answer) || sizeOf(reference.keyPoints.map(({ text }) => text).join(" "));
  return 30 + 100 * (sizeOf(read.join(" ")) / size);
}

/** Caps scores that rest on only a few matching words. */
function breadthCap(breadth: number): number {
  return 10 + 80 * Math.max(0, breadth - 1.7);
}

function totalOf(judged: Judged[], told: number): number {
  const byWords = worthOf(told);
  if (judged.length === 0 || byWords <= 10) return byWords;
  const coverage = judged.reduce((sum, one) => sum + one.share, 0) / judged.length;
  const most = byWords + 40 * Math.min(1, (byWords - 10) / 20);
  return Math.min(Math.max(65 * coverage + 0.35 * byWords, byWords), most);
}

const coveredFrom = 0.5;

interface Judged {
  share: number;
  wrong: boolean;
}

/** How far a key point is made, by an accepted wording or by similar words; and whether the opposite is said. */
function judge(
  point: KeyPoint,
  sentences: string[],
  against: string[],
  question: string,
  meanings: WordMeanings,
): Judged {
  // Wordings that stand in the question prove nothing.
  const wordings = point.accept.filter((wording) => !says(question, wording));
  const shareOf = (text: string): number => {
    const said = wordings.filter((wording) => says(text, wording));
    if (said.some((wording) => !isEveryday(wording, meanings))) return 1;
    const near = recall(point.text, contentWords(text), question, meanings);
    const paraphrased = near < (isHan(point.text) ? 0.15 : 0.25) ? 0 : Math.min(1, near * 1.6);
    return Math.max(said.length > 0 ? coveredFrom : 0, paraphrased);
  };
  const right = sentences.map((sentence) =>
    against.reduce((rest, clause) => rest.replace(clause, () => " "), sentence),
  );
  // A point may be spread over several sentences.
  const share = Math.max(0, ...right.map(shareOf), 0.9 * shareOf(right.join(" ")));
  return { share, wrong: share < coveredFrom && against.some((clause) => shareOf(clause) >= coveredFrom) };
}

/** A single common word makes a point only half. */
function isEveryday(wording: string, meanings: WordMeanings): boolean {
  return /^[a-z]+$/i.test(wording) && meanings.specificity(wording.toLowerCase()) < 0.3;
}

/** Whether a wording occurs from the start of a word; it may be a stem, so the word may go on. */
export function says(text: string, wording: string): boolean {
  const said = plainText(text);
  const wanted = plainText(wording);
  for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
    if (!/^[a-z0-9]/.test(wanted) || !/[a-z0-9]/.test(said[at - 1] ?? "")) return true;
  }
  return false;
}

function isUnanswered(text: string): boolean {
  const words =
    /^[^\p{L}\p{N}]*(?:not answered|unanswered|no answer|none|nothing|n\/?a|no|yes|无|没有|未作答|略)?[^\p{L}\p{N}]*$/iu;
  return text.length < 60 && words.test(text);
}

/** Without a reference only length, concreteness and topic can be judged. */
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
