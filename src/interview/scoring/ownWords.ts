import { nearness } from "./overlap.ts";
import { sentencesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, isHan, lengthInWords, stem } from "./words.ts";

/**
 * How surely a long, concrete answer is about what is expected although it shares hardly a word with it: 0 for not at
 * all, 1 and more for surely. What counts is how much nearer its words come to the expected ones than those of answers to
 * other questions do.
 */
export function kinship(said: string, expected: string, meanings: WordMeanings): number {
  if (!isElaborate(said)) return 0;
  const least = needed[isPicture(said) ? "picture" : hasHan(expected) ? "han" : "words"];
  return Math.max(0, aboveOthers(said, expected, meanings) / least);
}

/** Whether something is explained by a picture, and says so. */
export function isPicture(said: string): boolean {
  return pictured.test(said);
}

/**
 * Whoever explains by a picture uses the picture's words for the most part; characters meet by chance less often than words
 * that have relatives.
 */
const needed = { picture: 1, han: 1.5, words: 1.9 };

const pictured =
  /\b(?:imagine|picture (?:a|an|some|the|two|your)|think of|suppose|(?:it's|it is|that's) (?:a bit |much |just )?like (?:a|an|the|\w+ing)|as if|as though)\b|打个比方|好比|就像|想象|想成|比作/i;

/** Several sentences, with things that one can see or count: not what fits every question. */
function isElaborate(said: string): boolean {
  const length = lengthInWords(said);
  return (
    length >= 70 &&
    length <= longestStory &&
    sentencesOf(said).length >= 3 &&
    (isPicture(said) || (said.match(concrete)?.length ?? 0) >= 2)
  );
}

/** In more words everything is met by chance: a heap of sentences about many things is no story. */
export const longestStory = 300;

const concrete =
  /\d+|["\u201c\u201d]|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred|thousand|million|dozen|half|twice|seconds?|minutes?|hours?|days?|weeks?|monday|friday|yesterday)\b|(?:[两二三四五六七八九十百千万几半]个|[一两二三四五六七八九十百千万几半](?:台|条|层|秒|分钟|小时|天|周|年|倍|遍))/gi;

/** By how many standard deviations an answer stands above answers to other questions. */
function aboveOthers(said: string, expected: string, meanings: WordMeanings): number {
  const language = hasHan(expected) ? "ZH" : "EN";
  const units = unitsOf(said);
  // Whoever says more meets more words by chance: as many others together as are as long.
  const together = Math.max(1, Math.round(units.size / usualSize[language]));
  let [found, whole] = [0, 0];
  const usual: number[] = [];
  for (const unit of unitsOf(expected)) {
    const others = meanings.amongOthers(unit, language);
    const weight = language === "ZH" ? rarity(others) : meanings.weight(unit);
    found += weight * nearestTo(unit, units, meanings) ** 2;
    whole += weight;
    for (const at of others.keys()) {
      let near = 0;
      for (let next = at; next < at + together; next++) near = Math.max(near, others[next % others.length]!);
      usual[at] = (usual[at] ?? 0) + weight * near ** 2;
    }
  }
  if (whole === 0 || usual.length < 10) return 0;
  const mean = usual.reduce((sum, one) => sum + one, 0) / usual.length;
  const spread = Math.sqrt(usual.reduce((sum, one) => sum + (one - mean) ** 2, 0) / usual.length);
  return spread === 0 ? 0 : (found - mean) / spread;
}

/** How many different units a reference answer of the bank has. */
const usualSize = { EN: 40, ZH: 110 };

/** Of Chinese there is no list of words by how common they are: what many answers have counts nothing. */
function rarity(others: readonly number[]): number {
  const share = others.filter((near) => near === 1).length / Math.max(1, others.length);
  return Math.max(0, -Math.log(share + 0.02) - 0.7);
}

/** What a text is compared by: its words; of Chinese also the single characters, each of which means something. */
export function unitsOf(text: string): Set<string> {
  const words = contentWords(text);
  return hasHan(text) ? new Set([...words.map(stem), ...(text.match(/\p{Script=Han}/gu) ?? [])]) : new Set(words);
}

export function nearestTo(unit: string, units: Set<string>, meanings: Pick<WordMeanings, "similarity">): number {
  if (units.has(unit)) return 1;
  if (isHan(unit)) return 0;
  let best = 0;
  for (const other of units) {
    if (isHan(other)) continue;
    const similarity = meanings.similarity(unit, other);
    best = Math.max(best, similarity, nearness(unit, other, { similarity: () => similarity }));
  }
  return best;
}
