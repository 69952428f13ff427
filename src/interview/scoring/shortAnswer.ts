import { percent } from "../scores.ts";
import { isEmptyTalk, wantedStems } from "./emptyTalk.ts";
import { letterLikeness, recall } from "./overlap.ts";
import { repeatsQuestion, sentencesOf, topicality } from "./substance.ts";
import { isList, isNames, isRow, withoutNames } from "./wordLists.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, stem } from "./words.ts";

/** How good a short answer is, and why there is next to nothing to grade where that is so. */
interface ShortGrade {
  /** 0-100. */
  total: number;
  empty: "QUESTION_REPEATED" | "WORD_LIST" | "OFF_TOPIC" | null;
}

/** A reference that a sentence or two would do for. */
export function isShort(referenceAnswer: string): boolean {
  return sizeOf(referenceAnswer) < 18;
}

function sizeOf(referenceAnswer: string): number {
  return new Set(contentWords(referenceAnswer)).size;
}

/** Graded as short answers are: one or two sentences, where every word may be the right one. */
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
    // A long story may tell it all in other words.
    const nearFrom = words.length > 40 ? 0.05 : 0.1;
    if (topicality(said, topic, meanings) + 0.3 * common.beyondChance < nearFrom)
      return { total: 8, empty: "OFF_TOPIC" };
  }
  return { total: percent(calibrated(common, said)), empty: null };
}

/** What of an answer is read: nothing that fits every question, and neither the question nor names beside sentences. */
export function answeringPart(question: string, referenceAnswer: string, answer: string): string {
  const wanted = wantedStems(referenceAnswer, question);
  const telling = sentencesOf(answer).filter((sentence) => !isEmptyTalk(sentence, wanted));
  // Everybody has the question: said once more beside an answer it speaks for nothing.
  const fresh = telling.filter((sentence) => repeatsQuestion(sentence, question) !== "WHOLLY");
  const answering = fresh.length > 0 ? fresh : telling;
  const prose = asksForSentences(question) && !isNamed(answer) ? withoutNames(answering, answer) : answering;
  return (prose.length > 0 ? prose : answering).join("\n");
}

/** What an answer and the reference have in common, each 0 to 1. */
export interface InCommon {
  /** How much of the reference is told. */
  told: number;
  /** The same less what so many words meet by chance. */
  beyondChance: number;
  /** What is not met: the first that is told says most about whether an answer is right. */
  missed: number;
  /** How many of the words of right answers the reference may foresee: one of a few words foresees few. */
  foreseen: number;
  /** How alike the texts are letter by letter. */
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

/** What each word more meets of a sentence by chance: whoever talks on gets nothing for that. */
const chanceOfAWord = 0.003;
const manyWords = 30;

/** In so many words who answers comes near the topic; fewer may be the right ones though nobody foresaw them. */
const fluentFrom = 12;

/** What, who, which, where and how many may be answered by names; how, why and what happens may not. */
function asksForSentences(question: string): boolean {
  return /\b(?:how(?! (?:many|much|often|long|large|big|deep|far|fast)\b)|why|what happens|explain|describe)\b|为什么|为何|怎么|怎样|如何|原因|解释|说明/i.test(
    question,
  );
}

/** Names in a row; "by" and "with" before them make a way of them. */
function isNamed(said: string): boolean {
  const isCode = /[={}]|\(\)/.test(said);
  return !isCode && !/^\W*(?:by|using|with|through|in|on|at|via)\b/i.test(said) && isList(said) && isNames(said);
}

/** Next to nothing has to do with the topic, and few of the words are of the trade. */
function isElsewhere(words: string[], topic: string, meanings: WordMeanings): boolean {
  const share = topicality(words.join(" "), topic, meanings);
  // A few words may be right though nobody foresaw them: each must be known, and of no trade.
  const isPlain = (word: string): boolean =>
    meanings.similarity(word, word) > 0 && (meanings.telling(word) < 0.1 || !isOfTheTrade(word, meanings));
  if (words.length < 5) return words.length >= 2 && share === 0 && words.every(isPlain);
  const ofTheTrade = words.filter((word) => isOfTheTrade(word, meanings)).length / words.length;
  // Pairs of Han characters meet less often than words that have relatives.
  return share + 0.2 * ofTheTrade < (hasHan(topic) ? 0.06 : 0.17);
}

/** Several of the known questions have it. */
function isOfTheTrade(word: string, meanings: WordMeanings): boolean {
  return meanings.topicsNear([stem(word)]).filter(({ weights }) => weights.has(stem(word))).length >= 3;
}

/** The words of the reference answer in a row, where that is a sentence itself. */
function isKeywords(said: string, referenceAnswer: string): boolean {
  const words = contentWords(said);
  const foreseen = new Set(contentWords(referenceAnswer).map(stem));
  return words.length >= 4 && isRow(said) && !isRow(referenceAnswer) && words.every((word) => foreseen.has(stem(word)));
}

function calibrated({ beyondChance, missed, foreseen, likeness }: InCommon, said: string): number {
  if (isFigure(said) && beyondChance < 0.2) return fit.wrongFigure;
  return fit.all + fit.likeness * likeness - missed * (fit.missed + fit.foreseen * foreseen);
}

/** Fitted to people's grades of short answers by scripts/shortAnswers.ts (docs/scoring.md). */
const fit = { all: 82, likeness: 29, missed: 22, foreseen: 28, wrongFigure: 10 };

/** A number and nothing else: it is the right one or it is not. */
function isFigure(text: string): boolean {
  return /^\W*(?:\d+|(?:just |only )?(?:one|two|three|four|five|six|seven|eight|nine|ten|zero)(?: per \w+)?)\W*$/i.test(
    text.slice(0, 60),
  );
}
