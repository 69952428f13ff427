import { describe, expect, it } from "vitest";
import { indexWords } from "../../../src/adapters/offline/wordIndex.ts";
import {
  knownVocabulary,
  lentVocabulary,
  nearestTo,
  oddsBeside,
  type VocabularyKnowledge,
  wordOddsOf,
} from "../../../src/interview/scoring/vocabulary.ts";
import { contentWords, stem } from "../../../src/interview/scoring/words.ts";

const questions = [
  "A cache keeps copies of data that were read often. A cache must forget stale copies.",
  "A lock keeps threads from writing the same data. A lock must be released.",
  "An index finds rows of data fast. An index must be written too.",
];
const common = ["data", "keeps"].map(stem);
const usual = (word: string): number => (common.includes(word) ? 0.1 : 0.02);
const stemsOf = (text: string): string[] => contentWords(text).map(stem);
const oddsOf = (text: string) => wordOddsOf(stemsOf(text), usual);
const index = indexWords(questions.map(oddsOf));
const known: VocabularyKnowledge = { usual, odds: (stems) => index.sums(stems), isOpen: (at) => at === 2 };
const vocabularies = questions.map((text) => knownVocabulary(oddsOf(text), known));

describe("the vocabulary of a question", () => {
  it("weighs words the more, the rarer they are elsewhere", () => {
    const cache = oddsOf(questions[0]!);
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
    const twice = indexWords([...questions, questions[0]!].map(oddsOf));
    const both: VocabularyKnowledge = { usual, odds: (stems) => twice.sums(stems), isOpen: () => false };
    const own = knownVocabulary(oddsOf(questions[0]!), both);
    expect(oddsBeside("stale copies", own, false, both).nearest).toBe(0);
  });

  it("stands beside open questions alone where it is one", () => {
    const said = "I lock the stale copies.";
    expect(oddsBeside(said, vocabularies[0]!, false, known).nearest).toBeGreaterThan(0);
    expect(oddsBeside(said, vocabularies[0]!, true, known).nearest).toBe(0);
  });
});

describe("the vocabulary of a question of which only a good answer is known", () => {
  const asked = oddsOf("Where do browsers cache copies?");
  const near = nearestTo(asked, known);
  const lent = lentVocabulary(asked, near, known);

  it("has the words of the nearest known questions too, at less", () => {
    expect(near[0]).toEqual({ at: 0, share: 1 });
    expect(lent.oddsOf(stem("browsers"))).toBe(asked.get(stem("browsers")));
    expect(lent.oddsOf(stem("stale"))).toBeGreaterThan(0);
    expect(lent.oddsOf(stem("stale"))).toBeLessThan(vocabularies[0]!.oddsOf(stem("stale")));
    expect(lent.oddsOf(stem("autumn"))).toBe(0);
  });

  it("does not take those for others", () => {
    expect(near.map(({ at }) => lent.isAkin(at))).toEqual([true, true, true]);
    expect(lent.isAkin(3)).toBe(false);
  });

  it("is its own words where nothing is known at all", () => {
    const nothing: VocabularyKnowledge = { usual, odds: () => [], isOpen: () => false };
    expect(lentVocabulary(asked, nearestTo(asked, nothing), nothing).oddsOf(stem("browsers"))).toBeGreaterThan(0);
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
