/** Learns how something is worded from sentences of two kinds: a logistic regression over their phrases. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Locale } from "../src/interview/model.ts";
import { piecesOf, sentencesOf } from "../src/interview/scoring/substance.ts";
import { phrasesOf, shareOf } from "../src/interview/scoring/tone.ts";

/** A sentence of the kind that is learnt, or of the other one; and how much it counts. */
export interface Sample {
  phrases: string[];
  isOfKind: boolean;
  weight: number;
}

const rounds = 400;
const rate = 0.05;

export function samplesFrom(texts: string[], isOfKind: boolean, weight: number): Sample[] {
  return texts
    .flatMap(sentencesOf)
    .flatMap(piecesOf)
    .map((sentence) => ({ phrases: phrasesOf(sentence), isOfKind, weight }));
}

/** The phrases that occur in so many of the questions, each given by its samples: rarer ones belong to a subject. */
export function commonPhrases(questions: Sample[][], fewest: number): string[] {
  const questionsWith = new Map<string, number>();
  for (const samples of questions) {
    for (const phrase of new Set(samples.flatMap(({ phrases }) => phrases)))
      questionsWith.set(phrase, (questionsWith.get(phrase) ?? 0) + 1);
  }
  const common = [...questionsWith].filter(([, count]) => count >= fewest);
  return common.map(([phrase]) => phrase).sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Writes the weights of the phrases, one a line, to the locale's file in the folder. The empty phrase is
 * the intercept. `ridge` holds large weights back.
 */
export function learn(samples: Sample[], common: string[], ridge: number, folder: string, locale: Locale): void {
  const phrases = ["", ...common];
  const weights = weigh(samples, phrases, ridge);
  const lines = phrases.map((phrase, at) => `${phrase}\t${weights[at]!.toFixed(2)}\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, `${locale.toLowerCase()}.tsv`), lines.join(""));
  console.log(`${locale}: ${samples.length} sentences, ${phrases.length} phrases`);
}

export function linesOf<Line>(file: string): Line[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** The texts of a folder beside this file, by the bank's question that they belong to. */
export function textsByEntry<Field extends "falsehoods" | "padding">(
  folder: Field,
  locale: Locale,
): Map<string, string[]> {
  const file = resolve(import.meta.dirname, folder, `${locale.toLowerCase()}.jsonl`);
  const known = linesOf<{ entry: string } & Record<Field, string[]>>(file);
  return new Map(known.map((line) => [line.entry, line[folder]]));
}

/** Both kinds weigh the same, however many sentences they have. Every step uses all samples (Adam), so it is deterministic. */
function weigh(samples: Sample[], phrases: string[], ridge: number): Float64Array {
  const places = new Map(phrases.map((phrase, at) => [phrase, at]));
  const rows = samples.map((sample) => sample.phrases.flatMap((phrase) => places.get(phrase) ?? []));
  const sumOf = (isOfKind: boolean): number =>
    samples.reduce((sum, sample) => sum + (sample.isOfKind === isOfKind ? sample.weight : 0), 0);
  const balance = sumOf(false) / sumOf(true);
  const zeros = (): Float64Array => new Float64Array(phrases.length);
  const [weights, means, squares] = [zeros(), zeros(), zeros()];
  for (let round = 1; round <= rounds; round++) {
    const slope = weights.map((weight, at) => (at === 0 ? 0 : ridge * weight));
    for (const [at, row] of rows.entries()) {
      const share = shareOf(row.length);
      const { isOfKind, weight } = samples[at]!;
      let odds = weights[0]!;
      for (const place of row) odds += weights[place]! / share;
      const error = weight * (isOfKind ? balance : 1) * (1 / (1 + Math.exp(-odds)) - (isOfKind ? 1 : 0));
      slope[0]! += error;
      for (const place of row) slope[place]! += error / share;
    }
    const step = rate * Math.min(1, (2 * (rounds - round)) / rounds);
    for (const at of phrases.keys()) {
      means[at] = 0.9 * means[at]! + 0.1 * slope[at]!;
      squares[at] = 0.999 * squares[at]! + 0.001 * slope[at]! ** 2;
      const [mean, square] = [means[at]! / (1 - 0.9 ** round), squares[at]! / (1 - 0.999 ** round)];
      weights[at]! -= (step * mean) / (Math.sqrt(square) + 1e-8);
    }
  }
  return weights;
}
