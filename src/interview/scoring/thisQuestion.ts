import type { Reference, Sayings } from "../model.ts";
import { sum } from "../sum.ts";
import { isOwnAccount } from "./account.ts";
import { type Leaning, rightSayings } from "./misconceptions.ts";
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

/** A question, and the words of whoever is right about it. */
export interface KnownQuestion {
  question: string;
  model: string;
  vocabulary: Vocabulary;
  isOpen: boolean;
}

/** Where nothing is known of it but its reference, the nearest known questions stand in. */
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

/** The same where nobody can tell whether it is right, since nothing is known of the question but its reference. */
export function worthToStrange(prose: string, known: KnownQuestion, meanings: WordMeanings): number {
  if (lengthInWords(prose) < strangeFrom) return 0;
  const isAccount = isAccountTo(known, prose);
  const { here, nearest } = nearnessOf(prose, known, isAccount, meanings);
  // Characters have other questions' words by chance less often than words do.
  if (here < (isAccount || hasHan(prose) ? 0.6 : 0.85) * nearest) return 0;
  return worthOfTelling(prose, known, 6, 0);
}

/** In fewer words whatever fits every question may be nearest to this one. */
const strangeFrom = 50;

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
 * Where somebody stretches a few sentences with other things: those that have something to do with the question. null where
 * these are about half of all or more.
 */
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
  const metIn = (text: string): string[] => freshIn(text).filter((word) => vocabulary.oddsOf(word) >= 0.3);
  if (metIn(prose).length < least) return 0;
  // What has little to do with the question makes it little longer.
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

/** In so many words who knows the matter has explained it; in fewer where the reference needs fewer. */
const elaborateFrom = 38;
