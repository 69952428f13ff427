import type { WordMeanings } from "./wordMeanings.ts";
import { concept, contentWords, isHan, stem, wordsOf } from "./words.ts";

/** The least vector similarity of related words. */
const relatedFrom = 0.45;

/** How similar two words are in meaning, 0 to 1. */
export function nearness(a: string, b: string, meanings: Pick<WordMeanings, "similarity">): number {
  if (a === b) return 1;
  if (isHan(a) || isHan(b)) return 0;
  if (stem(a) === stem(b)) return 0.97;
  if (concept(a) === concept(b)) return 0.8;
  if (a.length > 4 && b.length > 4 && (a.startsWith(b) || b.startsWith(a))) return 0.85;
  const similarity = meanings.similarity(a, b);
  return similarity < relatedFrom ? 0 : similarity;
}

/**
 * The share of the content of `wanted` that `words` cover, 0 to 1, similar words included. Words of the question do not
 * count: everybody has them.
 */
export function recall(wanted: string, words: readonly string[], question: string, meanings: WordMeanings): number {
  const given = new Set(contentWords(question).map(stem));
  const all = [...new Set(contentWords(wanted))];
  const own = all.filter((word) => !given.has(stem(word)));
  const counted = own.length > 0 ? own : all;
  const known = new Set(words);
  let found = 0;
  let whole = 0;
  for (const word of counted) {
    const weight = meanings.weight(word);
    whole += weight;
    if (known.has(word)) {
      found += weight;
      continue;
    }
    let best = 0;
    for (const other of known) {
      best = Math.max(best, nearness(word, other, meanings));
      if (best >= 0.97) break;
    }
    found += weight * best ** 3;
  }
  return whole === 0 ? 0 : found / whole;
}

/** Cosine similarity of the letter trigrams of two texts, without the question's words. */
export function letterLikeness(a: string, b: string, question: string): number {
  const given = new Set(contentWords(question).map(stem));
  const [one, other] = [runs(a, given), runs(b, given)];
  let dot = 0;
  for (const [run, count] of one) dot += count * (other.get(run) ?? 0);
  const length = (counts: Map<string, number>): number =>
    Math.sqrt([...counts.values()].reduce((sum, count) => sum + count * count, 0));
  return dot / (length(one) * length(other) || 1);
}

/** Trigrams with their counts; small words are included because they show similar phrasing. */
function runs(text: string, given: ReadonlySet<string>): Map<string, number> {
  const words = wordsOf(text).filter((word) => !given.has(stem(word)));
  const letters = ` ${words.join(" ")} `;
  const counts = new Map<string, number>();
  for (let at = 0; at + 3 <= letters.length; at++) {
    const run = letters.slice(at, at + 3);
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}
