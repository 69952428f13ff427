import type { Sayings } from "../model.ts";
import { doubtOf } from "./doubt.ts";
import { clausesOf, piecesOf, sentencesOf } from "./substance.ts";
import { toneOf } from "./tone.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, isFiller, stem, wordsOf } from "./words.ts";

/** Whether an answer is closer to what is right about its question or to known misconceptions. */
export interface Leaning {
  /** Positive when closer to the misconceptions, negative when closer to what is right. */
  lean: number;
  /** The log odds that it is false, from the lean and the wording. */
  doubt: number;
  /** Right on the whole, so that single clauses that look inverted may be misread. */
  isTrusted: boolean;
  /** Its sentences that repeat a misconception. */
  mistakes: Mistake[];
}

export interface Mistake {
  sentence: string;
  misconception: string;
}

/**
 * Compares each sentence, and each of its clauses, with the misconceptions about the question and with what is right. A
 * misconception and its correction share most words, so what only one side has counts most: its words, and its order of
 * words. The wording counts as well. A single mistake is reported and does not make the rest false.
 */
export function leaningOf(
  sentences: string[],
  sayings: Sayings | null,
  right: string[],
  question: string,
  meanings: WordMeanings,
): Leaning {
  const held = sayings ? holdAgainst(sentences, sayings, right, question, meanings) : [];
  const mistakes = held.flatMap(mistakeIn);
  const slips = new Set(mistakes.length <= slipShare * sentences.length ? mistakes.map((one) => one.sentence) : []);
  const rest = sentences.filter((sentence) => !slips.has(sentence));
  const statements = held.flatMap((one) => (slips.has(one.sentence) ? [] : one.statements));
  if (statements.length === 0) return { lean: 0, doubt: doubtOf(rest, right, meanings), isTrusted: false, mistakes };
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const toWrong = mean(statements.map((one) => one.toWrong));
  const toRight = mean(statements.map((one) => one.toRight));
  const lean = Math.log((toWrong + chance) / (toRight + chance));
  const doubt =
    fit.base[hasHan(question) ? "ZH" : "EN"] + fit.tone * toneOf(rest.join("\n"), meanings.falseness) + fit.lean * lean;
  return { lean, doubt, isTrusted: doubt < trustedBelow, mistakes };
}

/** The share of sentences that may be mistakes in an otherwise right answer. */
const slipShare = 0.25;

/** Right statements about the question, besides its reference. */
export function rightSayings({ plainAnswers, expertAnswers, facts }: Sayings): string[] {
  return [...plainAnswers, ...expertAnswers, ...facts];
}

/** Fitted to answers of candidates (docs/scoring.md). */
const fit = { base: { EN: 2, ZH: 1.5 }, tone: 2.4, lean: 2.3, mistakenFrom: 0.2, clearly: 1.5 };

const trustedBelow = -0.7;

/** A sentence with the likeness of its statements (the whole first, then each clause) to either side. */
interface Held {
  sentence: string;
  statements: { toWrong: number; misconception: string; toRight: number }[];
}

/** Only the whole sentence is judged: right and wrong statements share clauses. */
function mistakeIn({ sentence, statements: [whole] }: Held): Mistake[] {
  const isMistaken = whole && whole.toWrong >= fit.mistakenFrom && whole.toWrong > fit.clearly * whole.toRight;
  return isMistaken ? [{ sentence, misconception: whole.misconception }] : [];
}

function holdAgainst(
  sentences: string[],
  sayings: Sayings,
  right: string[],
  question: string,
  meanings: WordMeanings,
): Held[] {
  const numbers = new Numbers();
  const read = (text: string): Features => featuresOf(text, numbers, meanings);
  const { misconceptions } = sayings;
  const wrong = new Statements(misconceptions.map(read));
  const due = new Statements([...right, ...rightSayings(sayings)].flatMap(statementsOf).map(read));
  const asked = new Set(contentWords(question).map((word) => numbers.of(stem(word))));
  const factor = (key: number): number =>
    (wrong.has(key) === due.has(key) ? 1 : tellingApart) * (asked.has(key) ? askedWeight : 1);
  const [toWrongs, toRights] = [wrong.weighed(factor), due.weighed(factor)];
  return sentences
    .filter((sentence) => !reports.test(sentence))
    .map((sentence) => {
      const statements = statementsOf(sentence).map((statement) => {
        const said = read(statement);
        const [toWrong, nearest] = toWrongs(said);
        return { toWrong, misconception: misconceptions[nearest] ?? "", toRight: toRights(said)[0] };
      });
      return { sentence, statements };
    });
}

/** The likeness that unrelated statements about the same subject have by chance. */
const chance = 0.01;

/** Reporting a misconception is not holding it. */
const reports =
  /\b(?:myth|misconception|misunderstanding|mistaken|wrongly|(?:some|many|most) (?:people )?(?:think|believe|assume|claim)|people (?:often )?(?:think|believe|assume|claim)|(?:it is|it's|that is|that's) (?:not true|wrong|false)|contrary to)\b|误以为|误解|误区|误认为|有人(?:说|认为|觉得)|很多人(?:以为|认为|觉得)|并不是|并非/i;

function statementsOf(text: string): string[] {
  const clauses = clausesOf(text)
    .flatMap(piecesOf)
    .filter((clause) => contentWords(clause).length >= 3);
  return [...new Set([...sentencesOf(text), ...clauses])];
}

/** The weights of a statement's stems and of their ordered pairs. A negated word is a different word. */
type Features = Map<number, number>;

function featuresOf(text: string, numbers: Numbers, meanings: WordMeanings): Features {
  const words = clausesOf(text)
    .flatMap(statedIn)
    .map(({ word, isDenied }) => ({
      number: numbers.of(isDenied ? `not ${stem(word)}` : stem(word)),
      tells: 0.1 + meanings.specificity(word),
    }));
  const features: Features = new Map(words.map(({ number, tells }) => [number, tells]));
  for (const [at, first] of words.entries()) {
    for (const then of words.slice(at + 1, at + farthest)) {
      if (first.number !== then.number)
        features.set(numbers.ofPair(first.number, then.number), orderWeight * Math.sqrt(first.tells * then.tells));
    }
  }
  return features;
}

/** In words: bounds the pairs of a text without full stops. */
const farthest = 60;

/** Words as numbers: there are so many pairs that concatenating strings would take most of the time. */
class Numbers {
  readonly #known = new Map<string, number>();

  of(word: string): number {
    let number = this.#known.get(word);
    if (number === undefined) {
      number = this.#known.size + 1;
      this.#known.set(word, number);
    }
    return number;
  }

  ofPair(first: number, then: number): number {
    return first * 2 ** 20 + then;
  }
}

/** The words of a clause; those after a negation are negated. */
function statedIn(clause: string): { word: string; isDenied: boolean }[] {
  let isDenied = false;
  return wordsOf(clause).flatMap((word) => {
    isDenied ||= denying.test(word);
    return isFiller(word) ? [] : { word, isDenied };
  });
}

const denying =
  /^(?:not|no|never|cannot|without|neither|nor|none|rather|instead|unnecessary|useless|(?:is|are|was|were|do|does|did|has|have|ca|wo|would|should|could|must|need)nt)$|^[不没无未非]|[不没无未]$/;

/** An ordered pair says more than its two words. */
const orderWeight = 2;

/** The factors for features that only one side has, and for words of the question. */
const tellingApart = 5;
const askedWeight = 0.5;

/** The statements of one side, indexed by feature. */
class Statements {
  readonly #all: Features[];
  readonly #places = new Map<number, number[]>();

  constructor(all: Features[]) {
    this.#all = all;
    for (const [at, features] of all.entries()) {
      for (const key of features.keys()) {
        const places = this.#places.get(key);
        if (places) places.push(at);
        else this.#places.set(key, [at]);
      }
    }
  }

  has(key: number): boolean {
    return this.#places.has(key);
  }

  /** The likeness of the nearest statement, from 0 for nothing in common to nearly 1, and its index. */
  weighed(factor: (key: number) => number): (said: Features) => [likeness: number, at: number] {
    const sizeOf = (features: Features): number => {
      let size = little;
      for (const [key, weight] of features) size += weight * factor(key);
      return size;
    };
    const sizes = this.#all.map(sizeOf);
    return (said) => {
      const common = this.#all.map(() => 0);
      for (const [key, weight] of said) {
        const places = this.#places.get(key);
        if (!places) continue;
        const weighed = weight * factor(key);
        for (const at of places) common[at]! += weighed;
      }
      const size = sizeOf(said);
      const likeness = common.map((weight, at) => weight / Math.sqrt(size * sizes[at]!));
      const most = Math.max(0, ...likeness);
      return [most, likeness.indexOf(most)];
    };
  }
}

/** Added to every size so that very short statements do not match too well. */
const little = 0.2;
