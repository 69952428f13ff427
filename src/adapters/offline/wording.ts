import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Locale, locales } from "../../interview/model.ts";

/**
 * The learnt weights of phrases (`phrasesOf`), a phrase a line, from a folder beside this file: `tone` for falsehoods
 * (scripts/tone.ts), `padding` for talk that adds nothing (scripts/padding.ts).
 */
export function loadWording(folder: "tone" | "padding"): (phrase: string, locale: Locale) => number | null {
  const read = (locale: Locale): [Locale, Map<string, number>] => {
    const file = join(import.meta.dirname, folder, `${locale.toLowerCase()}.tsv`);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    return [
      locale,
      new Map(lines.map((line) => line.split("\t")).map(([phrase, weight]) => [phrase!, Number(weight)])),
    ];
  };
  const weights = new Map(locales.map(read));
  return (phrase, locale) => weights.get(locale)?.get(phrase) ?? null;
}
