import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isHan } from "../../interview/scoring/words.ts";

export type Language = "EN" | "ZH";

/**
 * Loads a model of word order: the most frequent words (Chinese: characters), and a weight for each pair of words or
 * word classes, adjacent or with one word between them.
 */
export function loadWordOrder(
  folder = join(import.meta.dirname, "wordOrder"),
): (one: string, other: string, apart: 1 | 2, language: Language) => number {
  const read = (language: Language) => {
    const name = join(folder, language.toLowerCase());
    const file = readFileSync(`${name}.bin`);
    return {
      kindOf: kindsBeside(readFileSync(`${name}.txt`, "utf8").trimEnd().split("\n")),
      weights: new Int8Array(file.buffer, file.byteOffset, file.length),
    };
  };
  const languages = { EN: read("EN"), ZH: read("ZH") };
  return (one, other, apart, language) => {
    const { kindOf, weights } = languages[language];
    return weights[placeOf(kindOf(one), kindOf(other), apart)]! / scale;
  };
}

/** The size of the table of weights: pairs that share one are rare enough not to matter. */
export const places = 2 ** 19;

/** The weight 1, as stored. */
export const scale = 40;

/** The boundary of a sentence. */
export const stop = 0;

/** Frequent words are classes of their own; others are classified by their ending. */
export function kindsBeside(common: readonly string[]): (unit: string) => number {
  const ranks = new Map(common.map((word, rank) => [word, rank]));
  return (unit) => {
    if (unit === "") return stop;
    const rank = ranks.get(unit);
    if (rank !== undefined) return firstRank + rank;
    if (isHan(unit)) return 1;
    if (/\d/.test(unit)) return 2;
    return 3 + (unit.length > 3 ? endings.findIndex((ending) => unit.endsWith(ending)) + 1 : 0);
  };
}

const endings = "ing ed ly tion ions ment ness ity able ible al ive ous ic er or s".split(" ");
const firstRank = 4 + endings.length;

/** The index of each pair's weight. */
export function placesOf(kinds: readonly number[]): number[] {
  return kinds.flatMap((kind, at) =>
    [1, 2].flatMap((apart) => (at >= apart ? [placeOf(kinds[at - apart]!, kind, apart)] : [])),
  );
}

function placeOf(one: number, other: number, apart: number): number {
  let mixed = Math.imul(one + 1, 0x9e3779b1) ^ Math.imul(other + 1, 0x85ebca6b) ^ Math.imul(apart, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) >>> 0) % places;
}
