import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Locale, locales } from "../../interview/model.ts";

/**
 * Loads the weights of phrases from `phrasesOf`, one per line; those above 0 are more frequent in false statements.
 * Learnt from the bank's texts (scripts/tone.ts).
 */
export function loadTone(
  folder = join(import.meta.dirname, "tone"),
): (phrase: string, locale: Locale) => number | null {
  const read = (locale: Locale): [Locale, Map<string, number>] => {
    const lines = readFileSync(join(folder, `${locale.toLowerCase()}.tsv`), "utf8")
      .trimEnd()
      .split("\n");
    return [
      locale,
      new Map(lines.map((line) => line.split("\t")).map(([phrase, weight]) => [phrase!, Number(weight)])),
    ];
  };
  const weights = new Map(locales.map(read));
  return (phrase, locale) => weights.get(locale)?.get(phrase) ?? null;
}
