import { describe, expect, it } from "vitest";
import { indexWords } from "../../../src/adapters/offline/wordIndex.ts";
import { oddsBeside, type VocabularyKnowledge, vocabularyOf } from "../../../src/interview/scoring/vocabulary.ts";
import { contentWords, stem } from "../../../src/interview/scoring/words.ts";

const questions = [
  "A cache keeps copies of data that were read often. A cache must forget stale copies.",
  "A lock keeps threads from writing the same data. A lock must be released.",
  "An index finds rows of data fast. An index must be written too.",
];
const common = ["data", "keeps"].map(stem);
const usual = (word: string): number => (common.includes(word) ? 0.1 : 0.02);
const stemsOf = (text: string): string[] => contentWords(text).map(stem);
const vocabularies = questions.map((text) => vocabularyOf(stemsOf(text), usual));
const index = indexWords(vocabularies);
const known: VocabularyKnowledge = { usual, odds: (stems) => index.sums(stems), isOpen: (at) => at === 2 };

describe("the vocabulary of a question", () => {
  it("weighs words the more, the rarer they are elsewhere", () => {
    const cache = vocabularies[0]!;
    expect(cache.get(stem("cache"))).toBeGreaterThan(cache.get(stem("stale"))!);
    expect(cache.get(stem("stale"))).toBeGreaterThan(cache.get(stem("data"))!);
    expect(cache.has(stem("lock"))).toBe(false);
  });

  it("makes an answer likelier to the question that it answers than to others", () => {
    const said = "I throw stale copies out of the cache.";
    const [here, there] = [vocabularies[0]!, vocabularies[1]!].map((own) => oddsBeside(said, own, false, known));
    expect(here!.here).toBeGreaterThan(here!.nearest);
    expect(there!.here).toBeLessThan(there!.nearest);
  });

  it("does not take the question itself, or one with the same answers, for another", () => {
    const twice = indexWords([...vocabularies, vocabularyOf(stemsOf(questions[0]!), usual)]);
    const both: VocabularyKnowledge = { usual, odds: (stems) => twice.sums(stems), isOpen: () => false };
    expect(oddsBeside("stale copies", vocabularies[0]!, false, both).nearest).toBe(0);
  });

  it("stands beside open questions alone where it is one", () => {
    const said = "I lock the stale copies.";
    expect(oddsBeside(said, vocabularies[0]!, false, known).nearest).toBeGreaterThan(0);
    expect(oddsBeside(said, vocabularies[0]!, true, known).nearest).toBe(0);
  });
});

describe("the index of words", () => {
  it("counts texts and sums weights", () => {
    const texts = [{ a: 1 }, { b: 2 }, { a: 3, b: 4 }];
    const some = indexWords(texts.map((text) => new Map(Object.entries(text))));
    expect([some.count("a"), some.count("b"), some.count("c")]).toEqual([2, 2, 0]);
    expect([...some.sums(["a", "b", "c"])]).toEqual([1, 2, 7]);
  });
});
