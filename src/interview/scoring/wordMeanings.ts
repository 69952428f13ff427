import type { Locale } from "../model.ts";
import type { VocabularyKnowledge } from "./vocabulary.ts";

/** What the scorer knows about words, loaded from data. */
export interface WordMeanings extends TopicKnowledge {
  /** Cosine of two words' vectors; 0 for words that are not known. */
  similarity(a: string, b: string): number;
  /** A word's weight by rarity: 0.3 for the most common to 1 for rare ones. */
  weight(word: string): number;
  /** The vocabularies of right answers to the bank's questions. */
  vocabularies: Record<Locale, VocabularyKnowledge>;
  /** The same of more questions: those that lend their words to a question that is not in the bank. */
  lenders: Record<Locale, VocabularyKnowledge>;
  /**
   * The log odds that one unit of `unitsInRow` follows the other at that distance in written text, against shuffled text.
   * The empty string stands for the start and the end of a sentence.
   */
  follows(one: string, other: string, apart: 1 | 2, language: Locale): number;
  /**
   * The learnt weight of a phrase of `phrasesOf`, positive if typical of falsehoods; null if unknown. The empty phrase is
   * the intercept.
   */
  falseness: PhraseWeights;
  /** The same for padding: talk around an answer that adds nothing to it. */
  padding: PhraseWeights;
}

export type PhraseWeights = (phrase: string, language: Locale) => number | null;

/** What is known about the subjects of the bank's questions. */
export interface TopicKnowledge {
  /** How specific a word is to a subject: 0 for words of any text, to 1. */
  specificity(word: string): number;
  /** The topics of the bank's questions that share most of the stems. */
  topicsNear(stems: Iterable<string>): Topic[];
}

const noVocabulary: VocabularyKnowledge = { usual: () => 1, odds: () => [], isOpen: () => false };

/** No knowledge: words are compared by their letters only. */
export const noMeanings: WordMeanings = {
  similarity: () => 0,
  weight: () => 1,
  specificity: () => 1,
  topicsNear: () => [],
  vocabularies: { EN: noVocabulary, ZH: noVocabulary },
  lenders: { EN: noVocabulary, ZH: noVocabulary },
  follows: () => 0,
  falseness: () => null,
  padding: () => null,
};

/** The stems of a question and its answer, weighted by how specific they are. */
export interface Topic {
  weights: ReadonlyMap<string, number>;
  size: number;
}
