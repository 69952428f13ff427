import { piecesOf, sentencesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { unitsInRow } from "./wordOrder.ts";
import { hasHan, isHan } from "./words.ts";

/**
 * Whether the wording is typical of falsehoods (positive) or of right statements (negative), whatever the subject. Learnt
 * weights of words and of adjacent pairs (`adapters/offline/tone`) are summed per sentence and averaged.
 */
export function toneOf(said: string, meanings: Pick<WordMeanings, "falseness">): number {
  const tones = sentencesOf(said)
    .flatMap(piecesOf)
    .map((sentence) => {
      const language = hasHan(sentence) ? "ZH" : "EN";
      const known = phrasesOf(sentence).flatMap((phrase) => meanings.falseness(phrase, language) ?? []);
      const usual = meanings.falseness("", language) ?? 0;
      return usual + known.reduce((sum, weight) => sum + weight, 0) / shareOf(known.length);
    });
  return tones.reduce((sum, tone) => sum + tone, 0) / Math.max(1, tones.length);
}

/** Normalises a sum over phrases, so that long sentences do not weigh more than short ones. */
export function shareOf(phrases: number): number {
  return Math.sqrt(phrases + 1);
}

/** The distinct words (Chinese: characters) and adjacent pairs. Numbers, and Latin words in Chinese, are placeholders. */
export function phrasesOf(sentence: string): string[] {
  const isChinese = hasHan(sentence);
  const words = unitsInRow(sentence).map((unit) => {
    if (/^\d+$/.test(unit)) return "#";
    return isChinese && !isHan(unit) ? "A" : unit;
  });
  return [...new Set(words.flatMap((word, at) => (at === 0 ? [word] : [word, `${words[at - 1]} ${word}`])))];
}
