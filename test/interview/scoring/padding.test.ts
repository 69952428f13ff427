import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { referenceOf } from "../../../src/adapters/offline/bank.ts";
import { type Locale, locales } from "../../../src/interview/model.ts";
import { paddingIn, withoutPadding } from "../../../src/interview/scoring/padding.ts";
import { knownQuestion } from "../../../src/interview/scoring/thisQuestion.ts";
import { bank, meanings } from "./builtIn.ts";

function paddingOf(id: string, locale: Locale, said: string): number {
  const text = bank.entries.find((entry) => entry.id === id)!.texts[locale];
  const { question, vocabulary } = knownQuestion(text.question, referenceOf(text), text, meanings);
  return paddingIn(said, question, vocabulary, meanings);
}

describe("padding", () => {
  it.each([
    [
      "EN",
      "mysql-index-btree",
      "A B+ tree is shallow, so few pages are read. I have always found databases a fascinating field, and in my last team we talked about them a lot. It is really important to understand one's tools, since at the end of the day every good engineer has to know what is going on, and I love learning such things.",
    ],
    [
      "ZH",
      "mysql-index-btree",
      "B+树比较矮，所以读的页少。数据库真的是一门很重要的学问，我在之前的公司里和同事们也经常聊到，大家都觉得打好基础特别关键。技术一直在发展，我们作为工程师要保持学习的心态，不断提升自己，这样才能在工作中走得更远。",
    ],
  ] as const)("is found by its wording and by how little it says, in %s", (locale, id, said) =>
    expect(paddingOf(id, locale, said)).toBeGreaterThan(2),
  );

  it.each([
    ["EN", "It is a sort of tree, so it is quick to find a thing in it. "],
    ["ZH", "B+树比较矮，所以查一次读的磁盘页少。"],
  ] as const)("is found where the same is said again and again, in %s", (locale, said) => {
    expect(paddingOf("mysql-index-btree", locale, said)).toBeLessThan(0);
    expect(paddingOf("mysql-index-btree", locale, said.repeat(6))).toBeGreaterThan(2);
  });

  it.each(locales)("is not found in what the bank knows to be right, in %s", (locale) => {
    const right = bank.entries.flatMap(({ id, texts }) =>
      [texts[locale].answer, ...texts[locale].plainAnswers, ...texts[locale].expertAnswers].map((said) => [id, said]),
    );
    const found = right.filter(([id, said]) => paddingOf(id!, locale, said!) > 0);
    expect(found.length / right.length).toBeLessThan(0.01);
  });

  const [weak, talk] = [
    "A mutex lets one thread in at a time.",
    "I have always been very interested in this topic, and in my opinion it is one of the most important things that every developer should know about. We often talked about it in my last company, and I am always happy to learn more.",
  ];

  it("is known by its wording whatever the question, and what it surrounds is left", () => {
    const asked = "What is a mutex?";
    expect(paddingIn(`${weak} ${talk}`, asked, null, meanings)).toBeGreaterThan(2);
    expect(withoutPadding(`${weak} ${talk}`, meanings)).toBe(weak);
    const full =
      "A mutex has an owner: the thread that locked it must unlock it again, and whoever comes meanwhile is put to sleep by the kernel until it is free. A semaphore has no owner, it counts permits, so a producer may release what a consumer took.";
    expect(paddingIn(full, asked, null, meanings)).toBeLessThan(0);
  });

  it.each(locales)("is nothing where nothing is said, in %s", (locale) =>
    expect(paddingOf("mysql-index-btree", locale, "")).toBeLessThan(0),
  );

  it.each(locales)("is learnt from texts to questions of the bank, in %s", (locale) => {
    const file = resolve(import.meta.dirname, `../../../scripts/padding/${locale.toLowerCase()}.jsonl`);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const known = lines.map((line) => JSON.parse(line) as { entry: string; padding: string[] });
    const ids = new Set(bank.entries.map(({ id }) => id));
    expect(known.filter(({ entry }) => !ids.has(entry))).toEqual([]);
    const texts = known.flatMap(({ padding }) => padding);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
