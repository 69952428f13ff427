import { percent } from "../scores.ts";
import { isEmptyTalk, wantedStems } from "./emptyTalk.ts";
import { letterLikeness, recall } from "./overlap.ts";
import { repeatsQuestion, sentencesOf, topicality } from "./substance.ts";
import { isList, isNames, isWordList, withoutNames } from "./wordLists.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, stem } from "./words.ts";

/** The score of a short answer, and why there is nothing to grade if so. */
interface ShortGrade {
  /** 0-100. */
  total: number;
  empty: "QUESTION_REPEATED" | "WORD_LIST" | "OFF_TOPIC" | null;
}

/** Whether a reference is only a sentence or two long. */
export function isShort(referenceAnswer: string): boolean {
  return sizeOf(referenceAnswer) < 18;
}

function sizeOf(referenceAnswer: string): number {
  return new Set(contentWords(referenceAnswer)).size;
}

/** Grades an answer of one or two sentences, where a single word may be the right answer. */
export function shortAnswer(
  question: string,
  referenceAnswer: string,
  answer: string,
  meanings: WordMeanings,
): ShortGrade {
  const said = answeringPart(question, referenceAnswer, answer);
  if (said === "") return { total: 5, empty: "OFF_TOPIC" };
  const words = contentWords(said);
  const topic = `${question} ${referenceAnswer}`;
  if (isElsewhere(words, topic, meanings)) return { total: 5, empty: "OFF_TOPIC" };
  const common = inCommon(question, referenceAnswer, said, meanings);
  const repeats = repeatsQuestion(said, question);
  if (repeats === "WHOLLY" || (repeats === "MOSTLY" && common.told < 0.08))
    return { total: 5, empty: "QUESTION_REPEATED" };
  if (isKeywords(said, referenceAnswer) || (asksForSentences(question) && isNamed(said)))
    return { total: 8, empty: "WORD_LIST" };
  if (words.length >= fluentFrom) {
    // A long answer may say it all in other words.
    const nearFrom = words.length > 40 ? 0.05 : 0.1;
    if (topicality(said, topic, meanings) + 0.3 * common.beyondChance < nearFrom)
      return { total: 8, empty: "OFF_TOPIC" };
  }
  return { total: percent(calibrated(common, said)), empty: null };
}

/** An answer without empty talk, repetitions of the question, and lists of names beside sentences. */
export function answeringPart(question: string, referenceAnswer: string, answer: string): string {
  const wanted = wantedStems(referenceAnswer, question);
  const telling = sentencesOf(answer).filter((sentence) => !isEmptyTalk(sentence, wanted));
  // Repeating the question beside an answer earns nothing.
  const fresh = telling.filter((sentence) => repeatsQuestion(sentence, question) !== "WHOLLY");
  const answering = fresh.length > 0 ? fresh : telling;
  const prose = asksForSentences(question) && !isNamed(answer) ? withoutNames(answering, answer) : answering;
  return (prose.length > 0 ? prose : answering).join("\n");
}

/** What an answer and its reference have in common, each 0 to 1. */
export interface InCommon {
  /** The share of the reference that is said. */
  told: number;
  /** The same minus what a text of this length matches by chance. */
  beyondChance: number;
  /** What is missing, falling exponentially: the first match says most about whether an answer is right. */
  missed: number;
  /** How many words of right answers the reference can be expected to contain: a short one contains few. */
  foreseen: number;
  /** The likeness of the letters (`letterLikeness`). */
  likeness: number;
}

export function inCommon(question: string, referenceAnswer: string, said: string, meanings: WordMeanings): InCommon {
  const words = contentWords(said);
  const told = recall(referenceAnswer, words, question, meanings);
  const beyondChance = Math.max(0, told - chanceOfAWord * Math.min(words.length, manyWords));
  return {
    told,
    beyondChance,
    missed: Math.exp(-beyondChance / 0.25),
    foreseen: Math.min(1, sizeOf(referenceAnswer) / 8),
    likeness: letterLikeness(referenceAnswer, said, question),
  };
}

/** The share that each further word matches by chance, so that talking on earns nothing. */
const chanceOfAWord = 0.003;
const manyWords = 30;

/** In words: an answer of this length must come near the topic; fewer words may be right though unforeseen. */
const fluentFrom = 12;

/** Names may answer what, who, which, where and how many, but not how, why and what happens. */
function asksForSentences(question: string): boolean {
  return /\b(?:how(?! (?:many|much|often|long|large|big|deep|far|fast)\b)|why|what happens|explain|describe)\b|为什么|为何|怎么|怎样|如何|原因|解释|说明/i.test(
    question,
  );
}

/** A list of names; after "by" or "with" they describe a way of doing it. */
function isNamed(said: string): boolean {
  const isCode = /[={}]|\(\)/.test(said);
  return !isCode && !/^\W*(?:by|using|with|through|in|on|at|via)\b/i.test(said) && isList(said) && isNames(said);
}

/** Whether hardly anything relates to the topic, and few of the words are technical. */
function isElsewhere(words: string[], topic: string, meanings: WordMeanings): boolean {
  const share = topicality(words.join(" "), topic, meanings);
  // A few words may be right though unforeseen, so each must be known and non-technical.
  const isPlain = (word: string): boolean =>
    meanings.similarity(word, word) > 0 && (meanings.specificity(word) < 0.1 || !isOfTheTrade(word, meanings));
  if (words.length < 5) return words.length >= 2 && share === 0 && words.every(isPlain);
  const ofTheTrade = words.filter((word) => isOfTheTrade(word, meanings)).length / words.length;
  // Chinese bigrams match less often than words, which also match by similarity.
  return share + 0.2 * ofTheTrade < (hasHan(topic) ? 0.06 : 0.17);
}

/** Whether several questions of the bank use the word. */
function isOfTheTrade(word: string, meanings: WordMeanings): boolean {
  return meanings.topicsNear([stem(word)]).filter(({ weights }) => weights.has(stem(word))).length >= 3;
}

/** Only the reference's words in a row, where the reference is a sentence. */
function isKeywords(said: string, referenceAnswer: string): boolean {
  const words = contentWords(said);
  const foreseen = new Set(contentWords(referenceAnswer).map(stem));
  return (
    words.length >= 4 &&
    isWordList(said) &&
    !isWordList(referenceAnswer) &&
    words.every((word) => foreseen.has(stem(word)))
  );
}

function calibrated({ beyondChance, missed, foreseen, likeness }: InCommon, said: string): number {
  if (isFigure(said) && beyondChance < 0.2) return fit.wrongFigure;
  return fit.all + fit.likeness * likeness - missed * (fit.missed + fit.foreseen * foreseen);
}

/** Fitted to people's grades of short answers by scripts/shortAnswers.ts (docs/scoring.md). */
const fit = { all: 82, likeness: 29, missed: 22, foreseen: 28, wrongFigure: 10 };

/** Only a number, which is right or wrong. */
function isFigure(text: string): boolean {
  return /^\W*(?:\d+|(?:just |only )?(?:one|two|three|four|five|six|seven|eight|nine|ten|zero)(?: per \w+)?)\W*$/i.test(
    text.slice(0, 60),
  );
}
