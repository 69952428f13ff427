/**
 * `node scripts/shortAnswers.ts FILE.jsonl` fits the numbers of src/interview/scoring/shortAnswer.ts to people's grades of
 * short answers (the format of `npm run agreement`) and prints how far the scores agree with grades of other questions
 * than those that the numbers were fitted to: nine folds, each of every ninth question.
 */
import { readFileSync } from "node:fs";
import { loadBank } from "../src/adapters/offline/bank.ts";
import { loadMeanings } from "../src/adapters/offline/meanings.ts";
import { agreementOf } from "../src/interview/scoring/agreement.ts";
import { grade } from "../src/interview/scoring/grade.ts";
import { answeringPart, inCommon } from "../src/interview/scoring/shortAnswer.ts";
import { withoutInstructions } from "../src/interview/scoring/substance.ts";

interface Graded {
  fold: number;
  /** What people gave. */
  score: number;
  signs: number[];
  /** What the rules leave to the fit; where they decide it is what they give. */
  finish(fitted: number): number;
  isFitted: boolean;
}

const folds = 9;
const shrinkage = 0.1;
/** A regression gives everybody nearly the mean, and those that miss everything more than a text that may be no answer. */
const spread = { mean: 76, deviation: 19.5 };

const meanings = loadMeanings(loadBank());
const all = readGraded(process.argv[2]!);
console.log("fitted to all:", named(fitTo(all)), "agreement with the same:", agreement(all, fitTo(all)));
const apart = Array.from({ length: folds }, (_, fold) => {
  const held = all.filter((one) => one.fold === fold);
  return { held, weights: fitTo(all.filter((one) => one.fold !== fold)) };
});
for (const { held, weights } of apart) console.log("questions held out:", agreement(held, weights));
const scores = apart.flatMap(({ held, weights }) => held.map((one) => scoreOf(one, weights)));
const given = apart.flatMap(({ held }) => held.map((one) => one.score));
console.log("all questions, each held out:", agreementOf(scores, given));

function readGraded(file: string): Graded[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const questions: string[] = [];
  return lines.map((line) => {
    const { question, referenceAnswer, answer, score } = JSON.parse(line);
    const key = `${question}\n${referenceAnswer}`;
    if (!questions.includes(key)) questions.push(key);
    const { total, empty, isDoubtful } = grade(question, { answer: referenceAnswer, keyPoints: [] }, answer, meanings);
    const said = answeringPart(question, referenceAnswer, withoutInstructions(answer));
    const { missed, foreseen, likeness } = inCommon(question, referenceAnswer, said, meanings);
    const isFitted = empty === null && total > 10;
    return {
      fold: questions.indexOf(key) % folds,
      score,
      signs: [likeness, missed, missed * foreseen],
      finish: (fitted) => (!isFitted ? total : Math.min(isDoubtful ? total : 100, Math.max(0, Math.round(fitted)))),
      isFitted,
    };
  });
}

function agreement(graded: Graded[], weights: number[]): string {
  const { pearson, mae } = agreementOf(
    graded.map((one) => scoreOf(one, weights)),
    graded.map((one) => one.score),
  );
  return `Pearson ${pearson.toFixed(3)}, mean error ${mae.toFixed(1)}`;
}

function scoreOf({ signs, finish }: Graded, [all, ...slopes]: number[]): number {
  return finish(signs.reduce((sum, sign, at) => sum + slopes[at]! * sign, all!));
}

/** Ridge regression, its scores brought to the wanted mean and deviation: where it begins, and one slope a sign. */
function fitTo(graded: Graded[]): number[] {
  const used = graded.filter((one) => one.isFitted);
  const columns = used[0]!.signs.map((_, at) => standardised(used.map(({ signs }) => signs[at]!)));
  const { mean: usual } = standardised(used.map(({ score }) => score));
  const dot = (a: number[], b: number[]): number => a.reduce((sum, x, at) => sum + x * b[at]!, 0) / used.length;
  const matrix = columns.map(({ values }, row) =>
    columns.map((other, at) => dot(values, other.values) + (row === at ? shrinkage : 0)),
  );
  const aims = columns.map(({ values }) =>
    dot(
      values,
      used.map(({ score }) => score - usual),
    ),
  );
  const slopes = solve(matrix, aims);
  const fitted = used.map((_, row) => slopes.reduce((sum, slope, at) => sum + slope * columns[at]!.values[row]!, 0));
  const stretch = spread.deviation / Math.sqrt(dot(fitted, fitted));
  const scaled = slopes.map((slope, at) => (stretch * slope) / columns[at]!.deviation);
  return [spread.mean - scaled.reduce((sum, slope, at) => sum + slope * columns[at]!.mean, 0), ...scaled];
}

function standardised(values: number[]): { values: number[]; mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { values: values.map((value) => (value - mean) / deviation), mean, deviation };
}

/** By elimination; what shrinkage adds to the diagonal keeps it from zero. */
function solve(matrix: number[][], aims: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, aims[at]!]);
  for (const [at, row] of rows.entries()) {
    for (const other of rows) {
      if (other === row) continue;
      const factor = other[at]! / row[at]!;
      for (const place of other.keys()) other[place]! -= factor * row[place]!;
    }
  }
  return rows.map((row, at) => row.at(-1)! / row[at]!);
}

function named([all, likeness, missed, foreseen]: number[]): string {
  const rounded = { all, likeness, missed: -missed!, foreseen: -foreseen! };
  return JSON.stringify(rounded, (_, value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value));
}
