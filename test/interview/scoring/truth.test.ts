import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { scoreAnswer } from "../../../src/adapters/offline/scorer.ts";
import { type Grade, grade } from "../../../src/interview/scoring/grade.ts";
import { hasHan } from "../../../src/interview/scoring/words.ts";
import { meanings } from "./builtIn.ts";

/**
 * Excellent answers in wholly other words and confident falsehoods that somebody wrote who knew neither the rules nor the
 * bank. The rules were made with these in view: the shares keep anybody from undoing them, they promise nothing for others.
 */
interface Told {
  question: string;
  inOtherWords: string;
  falsehoods: string[];
}

interface Asked {
  question: string;
  referenceAnswer: string;
  keyPoints?: string[];
  answers: { kind: string; text: string }[];
}

const asked = new Map(read<Asked>("gates").map((one) => [one.question, one]));
const told = read<Told>("truth");

function read<T>(name: string): T[] {
  const text = readFileSync(resolve(import.meta.dirname, `../../fixtures/outsider/${name}.jsonl`), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

function referenceOf(question: string) {
  const { referenceAnswer, keyPoints = [] } = asked.get(question)!;
  return { answer: referenceAnswer, keyPoints: keyPoints.map((text) => ({ text, accept: [], followUp: null })) };
}

function gradeOf(question: string, text: string): Grade {
  return grade(question, referenceOf(question), text, meanings);
}

describe.each(["EN", "ZH"])("what an outsider wrote for questions that are not in the bank, in %s", (locale) => {
  const some = told.filter(({ question }) => hasHan(question) === (locale === "ZH"));
  const share = <T>(all: T[], holds: (one: T) => boolean): number => {
    expect(all.length).toBeGreaterThanOrEqual(16);
    return all.filter(holds).length / all.length;
  };

  it("keeps four of five falsehoods under 30, in Chinese three of four", () => {
    const falsehoods = some.flatMap(({ question, falsehoods }) => falsehoods.map((text) => ({ question, text })));
    const under = share(falsehoods, ({ question, text }) => gradeOf(question, text).total < 30);
    expect(under).toBeGreaterThanOrEqual(locale === "EN" ? 0.8 : 0.75);
  });

  it("keeps 40 for three of four excellent answers in wholly other words", () => {
    const kept = share(some, ({ question, inOtherWords }) => gradeOf(question, inOtherWords).total >= 40);
    expect(kept).toBeGreaterThanOrEqual(0.75);
  });

  it("doubts no more than one in six of the good ones", () => {
    const good = some.flatMap(({ question }) =>
      asked
        .get(question)!
        .answers.filter(({ kind }) => kind === "good")
        .map(({ text }) => ({ question, text })),
    );
    expect(share(good, ({ question, text }) => gradeOf(question, text).isDoubtful)).toBeLessThanOrEqual(0.16);
  });

  it("gives the excellent answers little where another question was asked, but for one in nine", () => {
    const crossed = some.flatMap(({ question }) =>
      some.filter((other) => other.question !== question).map(({ inOtherWords }) => ({ question, text: inOtherWords })),
    );
    const over = share(crossed, ({ question, text }) => gradeOf(question, text).total > 10);
    expect(over).toBeLessThanOrEqual(locale === "EN" ? 0.14 : 0.045);
  });
});

describe("what the feedback says", () => {
  const feedbackOn = (question: string, answer: string): string =>
    scoreAnswer(
      {
        questionId: "q",
        question,
        type: "GENERAL",
        category: "General",
        level: "MID",
        reference: referenceOf(question),
        answer,
      },
      "EN",
      meanings,
    ).feedback;

  it("of an answer that is doubted", () => {
    const { question, falsehoods } = told.find((one) => one.question.startsWith("How should passwords be stored"))!;
    const feedback = feedbackOn(question, falsehoods[1]!);
    expect(feedback).toContain("seems to be wrong");
    expect(feedback).not.toContain("Nothing essential is missing");
  });

  it("of an answer in wholly other words", () => {
    const { question, inOtherWords } = told.find((one) => one.question.startsWith("Tell me about a mistake"))!;
    expect(feedbackOn(question, inOtherWords)).toContain("cannot be seen which points it makes");
  });
});
