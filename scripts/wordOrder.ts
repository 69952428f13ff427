/**
 * `node scripts/wordOrder.ts` makes what the scorer knows about the order of words, from the texts of the bank: how they
 * were written against the same ones with their words thrown together. The weights of pairs of words are those of a
 * logistic regression. `node scripts/wordOrder.ts FOLDER 3 1` writes to another folder and leaves out the second third of
 * the questions, to try the rest on them.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { askedIn, type BankText, loadBank, saidTo } from "../src/adapters/offline/bank.ts";
import { kindsBeside, type Language, places, placesOf, scale, stop } from "../src/adapters/offline/wordOrder.ts";
import { sentencesOf } from "../src/interview/scoring/substance.ts";
import { unitsInRow } from "../src/interview/scoring/wordOrder.ts";
import { isHan } from "../src/interview/scoring/words.ts";

const [folder = resolve(import.meta.dirname, "../src/adapters/offline/wordOrder"), parts = "0", part = "0"] =
  process.argv.slice(2);

/** A sentence in pieces that stay together. */
type Pieces = string[][];

/** Words by themselves, in twos and threes; of Chinese pairs of characters and what a dictionary takes for words. */
const cuts: Record<Language, ((units: string[]) => Pieces)[]> = {
  EN: [1, 2, 3].map((size) => (units) => inPieces(units, size)),
  ZH: [
    (units) => inPieces(units, 1),
    (units) => inPieces(units, 2),
    hanWords,
    (units) => inPieces(hanWords(units), 2).map((words) => words.flat()),
  ],
};
const orders: ((sentences: Pieces[]) => Pieces[])[] = [
  (sentences) => again(sentences, shuffled(sentences.flat())),
  (sentences) => again(sentences, shuffled(sentences.flat())),
  (sentences) => sentences.map(shuffled),
  (sentences) => again(sentences, sentences.flat().reverse()),
  (sentences) => sentences.map((pieces) => pieces.filter((_, at) => at % 2 === 0)),
];
/** How many are kept of Chinese characters, of which there are fewer, and of English words. */
const commonest = { EN: 800, ZH: 800 };
/** What some leave out who write in haste. */
const particles = { EN: /\b(?:an?|the|is|are|its?|they|one|you|i|we)\b ?/gi, ZH: /[的了是会就]/g };
const withoutParticles = 0.25;
/** So many times each text is thrown together; the written one weighs half as much as all of those. */
const copies = 8;
const rounds = 3;
/** What one fit has by chance, others have not. */
const fits = 5;
const rate = 0.15;

const words = new Intl.Segmenter("zh", { granularity: "word" });
let seed = 5;

for (const language of ["EN", "ZH"] as const) {
  const texts = loadBank()
    .entries.filter((_, at) => parts === "0" || at % Number(parts) !== Number(part))
    .flatMap((entry) => textsOf(entry.texts[language]));
  const common = commonUnits(texts, commonest[language]);
  const kindOf = kindsBeside(common);
  const weights = meanOf(Array.from({ length: fits }, () => fitTo(samplesOf(texts, language, kindOf))));
  const name = resolve(folder, language.toLowerCase());
  writeFileSync(`${name}.txt`, `${common.join("\n")}\n`);
  writeFileSync(
    `${name}.bin`,
    Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight * scale)))),
  );
  console.log(`${language}: ${texts.length} texts, ${common.length} common words`);
}

/** All of it but the questions: who is asked answers in statements. */
function textsOf(text: BankText): string[] {
  return askedIn(text).flatMap((asked) => [asked.answer, ...saidTo(asked)]);
}

function commonUnits(texts: string[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const unit of texts.flatMap(unitsInRow)) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return sorted.slice(0, most).map(([unit]) => unit);
}

interface Sample {
  kinds: number[];
  isWritten: boolean;
}

function samplesOf(texts: string[], language: Language, kindOf: (unit: string) => number): Sample[] {
  return texts.flatMap((text) => {
    const said = chance() < withoutParticles ? text.replaceAll(particles[language], "") : text;
    const sentences = sentencesOf(said).map(unitsInRow);
    const thrown = Array.from({ length: copies }, () => {
      const pieces = oneOf(orders)(sentences.map(oneOf(cuts[language])));
      return pieces.map((sentence) => sentence.flat());
    });
    const samples = (some: string[][], isWritten: boolean): Sample[] =>
      asWritten(some.map((units) => units.map(kindOf))).map((kinds) => ({ kinds, isWritten }));
    return [...samples(sentences, true), ...thrown.flatMap((some) => samples(some, false))];
  });
}

/** Some put no stop where a sentence ends. */
function asWritten(sentences: number[][]): number[][] {
  const some = sentences.filter(({ length }) => length > 1);
  return (chance() < 0.7 ? inPieces(some, 1) : inPieces(some, 2)).map((run) => [stop, ...run.flat(), stop]);
}

/** Each step goes by what was learnt of a weight so far (AdaGrad), so that those of rare pairs keep up. */
function fitTo(samples: Sample[]): Float64Array {
  const weights = new Float64Array(places);
  const squares = new Float64Array(places);
  for (let round = 0; round < rounds; round++) {
    for (const { kinds, isWritten } of shuffled(samples)) {
      const pairs = placesOf(kinds);
      const odds = pairs.reduce((sum, pair) => sum + weights[pair]!, 0);
      const error = 1 / (1 + Math.exp(-odds)) - (isWritten ? 1 : 0);
      const step = error * (isWritten ? copies / 2 : 1);
      for (const pair of pairs) {
        squares[pair]! += step ** 2;
        weights[pair]! -= (rate * step) / (Math.sqrt(squares[pair]!) + 0.1);
      }
    }
  }
  return weights;
}

function meanOf(fitted: Float64Array[]): Float64Array {
  return fitted[0]!.map((_, at) => fitted.reduce((sum, weights) => sum + weights[at]!, 0) / fitted.length);
}

function hanWords(units: string[]): Pieces {
  const text = units.map((unit) => (isHan(unit) ? unit : ` ${unit} `)).join("");
  const segments = [...words.segment(text)].filter(({ isWordLike }) => isWordLike);
  return segments.map(({ segment }) => unitsInRow(segment)).filter((some) => some.length > 0);
}

function inPieces<T>(items: T[], size: number): T[][] {
  return items.flatMap((_, at) => (at % size === 0 ? [items.slice(at, at + size)] : []));
}

/** In sentences of as many pieces as before. */
function again(sentences: Pieces[], pieces: Pieces): Pieces[] {
  let at = 0;
  return sentences.map(({ length }) => {
    at += length;
    return pieces.slice(at - length, at);
  });
}

function oneOf<T>(items: readonly T[]): T {
  return items[Math.floor(chance() * items.length)]!;
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(chance() * (at + 1));
    [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result;
}

/** The same numbers each time. */
function chance(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}
