import { toneOf } from "./tone.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, lengthInWords, stem } from "./words.ts";

/**
 * How much of an answer is talk that adds nothing, 0 to 1: it has few of the words of right answers for its length, repeats
 * its own words, and is worded as padding is.
 */
export function paddingIn(said: string, question: string, vocabulary: Vocabulary, meanings: WordMeanings): number {
  if (lengthInWords(said) < longFrom) return 0;
  const asked = new Set(contentWords(question).map(stem));
  const words = contentWords(said)
    .map(stem)
    .filter((word) => !asked.has(word));
  const different = [...new Set(words)];
  const relevant = different.filter((word) => vocabulary.oddsOf(word) >= relevantFrom).length;
  const fit = fits[hasHan(said) ? "ZH" : "EN"];
  const evidence =
    fit.base +
    fit.tone * toneOf(said, meanings.padding) +
    fit.repeated * (1 - different.length / words.length) -
    fit.relevant * Math.log(0.3 + relevant ** 2 / different.length);
  return Math.max(0, Math.min(1, evidence - surelyFrom));
}

/** In words: a short answer is not stretched, however little it says. */
const longFrom = 40;

export const relevantFrom = 0.3;

/** Fitted to padded and to right answers (docs/scoring.md). */
const fits = {
  EN: { base: 6.4, tone: 4.1, repeated: 18, relevant: 4.1 },
  ZH: { base: 4.7, tone: 2.7, repeated: 53, relevant: 3.4 },
};

/** Log odds: below, an answer may be right in unusual words. */
const surelyFrom = 3.5;
