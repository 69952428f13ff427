import { sum } from "../sum.ts";
import type { Nearness } from "./vocabulary.ts";
import type { Topic, TopicKnowledge } from "./wordMeanings.ts";
import { contentWords, stem } from "./words.ts";

export function topicOf(words: string[], meanings: Pick<TopicKnowledge, "telling">): Topic {
  const weights = new Map(words.map((word) => [stem(word), meanings.telling(word)]));
  return { weights, size: Math.sqrt(sum(weights.values())) };
}

/**
 * Which question an answer suits, of all that are known: this one, another one much better, or none for sure. Its words
 * may all be of the trade; that alone makes it no answer to this question. Where two questions are akin, the answer is
 * taken for one to this.
 */
export function suits(said: string, own: Topic, meanings: TopicKnowledge): "THIS" | "ANOTHER" | null {
  const { here, nearest } = nearnessTo(said, own, meanings);
  if (nearest >= 0.35 && here < elsewhere * nearest) return "ANOTHER";
  return here >= fromHere && here >= ratioHere * nearest ? "THIS" : null;
}

/** How near an answer comes to its own question, and to the nearest one that is not akin to it. */
function nearnessTo(said: string, own: Topic, meanings: TopicKnowledge): Nearness {
  const words = new Set(contentWords(said).map(stem));
  const others = meanings.topicsNear(words).filter((other) => !areAkin(own, other));
  return { here: closeness(words, own), nearest: Math.max(0, ...others.map((other) => closeness(words, other))) };
}

const elsewhere = 0.42;
const fromHere = 0.2;
const ratioHere = 0.8;

function closeness(words: Iterable<string>, topic: Topic): number {
  return topic.size === 0 ? 0 : sum([...words].map((word) => topic.weights.get(word) ?? 0)) / topic.size;
}

function areAkin(one: Topic, other: Topic): boolean {
  const common = sum([...one.weights].map(([word, weight]) => (other.weights.has(word) ? weight : 0)));
  return common >= 0.4 * Math.min(one.size, other.size) ** 2;
}
