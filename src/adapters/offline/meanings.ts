import { readFileSync } from "node:fs";
import { join } from "node:path";
import { topicOf } from "../../interview/scoring/topic.ts";
import type { Topic, WordMeanings } from "../../interview/scoring/wordMeanings.ts";
import { contentWords, isHan, stem } from "../../interview/scoring/words.ts";
import type { Bank, BankText } from "./bank.ts";

const dimensions = 100;

/**
 * Word vectors from the files beside this one: the commonest first, one byte a number. The bank shows which words are
 * common where programs are talked about.
 */
export function loadMeanings(bank: Bank, folder = join(import.meta.dirname, "wordVectors")): WordMeanings {
  const words = readFileSync(join(folder, "words.txt"), "utf8").trimEnd().split("\n");
  const file = readFileSync(join(folder, "vectors.bin"));
  const bytes = new Int8Array(file.buffer, file.byteOffset, file.length);
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const lengths = new Float64Array(words.length).map((_, rank) => {
    let sum = 0;
    for (let at = 0; at < dimensions; at++) sum += bytes[rank * dimensions + at]! ** 2;
    return Math.sqrt(sum) || 1;
  });

  // The same words come again and again; what strangers write must not be kept without end.
  const found = new Map<string, number | undefined>();

  function rankOf(word: string): number | undefined {
    if (found.has(word)) return found.get(word);
    const rank = ranks.get(word) ?? ranks.get(word.replace(/s$/, "")) ?? ranks.get(word.replace(/e?d$/, ""));
    if (found.size > 20_000) found.clear();
    found.set(word, rank);
    return rank;
  }

  // Counted when the first answer is graded: the start need not wait for it.
  let entriesWith: Map<string, number> | null = null;
  let topics: TopicIndex | null = null;

  /** 1 for words that no question is about to 0 for those that all are. */
  function rarity(word: string): number {
    entriesWith ??= countEntries(bank);
    return 1 - Math.log(1 + (entriesWith.get(stem(word)) ?? 0)) / Math.log(1 + bank.entries.length);
  }

  function weight(word: string): number {
    const rank = ranks.get(word);
    return 0.3 + 0.7 * (rank === undefined ? 1 : Math.min(1, Math.log(1 + rank) / Math.log(30_000)));
  }

  function telling(word: string): number {
    // Nothing for the few hundred commonest words of English.
    const special = isHan(word) ? 1 : Math.min(1, Math.max(0, (weight(word) - 0.69) / 0.2));
    return (0.1 + 0.9 * special) * rarity(word) ** 2;
  }

  return {
    similarity(a, b) {
      const [one, other] = [rankOf(a), rankOf(b)];
      if (one === undefined || other === undefined) return 0;
      let dot = 0;
      for (let at = 0; at < dimensions; at++) dot += bytes[one * dimensions + at]! * bytes[other * dimensions + at]!;
      return dot / (lengths[one]! * lengths[other]!);
    },
    weight,
    telling,
    topicsNear(stems) {
      topics ??= indexTopics(bank, { telling });
      return topics.near(stems);
    },
  };
}

/** In how many of the bank's questions and answers each word stands. */
function countEntries({ entries }: Bank): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { texts } of entries) {
    const words = Object.values(texts).flatMap((text) => contentWords(wholeOf(text)));
    for (const word of new Set(words.map(stem))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function wholeOf({ question, answer, keyPoints }: BankText): string {
  return [question, answer, ...keyPoints.map((point) => point.text)].join(" ");
}

interface TopicIndex {
  near(stems: Iterable<string>): Topic[];
}

function indexTopics({ entries }: Bank, meanings: Pick<WordMeanings, "telling">): TopicIndex {
  const topics = entries.flatMap(({ texts }) => Object.values(texts).map((text) => topicOf(wholeOf(text), meanings)));
  const places = new Map<string, number[]>();
  for (const [at, { weights }] of topics.entries()) {
    for (const word of weights.keys()) {
      const known = places.get(word);
      if (known) known.push(at);
      else places.set(word, [at]);
    }
  }
  return {
    near(stems) {
      const common = new Float64Array(topics.length);
      for (const word of stems) {
        for (const at of places.get(word) ?? []) common[at]! += topics[at]!.weights.get(word)! / topics[at]!.size;
      }
      const order = [...topics.keys()].sort((a, b) => common[b]! - common[a]!);
      return order.slice(0, most).map((at) => topics[at]!);
    },
  };
}

/** Some of the nearest may be akin to the question itself. */
const most = 5;
