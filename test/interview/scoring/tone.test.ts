import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { locales } from "../../../src/interview/model.ts";
import { phrasesOf, toneOf } from "../../../src/interview/scoring/tone.ts";
import { bank, meanings } from "./builtIn.ts";

describe("how something is put", () => {
  it("is read word by word and pair by pair, whatever it is about", () => {
    expect(phrasesOf("It never fails: 20 of 30.")).toEqual(
      expect.arrayContaining(["it", "it never", "never", "never fails", "fails #", "#", "# of", "of"]),
    );
    expect(phrasesOf("用Redis就行")).toEqual(["用", "A", "用 A", "就", "A 就", "行", "就 行"]);
  });

  it.each([
    [
      "It removes the entry automatically, so no index is needed and every query is always fast.",
      "It usually drops the entry after some minutes; for instance, a report or a nightly job may still see it.",
    ],
    [
      "只要加了索引，查询就一定会自动变快，根本不需要看执行计划。",
      "加了索引，多数查询会快一些，比如按用户查；写入则要慢一点，还得看执行计划。",
    ],
  ])("tells falsehoods from what is right: %s", (falsehood, right) => {
    expect(toneOf(falsehood, meanings.falseness)).toBeGreaterThan(toneOf(right, meanings.falseness) + 1);
  });

  it("weighs the same with stops and without, as far as it can be told", () => {
    const sentence = "It keeps the entry for some minutes and drops it then or when the memory is full";
    const often = toneOf(`${sentence}. `.repeat(6), meanings.falseness);
    expect(Math.abs(toneOf(`${sentence} `.repeat(6), meanings.falseness) - often)).toBeLessThan(1);
  });

  it.each(locales)("is learnt from two falsehoods to each question of the bank in %s", (locale) => {
    const file = resolve(import.meta.dirname, `../../../scripts/falsehoods/${locale.toLowerCase()}.jsonl`);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const known = lines.map((line) => JSON.parse(line) as { entry: string; falsehoods: string[] });
    expect(known.map(({ entry }) => entry)).toEqual(bank.entries.map(({ id }) => id));
    const texts = known.flatMap(({ falsehoods }) => falsehoods);
    expect(new Set(texts).size).toBe(2 * bank.entries.length);
    // Learnt is how they are told, so that it finds nearly all of them again.
    const right = bank.entries
      .flatMap(({ texts }) => texts[locale].expertAnswers)
      .map((said) => toneOf(said, meanings.falseness));
    const usual = right.toSorted((a, b) => a - b)[Math.floor(right.length / 2)]!;
    const over = texts.filter((said) => toneOf(said, meanings.falseness) > usual);
    expect(over.length / texts.length).toBeGreaterThan(0.9);
  });

  it("is unknown for words that stand in few questions", () => expect(toneOf("Zyzzyva quokka", () => null)).toBe(0));
});
