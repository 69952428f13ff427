import type { Reference, Sayings } from "../model.ts";
import { isOwnAccount } from "./account.ts";
import { type Leaning, rightSayings } from "./misconceptions.ts";
import { sentencesOf } from "./substance.ts";
import { type Nearness, oddsBeside, type Vocabulary, type VocabularyKnowledge, vocabularyOf } from "./vocabulary.ts";
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
  const stems = contentWords(texts.join("\n")).map(stem);
  const vocabulary = vocabularyOf(stems, knowledgeFor(question, meanings).usual);
  return { question, model: answer, vocabulary, isOpen: sayings.isOpen };
}

/**
 * What an answer gets at least, in whatever words, that leans to what is right about its question and is hardly likelier as
 * one to any other.
 */
export function worthToThis(
  prose: string,
  known: KnownQuestion,
  { lean, doubt }: Leaning,
  meanings: WordMeanings,
): number {
  if (lean >= 0) return 0;
  const isAccount = isAccountTo(known, prose);
  const { here, nearest } = nearnessOf(prose, known, isAccount, meanings);
  // The further it leans to what is right, the less it may be chance that it does.
  const most = Math.max(0.6, Math.min(isAccount ? 0.65 : 0.95, 1.1 + 0.3 * lean));
  if (here < most * nearest) return 0;
  return worthOfTelling(prose, known, lean < surelyRight ? 4 : 6, surenessOf(doubt));
}

const surelyRight = -1;

/** 0 where it may well be wrong, to 1 where nothing speaks for that. */
function surenessOf(doubt: number): number {
  return Math.max(0, Math.min(1, -(doubt + 2) / 4));
}

/** Whatever an account of one's own work is about, other questions are about too: those do not count beside it. */
function isAccountTo({ isOpen }: KnownQuestion, prose: string): boolean {
  return isOpen && isOwnAccount(prose);
}

/**
 * What a few sentences get at least that are hardly likelier as an answer to another question, and come hardly nearer to
 * what is wrong than to what is right. So few words meet few of a good answer's.
 */
export function worthOfHint(prose: string, known: KnownQuestion, lean: number, meanings: WordMeanings): number {
  if (lean > 0.3) return 0;
  const { here, nearest } = nearnessOf(prose, known, isAccountTo(known, prose), meanings);
  return here < 0.8 * nearest ? 0 : Math.min(mostOfHint, 12 + here);
}

export const mostOfHint = 30;

function nearnessOf(prose: string, known: KnownQuestion, amongOpen: boolean, meanings: WordMeanings): Nearness {
  return oddsBeside(prose, known.vocabulary, amongOpen, knowledgeFor(known.question, meanings));
}

function knowledgeFor(question: string, { vocabularies }: WordMeanings): VocabularyKnowledge {
  return vocabularies[hasHan(question) ? "ZH" : "EN"];
}

/**
 * Up to 55 the longer it is, up to 95 if it is twice as long and surely right; but for what repeats itself or has hardly
 * anything to do with the question: fewer words of it than `least` may fall by chance.
 */
function worthOfTelling(
  prose: string,
  { question, model, vocabulary }: KnownQuestion,
  least: number,
  sureness: number,
): number {
  const asked = new Set(contentWords(question).map(stem));
  const freshIn = (text: string): string[] =>
    [...new Set(contentWords(text).map(stem))].filter((word) => !asked.has(word));
  const metIn = (text: string): string[] => freshIn(text).filter((word) => (vocabulary.get(word) ?? 0) >= 0.3);
  if (metIn(prose).length < least) return 0;
  // What has little to do with the question makes it little longer.
  const lengthOf = (sentence: string): number => {
    const odds = metIn(sentence).reduce((sum, word) => sum + vocabulary.get(word)!, 0);
    const density = odds / Math.max(1, freshIn(sentence).length);
    return lengthInWords(sentence) * Math.max(0, Math.min(1, (density - 0.05) / 0.15));
  };
  const length = [...new Set(sentencesOf(prose))].reduce((sum, sentence) => sum + lengthOf(sentence), 0);
  const enough = Math.min(elaborateFrom, Math.max(20, lengthInWords(model)));
  const more = Math.max(0, Math.min(1, length / enough - 1));
  return 55 * Math.min(1, length / enough) + 40 * sureness * more;
}

/** In so many words who knows the matter has explained it; in fewer where the reference needs fewer. */
const elaborateFrom = 38;
