import { expect, it } from "vitest";
import { loadBank } from "../../../src/adapters/offline/bank.ts";
import { loadOtherQuestions, rightAnswersIn } from "../../../src/adapters/offline/otherQuestions.ts";
import { locales } from "../../../src/interview/model.ts";
import { hasHan } from "../../../src/interview/scoring/words.ts";

const bank = loadBank();
const kinds = ["good", "excellent-own-words", "partial", "weak", "falsehood-sober", "falsehood-fluent"];

it.each(locales)("the other questions have each kind of answer, once, and are not in the bank, in %s", (locale) => {
  const others = loadOtherQuestions(locale);
  expect(others.length).toBeGreaterThan(300);
  expect(new Set(others.map(({ question }) => question)).size).toBe(others.length);
  const known = new Set(bank.entries.map(({ texts }) => texts[locale].question));
  for (const { question, referenceAnswer, answers } of others) {
    expect(known.has(question), question).toBe(false);
    expect(hasHan(question + referenceAnswer), question).toBe(locale === "ZH");
    expect(answers.map(({ kind }) => kind).slice(0, kinds.length), question).toEqual(kinds);
    expect(rightAnswersIn(answers)).toEqual(answers.slice(0, 4).map(({ text }) => text));
    for (const { text, without = "" } of answers) expect(text, question).toContain(without);
  }
});
