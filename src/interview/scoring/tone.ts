import { piecesOf, sentencesOf } from "./substance.ts";
import type { PhraseWeights } from "./wordMeanings.ts";
import { unitsInRow } from "./wordOrder.ts";
import { hasHan, isHan } from "./words.ts";

/**
 * Whether the wording is typical of what the weights were learnt from (positive), such as falsehoods, or of right answers
 * (negative), whatever the subject. The weights of words and of adjacent pairs are summed per sentence and averaged.
 */
export function toneOf(said: string, weightOf: PhraseWeights): number {
  const tones = sentencesOf(said)
    .flatMap(piecesOf)
    .map((sentence) => {
      const language = hasHan(sentence) ? "ZH" : "EN";
      const known = phrasesOf(sentence).flatMap((phrase) => weightOf(phrase, language) ?? []);
      const usual = weightOf("", language) ?? 0;
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
