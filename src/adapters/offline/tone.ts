import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Locale, locales } from "../../interview/model.ts";

/**
 * How often what is put so is false, from the files beside this one: a phrase of `phrasesOf` a line, and its weight. Over 0
 * falsehoods have it more often. Learnt from the bank's texts (scripts/tone.ts).
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
