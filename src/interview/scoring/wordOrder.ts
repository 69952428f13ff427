import type { Reference } from "../model.ts";
import { sentencesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { hasHan } from "./words.ts";

/**
 * The sentences whose words stand in a natural order. Shuffled text is judged over runs of sentences, because it is shuffled
 * throughout; where there is such a run, the other sentences must clearly be natural.
 */
export function inOrder(sentences: string[], reference: Reference, meanings: WordMeanings): string[] {
  const right = [reference.answer, ...reference.keyPoints.flatMap(({ text, accept }) => [text, ...accept])];
  const known = rowsOf(right.flatMap(sentencesOf));
  const odds = sentences.map((sentence) => oddsOf(sentence, known, meanings));
  const thrown = thrownRuns(odds);
  return thrown.includes(true) ? sentences.filter((_, at) => !thrown[at] && odds[at]! >= 0) : sentences;
}

/** The sequence of lower-case words (Chinese: characters), without hesitations and immediate repetitions. */
export function unitsInRow(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll("\u2019", "'");
  const row = plain.replaceAll(hesitations, " ").match(units) ?? [];
  return row.filter((unit, at) => unit !== row[at - 1]);
}

/** Fillers of spoken language. */
const hesitations =
  /\b(?:u[mh]+|er+m?|hm+|well|you know|i mean|i guess|i think|like(?=,)|(?:so )?basically|actually|sort of|kind of|(?:so )?yeah|okay|right(?=,))\b|[嗯呃啊哦哎唉]|(?:那个|这个)(?=[，,、。…])|就是说|也就是说|然后的话|怎么说|我觉得|其实|对吧|是吧|反正|老实讲|说白了|[呢吧嘛](?=[，,。])/g;

const units = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}+#'])+/gu;

interface Pair {
  one: string;
  other: string;
  apart: 1 | 2;
}

interface Rows {
  units: ReadonlySet<string>;
  pairs: ReadonlySet<string>;
}

/** Pairs with and without articles and the like, which hasty writers leave out. */
function rowsOf(sentences: string[]): Rows {
  const rows = sentences.map(unitsInRow);
  const bare = rows.map((row) => row.filter((unit) => !small.has(unit)));
  return { units: new Set(rows.flat()), pairs: new Set([...rows, ...bare].flatMap((row) => pairsOf(row).map(nameOf))) };
}

const small = new Set("a an the is are it its 的 了 是 会 就".split(" "));

/** Pairs of units at distance 1 and 2; the empty string marks the start and the end. */
function pairsOf(row: string[]): Pair[] {
  const whole = ["", ...row, ""];
  return whole.flatMap((other, at) =>
    ([1, 2] as const).flatMap((apart) => (at < apart ? [] : [{ one: whole[at - apart]!, other, apart }])),
  );
}

function nameOf({ one, other, apart }: Pair): string {
  return `${one} ${apart} ${other}`;
}

/**
 * The log odds that a sentence was written in this order. When nearly all its words are from the reference, the pairs that
 * occur there prove nothing, and the others count three times.
 */
function oddsOf(sentence: string, known: Rows, meanings: WordMeanings): number {
  const row = unitsInRow(sentence);
  const language = hasHan(sentence) ? "ZH" : "EN";
  const sumOf = (pairs: Pair[]): number =>
    pairs.reduce((sum, { one, other, apart }) => sum + meanings.follows(one, other, apart, language), 0);
  const pairs = pairsOf(row);
  const different = [...new Set(row)];
  if (different.filter((unit) => known.units.has(unit)).length < recitedFrom * different.length) return sumOf(pairs);
  const isOwn = (pair: Pair): boolean =>
    known.units.has(pair.one) && known.units.has(pair.other) && !known.pairs.has(nameOf(pair));
  const own = sumOf(pairs.filter(isOwn));
  return Math.min(own, 3 * own);
}

const recitedFrom = 0.85;

/** Allowed per sentence: names and numbers may follow each other in any order. */
const oddness = 2;

const thrownTogether = -12;

/** Marks the sentences of runs whose sum is too low. */
function thrownRuns(odds: number[]): boolean[] {
  const thrown = odds.map(() => false);
  for (let from = 0, run = 0, at = 0; at < odds.length; at++) {
    if (run >= 0) [from, run] = [at, 0];
    run += odds[at]! + oddness;
    if (run < thrownTogether) thrown.fill(true, from, at + 1);
  }
  return thrown;
}
