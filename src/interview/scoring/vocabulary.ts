import { sum } from "../sum.ts";
import { remembering } from "./remembering.ts";
import { contentWords, stem } from "./words.ts";

/**
 * Words without their endings, and how much likelier each is as part of an answer to a question than to others: the logarithm
 * of it.
 */
export type WordOdds = ReadonlyMap<string, number>;

/** The words of whoever is right about a question. */
export interface Vocabulary {
  /** As `WordOdds` has it; 0 for words that nobody says there. */
  oddsOf(stem: string): number;
  /** How large the odds are, against those of a question about which much is known. */
  strength: number;
  /** Whether the known question at that place is this one, or so near that the same answers are right. */
  isAkin(at: number): boolean;
}

/** How near an answer comes to its own question, and to the nearest other one. */
export interface Nearness {
  here: number;
  nearest: number;
}

/** What is known about the words of all questions there are. */
export interface VocabularyKnowledge {
  /** How large a part of what is said about all questions a word is. */
  usual(stem: string): number;
  /** How much likelier the words are as an answer to each question than to others. */
  odds(stems: Iterable<string>): ArrayLike<number>;
  /** Whether the question at that place is an open one, as `Sayings` has it. */
  isOpen(at: number): boolean;
}

/** Of what is said to a question so much is about it; the rest is what one says to every question. */
const own = 0.1;

/** Of all words that are said rightly, each as often as it is. */
export function wordOddsOf(stems: string[], usual: (stem: string) => number): WordOdds {
  const counts = new Map<string, number>();
  for (const word of stems) counts.set(word, (counts.get(word) ?? 0) + 1);
  const oddsOf = (word: string, count: number): number =>
    Math.log(1 + ((own / (1 - own)) * (1 + Math.log(count))) / (counts.size * usual(word)));
  return new Map([...counts].map(([word, count]) => [word, oddsOf(word, count)]));
}

/** Of a question about which the words of many right answers are known. */
export function knownVocabulary(odds: WordOdds, known: VocabularyKnowledge): Vocabulary {
  const common = known.odds(odds.keys());
  const whole = sum(odds.values());
  return { oddsOf: (stem) => odds.get(stem) ?? 0, strength: 1, isAkin: (at) => common[at]! >= 0.5 * whole };
}

/** A known question, and how near it comes to another against the nearest: 0 to 1. */
interface Near {
  at: number;
  share: number;
}

/** The known questions that have most of the words. */
export function nearestTo(odds: WordOdds, known: VocabularyKnowledge): Near[] {
  const common = Array.from(known.odds(odds.keys()));
  const order = [...common.keys()].sort((a, b) => common[b]! - common[a]!).slice(0, 3);
  return order.map((at) => ({ at, share: common[at]! / (common[order[0]!] || 1) }));
}

/**
 * Of a question of which nothing but a good answer is known: whoever is right about it says such words too as those do who are
 * right about the nearest known questions.
 */
export function lentVocabulary(odds: WordOdds, near: Near[], known: VocabularyKnowledge): Vocabulary {
  const lent = remembering((stem) => {
    const there = known.odds([stem]);
    return Math.max(0, ...near.map(({ at, share }) => lending * share ** 2 * there[at]!));
  });
  return {
    oddsOf: (stem) => Math.max(odds.get(stem) ?? 0, lent(stem)),
    strength: 0.45,
    isAkin: (at) => near.some((one) => one.at === at),
  };
}

/** What is right about one question is right about another only in part. */
const lending = 0.6;

/**
 * How much likelier the text is as an answer to that question than to others, and to the likeliest other one, or the
 * likeliest other open one.
 */
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
