import { nearness } from "./overlap.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, isHan, stem } from "./words.ts";

/** How much of the expected answer is said. */
export interface Relevance {
  /** The sentences relevant enough to be searched for key points. */
  read: string[];
  /** The share of the expected words that occur, 0 to 1, weighted by how informative they are. */
  told: number;
  /** The effective number of words behind `told`: a few may be chance. */
  breadth: number;
}

/**
 * Rates an answer sentence by sentence, so that unrelated sentences add nothing. Common words hardly count, and words of
 * the question only together with others.
 */
export function relevance(sentences: string[], expected: string, question: string, meanings: WordMeanings): Relevance {
  const asked = new Set(contentWords(question).map(stem));
  const weightOf = (word: string): number => meanings.specificity(word) * (asked.has(stem(word)) ? askedWeight : 1);
  const wanted = [...new Set(contentWords(expected))].map((word) => ({
    word,
    stem: stem(word),
    weight: weightOf(word),
  }));
  const places = Map.groupBy(wanted.keys(), (at) => wanted[at]!.stem);

  const weighed = sentences.map((text): Weighed => {
    const found = new Float64Array(wanted.length);
    const sum = { fresh: 0, asked: 0, whole: 0 };
    const words = [...new Set(contentWords(text))];
    for (const word of words) {
      const same = places.get(stem(word)) ?? [];
      let best = same.length > 0 ? 1 : 0;
      for (const at of same) found[at] = 1;
      for (const [at, one] of isHan(word) ? [] : wanted.entries()) {
        const near = asked.has(one.stem) ? 0 : relatedness(word, one.word, meanings);
        best = Math.max(best, near);
        found[at] = Math.max(found[at]!, near);
      }
      sum[asked.has(stem(word)) ? "asked" : "fresh"] += weightOf(word) * best;
      sum.whole += weightOf(word);
    }
    const repeated = new Set(words.map(stem).filter((word) => asked.has(word))).size / asked.size;
    if (repeated >= 0.7) sum.asked = 0;
    return { text, found, evidence: sum.fresh < freshFrom ? 0 : sum.fresh + sum.asked, whole: sum.whole };
  });

  const heard = heardOf(weighed);
  let told = 0;
  let squares = 0;
  let whole = 0;
  for (const [at, { weight }] of wanted.entries()) {
    const share = weight * Math.max(0, ...heard.map(({ found }) => found[at]!));
    told += share;
    squares += share ** 2;
    whole += weight;
  }
  return {
    read: weighed.filter((one) => isRead(one, weighed.length)).map(({ text }) => text),
    breadth: told ** 2 / (squares || 1),
    told: Math.min(1, (rarelyMeets(expected) * trust(heard) * told) / Math.max(whole, leastWeight)),
  };
}

interface Weighed {
  text: string;
  /** How far each expected word occurs in it. */
  found: Float64Array;
  /** The weight of its words that match expected ones, and of all its words. */
  evidence: number;
  whole: number;
}

const askedWeight = 0.8;
const freshFrom = 0.2;

/** The least weight of an expected answer: a few words of a short one may match by chance. */
const leastWeight = 5;

/** Only so many sentences count: further ones match by chance. */
const most = 6;

/** The sentences that count. Where most sentences have some evidence, little is enough: chance is not so regular. */
function heardOf(sentences: Weighed[]): Weighed[] {
  const once = [...new Map(sentences.map((one) => [one.text, one])).values()];
  const hinting = once.filter(({ evidence }) => evidence >= freshFrom);
  const isSteady = hinting.length >= 3 && hinting.length >= 0.6 * sentences.length;
  const heard = hinting
    .filter((one) => isSteady || isExpected(one) || one.evidence >= chance(sentences.length))
    .sort((a, b) => b.evidence - a.evidence)
    .slice(0, most);
  return heard.length <= 2 && !heard.some(standsAlone) ? [] : heard;
}

/** A single matching sentence may still be chance. */
function trust(heard: Weighed[]): number {
  return heard.length === 1 && !isExpected(heard[0]!) ? 0.9 : 1;
}

/** Whether a sentence is strong enough when only one or two count. */
function standsAlone(sentence: Weighed): boolean {
  return isExpected(sentence) || sentence.evidence >= 0.5;
}

/** The evidence that one of so many sentences may have by chance. */
function chance(sentences: number): number {
  return 0.4 + 0.01 * Math.max(0, sentences - 8);
}

/** Consists almost only of expected words. */
function isExpected({ evidence, whole }: Weighed): boolean {
  return whole >= 0.2 && evidence / whole >= 0.8;
}

/** Has enough evidence, and not diluted among other words. */
function isRead(sentence: Weighed, sentences: number): boolean {
  const { evidence, whole } = sentence;
  if (isExpected(sentence)) return true;
  return evidence >= chance(sentences) + 0.05 && (evidence * evidence) / whole >= 0.05;
}

/** Chinese bigrams match less often than words, which also match by similarity. */
function rarelyMeets(text: string): number {
  return hasHan(text) ? 2.2 : 1;
}

/** 0 for words that merely occur in the same texts. */
function relatedness(a: string, b: string, meanings: WordMeanings): number {
  const near = nearness(a, b, meanings);
  return near < 0.5 ? 0 : near ** 3;
}
