import { sum } from "./sum.ts";

/** A question reduced to a comparable form. */
export interface Fingerprint {
  /** Stems of Latin words and pairs of Han characters, with their weights. */
  features: ReadonlyMap<string, number>;
  weight: number;
  /** The words with digits in them, in order. */
  numbers: string;
}

/** Whether two questions ask the same thing, apart from case, punctuation, filler words or a small rewording. */
export function isNearDuplicate(a: string, b: string): boolean {
  return areNearDuplicates(fingerprint(a), fingerprint(b));
}

export function fingerprint(text: string): Fingerprint {
  const plain = text.normalize("NFKC").toLowerCase().replace(listNumber, "");
  const features = new Map<string, number>();
  for (const [run] of plain.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}+#])+/gu)) {
    for (const [feature, weight] of /^\p{Script=Han}/u.test(run) ? hanFeatures(run) : latinFeatures(run)) {
      features.set(feature, weight);
    }
  }
  // It consists of filler words: they are all there is to compare.
  if (features.size === 0) features.set(plain.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim(), 1);
  const numbers = [...features.keys()].filter((feature) => /\p{N}/u.test(feature)).toSorted();
  return { features, weight: sum(features.values()), numbers: numbers.join(" ") };
}

/** A list number before a question: "1. " or "2) ". */
const listNumber = /^\s*\d+[.)、]\s+/;

/**
 * Two thirds in common may still be different questions ("REPEATABLE READ" or "SERIALIZABLE"); four fifths is a
 * rewording.
 */
const sameFrom = 0.8;

/** Questions with different numbers differ, however alike the rest is ("Java 8", "Java 21"). */
export function areNearDuplicates(a: Fingerprint, b: Fingerprint): boolean {
  if (a.numbers !== "" && b.numbers !== "" && a.numbers !== b.numbers) return false;
  return (2 * shared(a, b)) / (a.weight + b.weight) >= sameFrom;
}

/** The share of `part` that `whole` contains, 0 to 1. */
export function containment(part: Fingerprint, whole: Fingerprint): number {
  return shared(part, whole) / part.weight;
}

function shared(a: Fingerprint, b: Fingerprint): number {
  let weight = 0;
  for (const [feature, counts] of a.features) if (b.features.has(feature)) weight += counts;
  return weight;
}

const latinFillers = new Set(
  (
    "a an the of in on to for is are was were be been do does did how what why when which who whose would could can " +
    "will should may might you your yours we our us i me my it its this that these those and or with by from as at " +
    "into about between have has had there if then so explain describe tell please briefly give example examples " +
    "talk walk through detail details discuss say let some any exactly actually really just also mean means s"
  ).split(" "),
);

/**
 * A Latin word weighs twice as much as a pair of characters: in a Chinese question it is a name, which distinguishes
 * questions.
 */
function latinFeatures(word: string): [string, number][] {
  if (latinFillers.has(word)) return [];
  return [[word.replace(/(?<=..)(?:ing|ed|es|s|ly)$/, "").replace(/(?<=..)e$/, ""), 2]];
}

const hanFillers =
  /请问|请你|请您|请|介绍|一下|说说|谈谈|讲讲|说一说|谈一谈|聊聊|简述|简单|描述|解释|说明|阐述|什么是|是什么|为什么|有什么|有哪些|哪些|什么|如何|怎么样|怎么|怎样|能否|可以|是否|以及|你们|你|您|的|了|吗|呢|啊|在|和|与|及|或|中|里|会|是|有|并|它|这|那/g;

function hanFeatures(run: string): [string, number][] {
  const characters = [...run.replaceAll(hanFillers, "")];
  if (characters.length === 1) return [[characters[0] ?? "", 1]];
  return characters.slice(1).map((character, index) => [`${characters[index]}${character}`, 1]);
}
