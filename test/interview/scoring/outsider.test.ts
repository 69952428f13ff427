import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadBank } from "../../../src/adapters/offline/bank.ts";
import { loadMeanings } from "../../../src/adapters/offline/meanings.ts";
import { type Grade, grade } from "../../../src/interview/scoring/grade.ts";
import { hasHan } from "../../../src/interview/scoring/words.ts";

/**
 * Ways to get points without an answer that somebody wrote who knew neither the rules nor the bank, for 42 questions that are
 * not in it. A padded answer comes with what it is `without` the padding.
 */
interface Asked {
  question: string;
  referenceAnswer: string;
  keyPoints?: string[];
  answers: { kind: string; text: string; without?: string }[];
}

const asked = readFileSync(resolve(import.meta.dirname, "../../fixtures/outsider/gates.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Asked);
const meanings = loadMeanings(loadBank());

function gradeOf({ question, referenceAnswer, keyPoints = [] }: Asked, text: string): Grade {
  const points = keyPoints.map((point) => ({ text: point, accept: [], followUp: null }));
  return grade(question, { answer: referenceAnswer, keyPoints: points }, text, meanings);
}

describe.each(["EN", "ZH"])("what an outsider wrote, in %s", (locale) => {
  const questions = asked.filter(({ question }) => hasHan(question) === (locale === "ZH"));
  const of = (...kinds: string[]) =>
    questions.flatMap((one) =>
      one.answers.filter(({ kind }) => kinds.includes(kind)).map((answer) => ({ one, ...answer })),
    );

  it.each(["keywords", "repeat", "demand", "generic", "offtopic", "dontknow"])("gives 10 or less for %s", (kind) => {
    const answers = of(kind);
    expect(answers.length).toBeGreaterThanOrEqual(16);
    const over = answers.filter(({ one, text }) => gradeOf(one, text).total > 10).map(({ text }) => text);
    expect(over).toEqual([]);
  });

  it("gives padding 5 at most, but for one in thirty", () => {
    const answers = of("padded");
    const over = answers.filter(
      ({ one, text, without }) => gradeOf(one, text).total > gradeOf(one, without!).total + 5,
    );
    expect(over.length / answers.length).toBeLessThan(1 / 30);
  });

  it("takes no good answer and none that is right in part for a list, a demand or the question", () => {
    const taken = of("good", "partial").filter(({ one, text }) =>
      ["WORD_LIST", "INSTRUCTIONS", "QUESTION_REPEATED", "DONT_KNOW"].includes(gradeOf(one, text).empty ?? ""),
    );
    expect(taken.map(({ text }) => text)).toEqual([]);
  });
});
