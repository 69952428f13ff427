import { sum } from "../sum.ts";
import type { Nearness } from "./vocabulary.ts";
import type { Topic, TopicKnowledge } from "./wordMeanings.ts";
import { contentWords, stem } from "./words.ts";

export function topicOf(words: string[], meanings: Pick<TopicKnowledge, "specificity">): Topic {
  const weights = new Map(words.map((word) => [stem(word), meanings.specificity(word)]));
  return { weights, size: Math.sqrt(sum(weights.values())) };
}

/**
 * Whether an answer fits this question, another one of the bank much better, or neither clearly. Technical words alone do
 * not make it an answer to this question. Closely related questions do not count as other ones.
 */
export function fitOf(said: string, own: Topic, meanings: TopicKnowledge): "THIS" | "ANOTHER" | null {
  const { here, nearest } = nearnessTo(said, own, meanings);
  if (nearest >= 0.35 && here < elsewhere * nearest) return "ANOTHER";
  return here >= fromHere && here >= ratioHere * nearest ? "THIS" : null;
}

/** The closeness of an answer to its own question, and to the closest unrelated one. */
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
