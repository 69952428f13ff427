import type { Sayings } from "../model.ts";
import { clausesOf, sentencesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, isFiller, stem, wordsOf } from "./words.ts";

/** How an answer stands between what is right about its question and what people have wrong. */
export interface Leaning {
  /** Over 0 where it comes nearer to what is wrong, under 0 where to what is right. */
  lean: number;
  /** How surely it is false, by that and by how it is told: as `doubtOf` says it. */
  doubt: number;
  /** Near enough to what is right that clauses which seem to be turned round may be in order. */
  isTrusted: boolean;
  /** Its sentences that say what a misconception says. */
  mistakes: Mistake[];
}

export interface Mistake {
  sentence: string;
  misconception: string;
}

/**
 * Holds each sentence, and each of its clauses, against the misconceptions about the question and against what is right. Two
 * such statements have most of their words in common, so what tells them apart counts most: words that one side alone has,
 * and words that come in that order on one side alone. `told` is how surely the answer is false by how it is told.
 */
export function leaningOf(
  sentences: string[],
  told: number,
  sayings: Sayings | null,
  right: string[],
  question: string,
  meanings: WordMeanings,
): Leaning {
  const held = sayings ? holdAgainst(sentences, sayings, right, question, meanings) : [];
  if (held.length === 0) return { lean: 0, doubt: told, isTrusted: false, mistakes: [] };
  const statements = held.flatMap((one) => one.statements);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const toWrong = mean(statements.map((one) => one.toWrong));
  const toRight = mean(statements.map((one) => one.toRight));
  const lean = Math.log((toWrong + chance) / (toRight + chance));
  // What denies right statements has their words, and so seems to lean towards them: there, how it is told decides.
  const isDenying = told >= 1 && lean > fit.surelyRight;
  const doubt = isDenying ? told : fit.base + fit.told * Math.max(told, fit.leastTold) + fit.lean * lean;
  return { lean, doubt, isTrusted: doubt < 0.5, mistakes: held.flatMap(mistakeIn) };
}

/** Fitted as the weights of the signs are (docs/scoring.md). */
const fit = { base: 2.4, told: 0.95, leastTold: -1.5, lean: 3.4, surelyRight: -1.1, mistakenFrom: 0.2, clearly: 1.5 };

/** A sentence, and how near what it states comes to either side: as a whole, and clause by clause. */
interface Held {
  sentence: string;
  statements: { toWrong: number; misconception: string; toRight: number }[];
}

/** Judged as a whole: a part of what is right may well be a part of what is wrong. */
function mistakeIn({ sentence, statements: [whole] }: Held): Mistake[] {
  const isMistaken = whole && whole.toWrong >= fit.mistakenFrom && whole.toWrong > fit.clearly * whole.toRight;
  return isMistaken ? [{ sentence, misconception: whole.misconception }] : [];
}

function holdAgainst(
  sentences: string[],
  { misconceptions, plainAnswers, expertAnswers }: Sayings,
  right: string[],
  question: string,
  meanings: WordMeanings,
): Held[] {
  const wrong = misconceptions.map((text) => featuresOf(text, meanings));
  const due = [...right, ...plainAnswers, ...expertAnswers]
    .flatMap(statementsOf)
    .map((text) => featuresOf(text, meanings));
  const weigh = weigher(wrong, due, question);
  const [wrongs, rights] = [gather(wrong.map(weigh)), gather(due.map(weigh))];
  return sentences
    .filter((sentence) => !reports.test(sentence))
    .map((sentence) => {
      const statements = statementsOf(sentence).map((statement) => {
        const said = weigh(featuresOf(statement, meanings));
        const [toWrong, nearest] = wrongs(said);
        return { toWrong, misconception: misconceptions[nearest] ?? "", toRight: rights(said)[0] };
      });
      return { sentence, statements };
    });
}

/** As alike as statements about the same thing are by chance. */
const chance = 0.02;

/** Whoever says that others think so does not say that it is so. */
const reports =
  /\b(?:myth|misconception|misunderstanding|mistaken|wrongly|(?:some|many|most) (?:people )?(?:think|believe|assume|claim)|people (?:often )?(?:think|believe|assume|claim)|(?:it is|it's|that is|that's) (?:not true|wrong|false)|contrary to)\b|误以为|误解|误区|误认为|有人(?:说|认为|觉得)|很多人(?:以为|认为|觉得)|并不是|并非/i;

function statementsOf(text: string): string[] {
  const clauses = clausesOf(text).filter((clause) => contentWords(clause).length >= 3);
  return [...new Set([...sentencesOf(text), ...clauses])];
}

/**
 * Words without their endings, and each two of them in their order; how much each tells. A word that is denied is another
 * word.
 */
type Features = Map<string, number>;

function featuresOf(text: string, meanings: WordMeanings): Features {
  const words = clausesOf(text)
    .flatMap(statedIn)
    .map(({ word, isDenied }) => ({
      word: isDenied ? `not ${stem(word)}` : stem(word),
      tells: 0.1 + meanings.telling(word),
    }));
  const features: Features = new Map(words.map(({ word, tells }) => [word, tells]));
  for (const [at, first] of words.entries()) {
    for (const then of words.slice(at + 1)) {
      if (first.word !== then.word)
        features.set(`${first.word} ${then.word}`, orderWeight * Math.sqrt(first.tells * then.tells));
    }
  }
  return features;
}

/** Which words a clause denies: those that follow. */
function statedIn(clause: string): { word: string; isDenied: boolean }[] {
  let isDenied = false;
  return wordsOf(clause).flatMap((word) => {
    isDenied ||= denying.test(word);
    return isFiller(word) ? [] : { word, isDenied };
  });
}

const denying =
  /^(?:not|no|never|cannot|without|neither|nor|none|rather|instead|unnecessary|useless|(?:is|are|was|were|do|does|did|has|have|ca|wo|would|should|could|must|need)nt)$|^[不没无未非]|[不没无未]$/;

/** What stands before what tells more than that both stand there. */
const orderWeight = 2;

function weigher(wrong: Features[], due: Features[], question: string): (features: Features) => Features {
  const keysOf = (all: Features[]): Set<string> => new Set(all.flatMap((one) => [...one.keys()]));
  const [inWrong, inDue] = [keysOf(wrong), keysOf(due)];
  const asked = new Set(contentWords(question).map(stem));
  const factor = (key: string): number =>
    (inWrong.has(key) === inDue.has(key) ? 1 : tellingApart) * (asked.has(key) ? askedWeight : 1);
  return (features) => new Map([...features].map(([key, weight]) => [key, weight * factor(key)]));
}

const tellingApart = 5;
const askedWeight = 0.5;

/** How near the nearest of some statements comes, 0 for nothing in common, near 1 for the same, and which it is. */
function gather(statements: Features[]): (said: Features) => [likeness: number, index: number] {
  const having = new Map<string, number[]>();
  for (const [index, features] of statements.entries()) {
    for (const key of features.keys()) {
      const those = having.get(key);
      if (those) those.push(index);
      else having.set(key, [index]);
    }
  }
  const sizes = statements.map(sizeOf);
  return (said) => {
    const common = statements.map(() => 0);
    for (const [key, weight] of said) for (const index of having.get(key) ?? []) common[index]! += weight;
    const size = sizeOf(said);
    const likeness = common.map((weight, index) => weight / Math.sqrt((size + little) * (sizes[index]! + little)));
    const most = Math.max(0, ...likeness);
    return [most, likeness.indexOf(most)];
  };
}

/** What very short statements lack. */
const little = 0.2;

function sizeOf(features: Features): number {
  let size = 0;
  for (const weight of features.values()) size += weight;
  return size;
}
