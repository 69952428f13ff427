import type { VocabularyKnowledge } from "./vocabulary.ts";

/** What the scorer knows about words; from data, so that the rules stay plain. */
export interface WordMeanings extends TopicKnowledge {
  /** Cosine of two words' vectors; 0 for words that are not known. */
  similarity(a: string, b: string): number;
  /** How much a word tells: 0.3 for the commonest to 1 for rare ones. */
  weight(word: string): number;
  /** The words of those who are right about the known questions. */
  vocabularies: Record<"EN" | "ZH", VocabularyKnowledge>;
  /**
   * The log odds that somebody wrote one unit of `unitsInRow` after the other, against words thrown together; the units are
   * so far apart, and none stands where a sentence begins or ends.
   */
  follows(one: string, other: string, apart: 1 | 2, language: "EN" | "ZH"): number;
  /**
   * How much more often a phrase of `phrasesOf` is part of something false: a weight, over 0 for more; null if not
   * known. An empty phrase is part of every sentence.
   */
  falseness(phrase: string, language: "EN" | "ZH"): number | null;
}

/** What is known about the questions that there are. */
export interface TopicKnowledge {
  /** How much a word says about what is talked of: 0 for those that stand in every text, to 1. */
  telling(word: string): number;
  /** The topics of known questions that have most in common with the words, given without their endings. */
  topicsNear(stems: Iterable<string>): Topic[];
}

const noVocabulary: VocabularyKnowledge = { usual: () => 1, odds: () => [], isOpen: () => false };

/** Words compared letter by letter alone. */
export const noMeanings: WordMeanings = {
  similarity: () => 0,
  weight: () => 1,
  telling: () => 1,
  topicsNear: () => [],
  vocabularies: { EN: noVocabulary, ZH: noVocabulary },
  follows: () => 0,
  falseness: () => null,
};

/** What a question and its good answer are about: their words without endings, and how much each tells. */
export interface Topic {
  weights: ReadonlyMap<string, number>;
  size: number;
}
