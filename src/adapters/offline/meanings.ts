import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WordMeanings } from "../../interview/scoring/overlap.ts";

const dimensions = 100;

/** Word vectors from the files beside this one: the commonest first, one byte a number. */
export function loadMeanings(folder = join(import.meta.dirname, "wordVectors")): WordMeanings {
  const words = readFileSync(join(folder, "words.txt"), "utf8").trimEnd().split("\n");
  const file = readFileSync(join(folder, "vectors.bin"));
  const bytes = new Int8Array(file.buffer, file.byteOffset, file.length);
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const lengths = new Float64Array(words.length).map((_, rank) => {
    let sum = 0;
    for (let at = 0; at < dimensions; at++) sum += bytes[rank * dimensions + at]! ** 2;
    return Math.sqrt(sum) || 1;
  });

  // The same words come again and again; what strangers write must not be kept without end.
  const found = new Map<string, number | undefined>();

  function rankOf(word: string): number | undefined {
    if (found.has(word)) return found.get(word);
    const rank = ranks.get(word) ?? ranks.get(word.replace(/s$/, "")) ?? ranks.get(word.replace(/e?d$/, ""));
    if (found.size > 20_000) found.clear();
    found.set(word, rank);
    return rank;
  }

  return {
    similarity(a, b) {
      const [one, other] = [rankOf(a), rankOf(b)];
      if (one === undefined || other === undefined) return 0;
      let dot = 0;
      for (let at = 0; at < dimensions; at++) dot += bytes[one * dimensions + at]! * bytes[other * dimensions + at]!;
      return dot / (lengths[one]! * lengths[other]!);
    },
    weight(word) {
      const rank = ranks.get(word);
      const rarity = rank === undefined ? 1 : Math.min(1, Math.log(1 + rank) / Math.log(30_000));
      return 0.3 + 0.7 * rarity;
    },
  };
}
