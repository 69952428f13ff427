import { sum } from "../sum.ts";
import { contentWords, stem } from "./words.ts";

/**
 * The words, without endings, of whoever is right about a question, and how much likelier each is there than about other
 * questions: the logarithm of it.
 */
export type Vocabulary = ReadonlyMap<string, number>;

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
export function vocabularyOf(stems: string[], usual: (stem: string) => number): Vocabulary {
  const counts = new Map<string, number>();
  for (const word of stems) counts.set(word, (counts.get(word) ?? 0) + 1);
  const oddsOf = (word: string, count: number): number =>
    Math.log(1 + ((own / (1 - own)) * (1 + Math.log(count))) / (counts.size * usual(word)));
  return new Map([...counts].map(([word, count]) => [word, oddsOf(word, count)]));
}

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
  const common = known.odds(vocabulary.keys());
  const whole = sum(vocabulary.values());
  // The question itself, and one to which the same answers are right.
  const isAkin = (at: number): boolean => common[at]! >= 0.5 * whole;
  const others = Array.from(known.odds(stems)).filter((_, at) => !isAkin(at) && (!amongOpen || known.isOpen(at)));
  return { here: sum([...stems].map((stem) => vocabulary.get(stem) ?? 0)), nearest: Math.max(0, ...others) };
}
