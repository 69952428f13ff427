import { contentWords, isHan, stem, wordsOf } from "./words.ts";

/**
 * Whether two statements about the same thing say the opposite: one is negated, one has the opposite word, or it says of
 * one of the things that the question compares what is true of another.
 */
export function contradicts(said: string, right: string, question: string): boolean {
  const difference = Math.abs(negationsIn(said) - negationsIn(right));
  if (difference % 2 === 1) return shared(said, right) >= 0.5;
  return (shared(said, right) >= 0.4 && swapsOpposites(said, right)) || swapsSubjects(said, right, question);
}

function negationsIn(text: string): number {
  return text.toLowerCase().match(negations)?.length ?? 0;
}

const negations =
  /\b(?:not|no|never|cannot|without|neither|nor)\b|n['\u2019]t\b|不(?:是|会|能|可|要|需|保证|允许|支持|安全|存在|再|应)|没有|无法|并非|从不|绝不|不必/g;

/** How much of the shorter statement is in the longer one. */
export function shared(a: string, b: string): number {
  const one = new Set(contentWords(a).map(stem));
  const other = new Set(contentWords(b).map(stem));
  const smaller = Math.min(one.size, other.size);
  return smaller === 0 ? 0 : [...one].filter((word) => other.has(word)).length / smaller;
}

/** Says one word of a pair where the right statement has the other, and not both. */
function swapsOpposites(said: string, right: string): boolean {
  const [inSaid, inRight] = [finder(said), finder(right)];
  return opposites.some(
    ([one, other]) =>
      (inSaid(one) && !inRight(one) && inRight(other) && !inSaid(other)) ||
      (inSaid(other) && !inRight(other) && inRight(one) && !inSaid(one)),
  );
}

function finder(text: string): (word: string) => boolean {
  const words = new Set(wordsOf(text).map(stem));
  return (word) => (isHan(word) ? text.includes(word) : words.has(stem(word)));
}

/** The question compares things; the statement begins with another of them than the right one does. */
function swapsSubjects(said: string, right: string, question: string): boolean {
  const things = new Set(contentWords(question).map(stem));
  const first = (text: string): string | undefined =>
    contentWords(text)
      .map(stem)
      .find((word) => things.has(word));
  const [one, other] = [first(said), first(right)];
  if (one === undefined || other === undefined || one === other) return false;
  const words = new Set(contentWords(said).map(stem));
  const rest = contentWords(right)
    .map(stem)
    .filter((word) => !things.has(word));
  // The very same words, said of the other thing.
  return rest.length >= 2 && rest.filter((word) => words.has(word)).length / rest.length >= 0.6;
}

const opposites = (
  "mutable/immutable synchronous/asynchronous sync/async increase/decrease faster/slower larger/smaller higher/lower " +
  "stateful/stateless ordered/unordered sorted/unsorted blocking/nonblocking safe/unsafe strong/weak lifo/fifo " +
  "encrypted/plain valid/invalid static/dynamic shared/isolated " +
  "同步/异步 可变/不可变 有序/无序 增加/减少 更快/更慢 共享/独立 阻塞/非阻塞 强一致/最终一致"
)
  .split(" ")
  .map((pair) => pair.split("/") as [string, string]);
