import type { Reference, Sayings } from "../model.ts";
import { isOwnAccount } from "./account.ts";
import { rightSayings } from "./misconceptions.ts";
import { sentencesOf } from "./substance.ts";
import { type Nearness, oddsBeside, type Vocabulary, vocabularyOf } from "./vocabulary.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, lengthInWords, stem } from "./words.ts";

/** A question about which more is known than its reference: all of its words that are no chance. */
export interface KnownQuestion {
  question: string;
  model: string;
  vocabulary: Vocabulary;
  isOpen: boolean;
}

export function knownQuestion(
  question: string,
  { answer, keyPoints }: Reference,
  sayings: Sayings,
  meanings: WordMeanings,
): KnownQuestion {
  const texts = [question, answer, ...keyPoints.map((point) => point.text), ...rightSayings(sayings)];
  const vocabulary = vocabularyOf(texts, knowledgeFor(question, meanings).usual);
  return { question, model: answer, vocabulary, isOpen: sayings.isOpen };
}

/**
 * What an answer gets at least, in whatever words, that leans to what is right about its question and is hardly likelier as
 * one to any other.
 */
export function worthToThis(prose: string, known: KnownQuestion, lean: number, meanings: WordMeanings): number {
  const { here, nearest } = nearnessOf(prose, known, meanings);
  // The further it leans to what is right, the less it may be chance that it does.
  const most = Math.max(0.6, Math.min(isAccount(prose, known) ? 0.65 : 0.95, 1.1 + 0.3 * lean));
  if (lean >= 0 || here < most * nearest) return 0;
  return worthOfTelling(prose, known, lean < surelyRight ? 4 : 6);
}

const surelyRight = -1;

function isAccount(prose: string, { isOpen }: KnownQuestion): boolean {
  return isOpen && isOwnAccount(prose);
}

/**
 * What a few sentences get at least that are hardly likelier as an answer to another question, and come hardly nearer to
 * what is wrong than to what is right. So few words meet few of a good answer's.
 */
export function worthOfHint(prose: string, known: KnownQuestion, lean: number, meanings: WordMeanings): number {
  if (lean > 0.3) return 0;
  const { here, nearest } = nearnessOf(prose, known, meanings);
  return here < 0.8 * nearest ? 0 : Math.min(mostOfHint, 12 + here);
}

export const mostOfHint = 30;

/** Whatever an account of one's own work is about, other questions are about too: those do not count beside it. */
function nearnessOf(prose: string, known: KnownQuestion, meanings: WordMeanings): Nearness {
  return oddsBeside(prose, known.vocabulary, isAccount(prose, known), knowledgeFor(known.question, meanings));
}

function knowledgeFor(question: string, { vocabularies }: WordMeanings): WordMeanings["vocabularies"]["EN"] {
  return vocabularies[hasHan(question) ? "ZH" : "EN"];
}

/**
 * The more, the longer it is, but for what repeats itself or has hardly anything to do with the question: fewer words of
 * it than `least` may fall by chance.
 */
function worthOfTelling(prose: string, { question, model, vocabulary }: KnownQuestion, least: number): number {
  const asked = new Set(contentWords(question).map(stem));
  const oddsIn = (word: string): number => (asked.has(word) ? 0 : (vocabulary.get(word) ?? 0));
  const metIn = (text: string): string[] =>
    [...new Set(contentWords(text).map(stem))].filter((word) => oddsIn(word) >= 0.3);
  if (metIn(prose).length < least) return 0;
  const telling = [...new Set(sentencesOf(prose))].filter(
    (sentence) => metIn(sentence).reduce((sum, word) => sum + oddsIn(word), 0) > 0.5,
  );
  const enough = Math.min(elaborateFrom, Math.max(20, lengthInWords(model)));
  return 55 * Math.min(1, lengthInWords(telling.join(" ")) / enough);
}

/** In so many words who knows the matter has explained it; in fewer where the reference needs fewer. */
const elaborateFrom = 38;
