/**
 * `node scripts/tone.ts FILE.jsonl` makes what the scorer knows about how falsehoods are put, from the texts of the bank:
 * what people have wrong against what is right, and answers that are wrong throughout (falsehoods/), lively ones and sober
 * ones. The weights are those of a logistic regression over words and pairs of words that stand in many questions, so that
 * they tell how something is put and not what a question is about. FILE has answers that people gave and graded (the format
 * of `npm run agreement`): the right ones show how plainly people say what is so, which the bank alone would take for a
 * sign of falsehoods.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { askedIn, type BankText, loadBank } from "../src/adapters/offline/bank.ts";
import { type Locale, locales } from "../src/interview/model.ts";
import { rightSayings } from "../src/interview/scoring/misconceptions.ts";
import { piecesOf, sentencesOf } from "../src/interview/scoring/substance.ts";
import { phrasesOf, shareOf } from "../src/interview/scoring/tone.ts";
import { hasHan, lengthInWords } from "../src/interview/scoring/words.ts";

const [graded, folder = resolve(import.meta.dirname, "../src/adapters/offline/tone")] = process.argv.slice(2);
if (graded === undefined) throw new Error("Say which file has graded answers: node scripts/tone.ts FILE.jsonl");

/** What stands in fewer questions is about them. */
const fewestQuestions = 25;
/** Right answers of people: from this score, of so many words, and how much each of their sentences counts. */
const byPeople = { score: 80, words: 6, weight: 5 };
/** How far large weights are held back. */
const ridge = 0.25;
const rounds = 400;
const rate = 0.05;

const bank = loadBank();
mkdirSync(folder, { recursive: true });
for (const locale of locales) {
  const falsehoods = falsehoodsIn(locale);
  const questions = bank.entries.map(({ id, texts }) => samplesOf(texts[locale], falsehoods.get(id) ?? []));
  const samples = [...questions.flat(), ...samplesOfPeople(locale)];
  const phrases = ["", ...commonPhrases(questions)];
  const weights = weigh(samples, phrases);
  const lines = phrases.map((phrase, at) => `${phrase}\t${weights[at]!.toFixed(2)}\n`);
  writeFileSync(resolve(folder, `${locale.toLowerCase()}.tsv`), lines.join(""));
  console.log(`${locale}: ${samples.length} sentences, ${phrases.length} phrases`);
}

interface Sample {
  phrases: string[];
  isFalse: boolean;
  weight: number;
}

function samplesOf(text: BankText, falsehoods: string[]): Sample[] {
  const asked = askedIn(text);
  const right = asked.flatMap(({ answer, ...sayings }) => [answer, ...rightSayings(sayings)]);
  const wrong = [...asked.flatMap((one) => one.misconceptions), ...falsehoods];
  return [...samplesFrom(wrong, true, 1), ...samplesFrom(right, false, 1)];
}

function falsehoodsIn(locale: Locale): Map<string, string[]> {
  const file = resolve(import.meta.dirname, `falsehoods/${locale.toLowerCase()}.jsonl`);
  const known = linesOf<{ entry: string; falsehoods: string[] }>(file);
  return new Map(known.map(({ entry, falsehoods }) => [entry, falsehoods]));
}

function linesOf<Line>(file: string): Line[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

function samplesFrom(texts: string[], isFalse: boolean, weight: number): Sample[] {
  return texts
    .flatMap(sentencesOf)
    .flatMap(piecesOf)
    .map((sentence) => ({ phrases: phrasesOf(sentence), isFalse, weight }));
}

function samplesOfPeople(locale: Locale): Sample[] {
  const right = linesOf<{ answer: string; score: number }>(graded!).filter(
    ({ answer, score }) =>
      score >= byPeople.score && (hasHan(answer) ? "ZH" : "EN") === locale && lengthInWords(answer) >= byPeople.words,
  );
  return samplesFrom(
    right.map(({ answer }) => answer),
    false,
    byPeople.weight,
  );
}

function commonPhrases(questions: Sample[][]): string[] {
  const questionsWith = new Map<string, number>();
  for (const samples of questions) {
    for (const phrase of new Set(samples.flatMap(({ phrases }) => phrases)))
      questionsWith.set(phrase, (questionsWith.get(phrase) ?? 0) + 1);
  }
  const common = [...questionsWith].filter(([, count]) => count >= fewestQuestions);
  return common.map(([phrase]) => phrase).sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Both sides weigh the same, however many sentences they have. All samples at each step (Adam), so nothing is left to
 * chance. The first weight is what every sentence has.
 */
function weigh(samples: Sample[], phrases: string[]): Float64Array {
  const places = new Map(phrases.map((phrase, at) => [phrase, at]));
  const rows = samples.map((sample) => sample.phrases.flatMap((phrase) => places.get(phrase) ?? []));
  const sumOf = (isFalse: boolean): number =>
    samples.reduce((sum, sample) => sum + (sample.isFalse === isFalse ? sample.weight : 0), 0);
  const falseWeight = sumOf(false) / sumOf(true);
  const zeros = (): Float64Array => new Float64Array(phrases.length);
  const [weights, means, squares] = [zeros(), zeros(), zeros()];
  for (let round = 1; round <= rounds; round++) {
    const slope = weights.map((weight, at) => (at === 0 ? 0 : ridge * weight));
    for (const [at, row] of rows.entries()) {
      const share = shareOf(row.length);
      const { isFalse, weight } = samples[at]!;
      let odds = weights[0]!;
      for (const place of row) odds += weights[place]! / share;
      const error = weight * (isFalse ? falseWeight : 1) * (1 / (1 + Math.exp(-odds)) - (isFalse ? 1 : 0));
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
