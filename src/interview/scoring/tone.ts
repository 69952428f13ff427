import { piecesOf, sentencesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { unitsInRow } from "./wordOrder.ts";
import { hasHan, isHan } from "./words.ts";

/**
 * How statements that are put so turn out, whatever they are about: over 0 where falsehoods are put so more often, under 0
 * where what is right is. That is known of words and of each two beside each other.
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

/** What the sum over so many phrases is divided by, so that long sentences do not say more than short ones. */
export function shareOf(phrases: number): number {
  return Math.sqrt(phrases + 1);
}

/** The different words, and each two beside each other; of Chinese single characters. Names and figures are all alike. */
export function phrasesOf(sentence: string): string[] {
  const isChinese = hasHan(sentence);
  const words = unitsInRow(sentence).map((unit) => {
    if (/^\d+$/.test(unit)) return "#";
    return isChinese && !isHan(unit) ? "A" : unit;
  });
  return [...new Set(words.flatMap((word, at) => (at === 0 ? [word] : [word, `${words[at - 1]} ${word}`])))];
}
