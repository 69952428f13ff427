import type { Reference, Sayings } from "../model.ts";
import { sum } from "../sum.ts";
import { isOwnAccount } from "./account.ts";
import { type Leaning, rightSayings } from "./misconceptions.ts";
import { paddingIn, relevantFrom, withoutPadding } from "./padding.ts";
import { sentencesOf } from "./substance.ts";
import {
  knownVocabulary,
  lentVocabulary,
  type Nearness,
  nearestTo,
  oddsBeside,
  type Vocabulary,
  type VocabularyKnowledge,
  wordOddsOf,
} from "./vocabulary.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, lengthInWords, stem } from "./words.ts";

/** A question with the vocabulary of right answers to it. */
export interface KnownQuestion {
  question: string;
  model: string;
  vocabulary: Vocabulary;
  /** Of right answers to this question, not lent by others. */
  isInBank: boolean;
  /** The questions that an answer to it is compared with. */
  others: VocabularyKnowledge;
  isOpen: boolean;
}

/** To a question that is not in the bank the nearest known questions lend their vocabulary. */
export function knownQuestion(
  question: string,
  { answer, keyPoints }: Reference,
  sayings: Sayings | null,
  meanings: WordMeanings,
): KnownQuestion {
  const others = (sayings ? meanings.vocabularies : meanings.lenders)[hasHan(question) ? "ZH" : "EN"];
  const texts = [question, answer, ...keyPoints.map((point) => point.text), ...(sayings ? rightSayings(sayings) : [])];
  const odds = wordOddsOf(contentWords(texts.join("\n")).map(stem), others.usual);
  const asked = { question, model: answer, others, isInBank: sayings !== null };
  if (sayings) return { ...asked, vocabulary: knownVocabulary(odds, others), isOpen: sayings.isOpen };
  const near = nearestTo(odds, others);
  const isOpen = near[0] !== undefined && others.isOpen(near[0].at);
  return { ...asked, vocabulary: lentVocabulary(odds, near, others), isOpen };
}

/** The least score of an answer, however worded, that leans to what is right and fits no other question clearly better. */
export function worthByVocabulary(
  prose: string,
  known: KnownQuestion,
  { lean, doubt }: Leaning,
  meanings: WordMeanings,
): number {
  if (lean >= 0) return 0;
  const isAccount = isAccountTo(known, prose);
  const { here, nearest } = nearnessOf(prose, known, isAccount);
  // A strong lean is unlikely to be chance, so more similarity to other questions is allowed.
  const most = Math.max(0.6, Math.min(isAccount ? 0.65 : 0.95, 1.1 + 0.3 * lean));
  if (here < most * nearest) return 0;
  const worth = worthOfTelling(prose, known, lean < surelyRight ? 4 : 6, surenessOf(doubt));
  return worth * unpaddedShare(prose, known, meanings);
}

/** The same for a question that is not in the bank, where it cannot be told whether the answer is right. */
export function worthByLentVocabulary(
  prose: string,
  known: KnownQuestion,
  { doubt }: Leaning,
  meanings: WordMeanings,
): number {
  if (lengthInWords(prose) < strangeFrom) return 0;
  const isAccount = isAccountTo(known, prose);
  const { here, nearest } = nearnessOf(prose, known, isAccount);
  // Chinese bigrams match other questions by chance less often than words do.
  if (here < (hasHan(prose) ? 0.5 : isAccount ? 0.6 : 0.75) * nearest) return 0;
  return worthOfTelling(prose, known, 6, surenessOf(doubt)) * unpaddedShare(prose, known, meanings);
}

/** In words: a shorter text that fits any question may come nearest to this one by chance. */
const strangeFrom = 50;

const surelyRight = -1;

/** From 0 where the answer may be wrong to 1 where nothing suggests so. */
function surenessOf(doubt: number): number {
  return Math.max(0, Math.min(1, -(doubt + 2) / 4));
}

/** A personal account touches the subjects of many questions, so it is compared with other open questions only. */
function isAccountTo({ isOpen }: KnownQuestion, prose: string): boolean {
  return isOpen && isOwnAccount(prose);
}

/** Words that other questions lend are too few to show how little is said. */
function paddingOf(said: string, { question, vocabulary, isInBank }: KnownQuestion, meanings: WordMeanings): number {
  return paddingIn(said, question, isInBank ? vocabulary : null, meanings);
}

/** How much of an answer's worth counts: less, the surer it is padded. */
function unpaddedShare(said: string, known: KnownQuestion, meanings: WordMeanings): number {
  return Math.max(0, Math.min(1, 1 + probablyPadded - paddingOf(said, known, meanings)));
}

/** Log odds: below, an answer may be right in unusual words. */
const probablyPadded = 1.2;

/** What is left of a padded answer without its padding, told in two ways; nothing if it is not padded. */
export function coresOf(said: string, known: KnownQuestion, meanings: WordMeanings): string[] {
  const related = relatedPart(said, known);
  const isPadded = paddingOf(said, known, meanings) > 0;
  return [...(related === null ? [] : [related]), ...(isPadded ? [withoutPadding(said, meanings)] : [])];
}

/** The sentences related to the question, if they are less than 45 % of the answer; otherwise null. */
function relatedPart(said: string, known: KnownQuestion): string | null {
  const isAccount = isAccountTo(known, said);
  const sentences = sentencesOf(said);
  const related = sentences.filter((sentence) => {
    const { here, nearest } = nearnessOf(sentence, known, isAccount);
    return here >= 2 * known.vocabulary.strength && here >= 0.35 * nearest;
  });
  const lengthOf = (some: string[]): number => sum(some.map((sentence) => lengthInWords(sentence)));
  return lengthOf(related) < 0.45 * lengthOf(sentences) ? related.join("\n") : null;
}

/**
 * The least score of a few sentences that fit no other question clearly better and do not lean to what is wrong. Few words
 * share little with a full answer, so the usual rules would give them too little.
 */
export function worthOfHint(prose: string, known: KnownQuestion, lean: number): number {
  if (lean > 0.3) return 0;
  const { here, nearest } = nearnessOf(prose, known, isAccountTo(known, prose));
  return here < 0.8 * nearest ? 0 : Math.min(mostOfHint, 12 + here);
}

export const mostOfHint = 30;

function nearnessOf(prose: string, known: KnownQuestion, amongOpen: boolean): Nearness {
  return oddsBeside(prose, known.vocabulary, amongOpen, known.others);
}

/**
 * Grows with the length of what is related to the question: up to 55, and up to 95 at twice that length if it is surely
 * right. Repetitions do not count; fewer than `least` words of the question's vocabulary may be chance and give 0.
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
  const metIn = (text: string): string[] => freshIn(text).filter((word) => vocabulary.oddsOf(word) >= relevantFrom);
  if (metIn(prose).length < least) return 0;
  // Sentences count by how much they have to do with the question.
  const lengthOf = (sentence: string): number => {
    const odds = sum(metIn(sentence).map(vocabulary.oddsOf));
    const density = odds / vocabulary.strength / Math.max(1, freshIn(sentence).length);
    return lengthInWords(sentence) * Math.max(0, Math.min(1, (density - 0.05) / 0.15));
  };
  const length = sum([...new Set(sentencesOf(prose))].map(lengthOf));
  const enough = Math.min(elaborateFrom, Math.max(20, lengthInWords(model)));
  const more = Math.max(0, Math.min(1, length / enough - 1));
  return 55 * Math.min(1, length / enough) + 40 * sureness * more;
}

/** In words: enough to explain anything that is asked; less where the reference is shorter. */
const elaborateFrom = 38;
