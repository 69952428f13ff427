import type { Reference, Sayings } from "../model.ts";
import { sum } from "../sum.ts";
import { isOwnAccount } from "./account.ts";
import { type Leaning, rightSayings } from "./misconceptions.ts";
import { paddingIn, relevantFrom } from "./padding.ts";
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
  isOpen: boolean;
}

/** For a question that is not in the bank the nearest questions of the bank lend their vocabulary. */
export function knownQuestion(
  question: string,
  { answer, keyPoints }: Reference,
  sayings: Sayings | null,
  meanings: WordMeanings,
): KnownQuestion {
  const known = knowledgeFor(question, meanings);
  const texts = [question, answer, ...keyPoints.map((point) => point.text), ...(sayings ? rightSayings(sayings) : [])];
  const odds = wordOddsOf(contentWords(texts.join("\n")).map(stem), known.usual);
  if (sayings) return { question, model: answer, vocabulary: knownVocabulary(odds, known), isOpen: sayings.isOpen };
  const near = nearestTo(odds, known);
  const isOpen = near[0] !== undefined && known.isOpen(near[0].at);
  return { question, model: answer, vocabulary: lentVocabulary(odds, near, known), isOpen };
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
  const { here, nearest } = nearnessOf(prose, known, isAccount, meanings);
  // A strong lean is unlikely to be chance, so more similarity to other questions is allowed.
  const most = Math.max(0.6, Math.min(isAccount ? 0.65 : 0.95, 1.1 + 0.3 * lean));
  if (here < most * nearest) return 0;
  const worth = worthOfTelling(prose, known, lean < surelyRight ? 4 : 6, surenessOf(doubt));
  return worth * (1 - paddingIn(prose, known.question, known.vocabulary, meanings));
}

/** The same for a question that is not in the bank, where it cannot be told whether the answer is right. */
export function worthByLentVocabulary(prose: string, known: KnownQuestion, meanings: WordMeanings): number {
  if (lengthInWords(prose) < strangeFrom) return 0;
  const isAccount = isAccountTo(known, prose);
  const { here, nearest } = nearnessOf(prose, known, isAccount, meanings);
  // Chinese bigrams match other questions by chance less often than words do.
  if (here < (isAccount || hasHan(prose) ? 0.6 : 0.85) * nearest) return 0;
  return worthOfTelling(prose, known, 6, 0);
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

/** The sentences related to the question, if they are less than 45 % of the answer (the rest is padding); otherwise null. */
export function coreOf(said: string, known: KnownQuestion, meanings: WordMeanings): string | null {
  const isAccount = isAccountTo(known, said);
  const sentences = sentencesOf(said);
  const core = sentences.filter((sentence) => {
    const { here, nearest } = nearnessOf(sentence, known, isAccount, meanings);
    return here >= 2 * known.vocabulary.strength && here >= 0.35 * nearest;
  });
  const lengthOf = (some: string[]): number => sum(some.map((sentence) => lengthInWords(sentence)));
  return lengthOf(core) < 0.45 * lengthOf(sentences) ? core.join("\n") : null;
}

/**
 * The least score of a few sentences that fit no other question clearly better and do not lean to what is wrong. Few words
 * share little with a full answer, so the usual rules would give them too little.
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
