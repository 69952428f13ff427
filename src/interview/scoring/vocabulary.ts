import { sum } from "../sum.ts";
import { memoize } from "./memoize.ts";
import { contentWords, stem } from "./words.ts";

/** For each stem the log odds that it belongs to an answer to one question rather than to any other. */
export type WordOdds = ReadonlyMap<string, number>;

/** The vocabulary of right answers to a question. */
export interface Vocabulary {
  /** As in `WordOdds`; 0 for words that no right answer has. */
  oddsOf(stem: string): number;
  /** The size of its odds relative to a question with many known answers, 0 to 1. */
  strength: number;
  /** Whether the known question at that index is this one, or so close that the same answers are right. */
  isAkin(at: number): boolean;
}

/** The fit of an answer to its own question, and to the best-fitting other one. */
export interface Nearness {
  here: number;
  nearest: number;
}

/** Word statistics over all known questions. */
export interface VocabularyKnowledge {
  /** The relative frequency of a word over all answers. */
  usual(stem: string): number;
  /** For each question the summed log odds of the words. */
  odds(stems: Iterable<string>): ArrayLike<number>;
  /** Whether the question at that index is open, as in `Sayings`. */
  isOpen(at: number): boolean;
}

/** The share of an answer's words that is specific to its question. */
const own = 0.1;

/** The odds of the stems of all right answers, repeated as often as they occur. */
export function wordOddsOf(stems: string[], usual: (stem: string) => number): WordOdds {
  const counts = new Map<string, number>();
  for (const word of stems) counts.set(word, (counts.get(word) ?? 0) + 1);
  const oddsOf = (word: string, count: number): number =>
    Math.log(1 + ((own / (1 - own)) * (1 + Math.log(count))) / (counts.size * usual(word)));
  return new Map([...counts].map(([word, count]) => [word, oddsOf(word, count)]));
}

/** For a question with many known answers. */
export function knownVocabulary(odds: WordOdds, known: VocabularyKnowledge): Vocabulary {
  const common = known.odds(odds.keys());
  const whole = sum(odds.values());
  return { oddsOf: (stem) => odds.get(stem) ?? 0, strength: 1, isAkin: (at) => common[at]! >= 0.5 * whole };
}

/** A known question, and how close it is relative to the closest one, 0 to 1. */
interface Near {
  at: number;
  share: number;
}

/** The three known questions that share most of the words. */
export function nearestTo(odds: WordOdds, known: VocabularyKnowledge): Near[] {
  const common = Array.from(known.odds(odds.keys()));
  const order = [...common.keys()].sort((a, b) => common[b]! - common[a]!).slice(0, 3);
  return order.map((at) => ({ at, share: common[at]! / (common[order[0]!] || 1) }));
}

/** For a question of which only the reference is known: right answers use the words of the nearest questions as well. */
export function lentVocabulary(odds: WordOdds, near: Near[], known: VocabularyKnowledge): Vocabulary {
  const lent = memoize((stem) => {
    const there = known.odds([stem]);
    return Math.max(0, ...near.map(({ at, share }) => lending * share ** 2 * there[at]!));
  });
  return {
    oddsOf: (stem) => Math.max(odds.get(stem) ?? 0, lent(stem)),
    strength: 0.45,
    isAkin: (at) => near.some((one) => one.at === at),
  };
}

/** The weight of a neighbour's words: they are right for this question only in part. */
const lending = 0.6;

/** The summed log odds of a text for its own question, and for the best-fitting other (open) question. */
export function oddsBeside(
  said: string,
  vocabulary: Vocabulary,
  amongOpen: boolean,
  known: VocabularyKnowledge,
): Nearness {
  const stems = new Set(contentWords(said).map(stem));
  const others = Array.from(known.odds(stems)).filter(
    (_, at) => !vocabulary.isAkin(at) && (!amongOpen || known.isOpen(at)),
  );
  return { here: sum([...stems].map(vocabulary.oddsOf)), nearest: Math.max(0, ...others) };
}
