import { sentencesOf } from "./substance.ts";
import { phrasesOf, toneOf } from "./tone.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { hasHan, lengthInWords } from "./words.ts";

/**
 * The log odds that an answer is false, from its wording alone: positive if it is worded as falsehoods are. Sentences of the
 * reference show nothing about whoever repeats them.
 */
export function doubtOf(sentences: string[], right: string[], meanings: WordMeanings): number {
  const known = new Set(right.flatMap(sentencesOf).flatMap(phrasesOf));
  const own = sentences.filter((sentence) => !consistsOf(sentence, known)).join("\n");
  const { base, tone } = fits[hasHan(own) ? "ZH" : "EN"];
  return base + tone * toneOf(own, meanings.falseness) - caution(own);
}

function consistsOf(sentence: string, known: ReadonlySet<string>): boolean {
  const phrases = phrasesOf(sentence);
  return phrases.filter((phrase) => known.has(phrase)).length >= 0.8 * phrases.length;
}

/** Fitted to answers to questions that are not in the bank (docs/scoring.md). */
const fits = { EN: { base: -0.2, tone: 2.2 }, ZH: { base: -0.2, tone: 2.4 } };

/** A few sentences show little of how somebody speaks, and right ones are put flatly too. */
function caution(said: string): number {
  return 2.5 * Math.max(0, 1 - lengthInWords(said) / fullLength);
}

/** In words. */
const fullLength = 50;

/** The cap on an answer's score: 20 for a falsehood, 100 where nothing speaks for one, linear between. */
export function capFor(doubt: number): number {
  if (doubt >= 0) return 20;
  return doubt <= faint ? 100 : 20 + (65 * doubt) / faint;
}

const faint = -1;
