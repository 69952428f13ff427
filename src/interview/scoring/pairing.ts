import { clausesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, stem } from "./words.ts";

/** For a question that compares things: how much the answer says of the right one, and how much of a wrong one. */
export interface Pairing {
  agreeing: number;
  exchanged: number;
}

/**
 * For a question that compares things ("A and B", "too high or too low", "A还是B") the right statements tell which words
 * belong to which side. A clause is about the side that it names, or else about the one named last.
 */
export function pairing(said: string, right: string[], question: string, meanings: WordMeanings): Pairing {
  const sides = sidesOf(question, right);
  const belongs = new Map<string, Set<number>>();
  for (const clause of right.flatMap((text) => about(text, sides))) {
    for (const word of clause.words) {
      if (clause.side === null || sides.has(word)) continue;
      const known = belongs.get(word);
      if (known) known.add(clause.side);
      else belongs.set(word, new Set([clause.side]));
    }
  }
  const sum: Pairing = { agreeing: 0, exchanged: 0 };
  for (const { side, words } of about(said, sides)) {
    if (side === null) continue;
    for (const word of words) {
      const owners = belongs.get(word);
      if (owners) sum[owners.has(side) ? "agreeing" : "exchanged"] += 0.15 + meanings.specificity(word);
    }
  }
  return sum;
}

/** The words that name each side of the comparison; empty where nothing is compared. */
function sidesOf(question: string, right: string[]): Map<string, number> {
  const pieces = question.split(between).map(stemsOf);
  const clauses = right.flatMap(clausesOf).map(stemsOf);
  const sides = new Map<string, number>();
  for (const [side, words] of pieces.entries()) {
    for (const word of words) {
      const isShared = pieces.some((other, at) => at !== side && other.has(word));
      // A word in most clauses is the common topic, not one side.
      const share = clauses.filter((clause) => clause.has(word)).length / clauses.length;
      if (!isShared && share > 0 && share < 0.7) sides.set(word, side);
    }
  }
  const named = new Set(sides.values());
  return named.size < 2 ? new Map() : sides;
}

const between =
  /,|\b(?:and|or|vs|versus|with|from|over|than|instead of|rather than)\b|[，、和与跟]|还是|或者?|而不是|相比/;

/** Each clause with its side; null where it names several, or none was named yet. */
function about(text: string, sides: Map<string, number>): { side: number | null; words: Set<string> }[] {
  let current: number | null = null;
  return clausesOf(text).map((clause) => {
    const words = stemsOf(clause);
    const named = new Set([...words].map((word) => sides.get(word)).filter((side) => side !== undefined));
    if (named.size > 0) current = named.size === 1 ? [...named][0]! : null;
    return { side: current, words };
  });
}

function stemsOf(text: string): Set<string> {
  return new Set(contentWords(text).map(stem));
}
