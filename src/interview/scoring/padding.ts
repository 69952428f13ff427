import { sentencesOf } from "./substance.ts";
import { toneOf } from "./tone.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, lengthInWords, stem } from "./words.ts";

/**
 * The log odds that an answer is stretched with talk that adds nothing: it is worded as padding is, repeats its own words, and
 * has few of the words of right answers for its length. Without a vocabulary only the wording counts.
 */
export function paddingIn(
  said: string,
  question: string,
  vocabulary: Vocabulary | null,
  meanings: WordMeanings,
): number {
  if (lengthInWords(said) < longFrom) return -Infinity;
  const tone = toneOf(said, meanings.padding);
  if (vocabulary === null) return byWording.base + byWording.tone * tone;
  const asked = new Set(contentWords(question).map(stem));
  const words = contentWords(said)
    .map(stem)
    .filter((word) => !asked.has(word));
  const different = [...new Set(words)];
  const relevant = different.filter((word) => vocabulary.oddsOf(word) >= relevantFrom).length;
  const fit = fits[hasHan(said) ? "ZH" : "EN"];
  return (
    fit.base +
    fit.tone * tone +
    fit.repeated * (1 - different.length / words.length) -
    fit.relevant * Math.log(0.3 + relevant ** 2 / different.length)
  );
}

/** The sentences that are not clearly worded as padding. */
export function withoutPadding(said: string, meanings: WordMeanings): string {
  return sentencesOf(said)
    .filter((sentence) => toneOf(sentence, meanings.padding) < 0.5)
    .join("\n");
}

/** In words: a short answer is not stretched, however little it says. */
const longFrom = 40;

export const relevantFrom = 0.3;

/** Told apart by them are padded and right answers, to questions outside and inside of the bank (docs/scoring.md). */
const byWording = { base: 2.2, tone: 2 };
const fits = {
  EN: { base: 3.6, tone: 1.5, repeated: 6.2, relevant: 2.2 },
  ZH: { base: 2, tone: 1.1, repeated: 23.2, relevant: 2 },
};
