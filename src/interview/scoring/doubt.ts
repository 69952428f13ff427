import { misconductIn } from "./conduct.ts";
import { contradictionsIn } from "./contradiction.ts";
import { pairing } from "./pairing.ts";
import { clausesOf } from "./substance.ts";
import { toneOf } from "./tone.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, stem } from "./words.ts";

/** Signs of a confident falsehood, each as a share of the clauses so that length alone is no evidence. */
export function signsOf(
  said: string,
  right: string[],
  question: string,
  meanings: WordMeanings,
): Record<string, number> {
  const clauses = clausesOf(said).length + 1;
  const due = [question, ...right].join(" ").toLowerCase();
  const share = (words: RegExp): number =>
    (said.toLowerCase().match(words) ?? []).filter((word) => !due.includes(word)).length / clauses;
  const { against } = contradictionsIn(said, right, question, meanings);
  const { agreeing, exchanged } = pairing(said, right, question, meanings);
  return {
    against: against.length / clauses,
    exchanged: Math.min(1, Math.max(0, exchanged - agreeing) / 3),
    dismissing: share(dismissing),
    absolute: share(absolute),
    sweeping: share(sweeping),
    reasons: share(reasons),
    consequence: share(consequence),
    turning: share(turning),
    superlative: share(superlative),
    concrete: share(concrete),
    hedged: share(hedged),
    negated: share(negated),
    conduct: Math.min(1, misconductIn(said, due, question).length / 2),
    backwards: backwards(said, right[0] ?? "", meanings),
  };
}

const dismissing =
  /\bno need\b|\bneeds? no\b|\b(?:need not|needn't)\b|\bno [\w ]{0,30}(?:is|are|was|were) (?:ever )?(?:needed|required|necessary)\b|\b(?:unnecessary|useless|pointless|irrelevant|outdated|obsolete|meaningless)\b|\b(?:do|does|did)(?: not|n't) (?:matter|help|change|affect|need)\b|\bno (?:effect|influence|impact|difference|use|relation|longer|point)\b|\bnothing to do\b|\b(?:is|are|was|were)(?:n't| not) (?:important|relevant|affected|needed|necessary|required)\b|\bin any way\b|\bat all\b|\bwaste\b|\ba mistake\b|\bwithout any\b|不必|不用|没有?(?:必要|意义|用|什么?关系|影响)|无关|不需要|无需|不影响|不是问题|不重要|浪费/g;
/** Absolute words, and below weaker ones that right answers use now and then. */
const absolute =
  /\b(?:never|nobody|nothing|none|no one|neither|impossible|always|every|guarantee[sd]?|exactly|precisely|entirely|completely|immediately|at once|by itself|any|anyone|anybody|anything|unlimited|forever|perfectly|whatever)\b|从不|从来不|绝不|绝对|永远|千万|任何|一定|完全|肯定|百分之百|每次|根本|一律|随便/g;
const sweeping = /\b(?:all|must|whole|entire|only|just|simply|each)\b|所有|全部|必须|每个|只要|只能|只有|都|直接/g;
const consequence = /[,;] so\b(?! far)|\b(?:so that|which is why)\b|所以|因此/g;
const reasons =
  /\b(?:because|since(?! then)|(?<=[,;] )as (?:it|they|the|that|there|this|he|she|you|we|its|their))\b|因为|由于/g;
const turning =
  /\b(?:actually|in fact|even better|other way round|that's why|this is why|proves?|therefore|thus|hence)\b|其实|反而|说明|就(?:行|够)了/g;
const superlative =
  /\b(?:best|fastest|safest|easiest|better|faster|safer|cheaper|smaller)\b|最(?!后|近|终|初|常|小)|更/g;
const concrete = /\d+(?:[.,:]\d+)*/g;
const hedged =
  /\b(?:e\.g\.|for example|for instance|say|usually|often|mostly|typically|mainly|normally|sometimes|maybe|might|may|roughly|about|around|probably|though|although|if|unless)\b|比如|例如|一般|通常|可能|大概|如果|要是|的话|左右|之类|等/g;
const negated = /\b(?:not|no|cannot|without|nor)\b|n't\b|(?<![有要会能是可])[不没](?![仅但同断管论够])/g;

/** How far the reference's words occur in reverse order, from 0 (same order, or too few words) to 1. */
function backwards(said: string, reference: string, meanings: WordMeanings): number {
  const order = firstPlaces(said);
  const places = [...firstPlaces(reference).keys()]
    .filter((word) => order.has(word) && meanings.specificity(word) >= 0.4)
    .map((word) => order.get(word)!);
  if (places.length < 5) return 0;
  let [turned, pairs] = [0, 0];
  for (const [at, place] of places.entries()) {
    for (const later of places.slice(at + 1)) {
      pairs += 1;
      if (later < place) turned += 1;
    }
  }
  return Math.max(0, (2 * turned) / pairs - 1);
}

function firstPlaces(text: string): Map<string, number> {
  const places = new Map<string, number>();
  for (const [at, word] of contentWords(text).map(stem).entries()) if (!places.has(word)) places.set(word, at);
  return places;
}

/** How an answer is worded, whatever it is about; higher values are typical of falsehoods. */
export interface Manner {
  /** The weighted sum of `signsOf`. */
  signs: number;
  /** As in `toneOf`. */
  tone: number;
}

export function mannerOf(said: string, right: string[], question: string, meanings: WordMeanings): Manner {
  const signs = signsOf(said, right, question, meanings);
  return {
    signs: Object.entries(weights).reduce(
      (sum, [sign, weight]) => sum + weight * Math.min(1, signs[sign] ?? 0),
      fitted,
    ),
    tone: toneOf(said, meanings.falseness),
  };
}

/** How likely an answer so worded is false: below 0 unlikely, above 1 very likely. */
export function doubtIn({ signs, tone }: Manner): number {
  return manner.base + manner.signs * Math.max(signs, leastSigns) + manner.tone * tone;
}

/** Fitted as the weights of the signs are (docs/scoring.md). */
const manner = { base: 0.5, signs: 0.6, tone: 1.1 };

/** A floor: sober wording alone does not prove that an answer is right. */
export const leastSigns = -1.5;

const fitted = -3.4;
const weights: Record<string, number> = {
  against: 8.7,
  exchanged: 2.8,
  dismissing: 14.9,
  absolute: 7.5,
  sweeping: 2.5,
  reasons: 12.1,
  consequence: 7.0,
  turning: 11.5,
  superlative: 16.8,
  concrete: -9.4,
  hedged: -6.1,
  negated: 2.7,
  conduct: 9.0,
  backwards: 10.3,
};

/** The cap on an answer's score: 20 from `clear` on, none up to `faint`, linear between. */
export function capFor(doubt: number): number {
  if (doubt >= clear) return 20;
  return doubt <= faint ? 100 : 85 - (65 * (doubt - faint)) / (clear - faint);
}

const faint = 0.2;
const clear = 1;
