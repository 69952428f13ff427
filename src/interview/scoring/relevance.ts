import { nearness } from "./overlap.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, isHan, stem } from "./words.ts";

/** What an answer says of what a good one says. */
export interface Relevance {
  /** The sentences that say enough of it to be read for key points. */
  read: string[];
  /** How much of it is said, 0 to 1, each word weighed by how much it tells. */
  told: number;
  /** On how many words that rests: a few may fall by chance. */
  breadth: number;
}

/**
 * Reads an answer sentence by sentence. Common words count next to nothing, because they stand in every text, and words
 * of the question only beside others, because everybody has them; so what is mixed in about other things adds nothing.
 */
export function relevance(sentences: string[], expected: string, question: string, meanings: WordMeanings): Relevance {
  const asked = new Set(contentWords(question).map(stem));
  const weightOf = (word: string): number => meanings.telling(word) * (asked.has(stem(word)) ? askedWeight : 1);
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
  /** How far each wanted word is in it. */
  found: Float64Array;
  /** What its words tell of what is wanted, and what they tell in all. */
  evidence: number;
  whole: number;
}

const askedWeight = 0.8;
const freshFrom = 0.2;

/** What a good answer weighs at least: a few words of a short one may fall by chance. */
const leastWeight = 5;

/** More sentences than these do not make an answer more to the point: so many others meet the words by chance. */
const most = 6;

/** Those that count: little evidence is enough where nearly every sentence has some, since chance is not so steady. */
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

/** What a single sentence has may still be chance. */
function trust(heard: Weighed[]): number {
  return heard.length === 1 && !isExpected(heard[0]!) ? 0.9 : 1;
}

/** One or two sentences among nothing must say more. */
function standsAlone(sentence: Weighed): boolean {
  return isExpected(sentence) || sentence.evidence >= 0.5;
}

/** What one of so many sentences may have by chance. */
function chance(sentences: number): number {
  return 0.4 + 0.01 * Math.max(0, sentences - 8);
}

/** Hardly anything but what is wanted. */
function isExpected({ evidence, whole }: Weighed): boolean {
  return whole >= 0.2 && evidence / whole >= 0.8;
}

/** Some telling words, and not lost among others. */
function isRead(sentence: Weighed, sentences: number): boolean {
  const { evidence, whole } = sentence;
  if (isExpected(sentence)) return true;
  return evidence >= chance(sentences) + 0.05 && (evidence * evidence) / whole >= 0.05;
}

/** Pairs of characters meet by chance, and in other words, less often than words that have relatives. */
function rarelyMeets(text: string): number {
  return hasHan(text) ? 2.2 : 1;
}

/** 0 for words that only stand in the same texts. */
function relatedness(a: string, b: string, meanings: WordMeanings): number {
  const near = nearness(a, b, meanings);
  return near < 0.5 ? 0 : near ** 3;
}
