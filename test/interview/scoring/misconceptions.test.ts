import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadBank } from "../../../src/adapters/offline/bank.ts";
import { loadMeanings } from "../../../src/adapters/offline/meanings.ts";
import { scoreAnswer } from "../../../src/adapters/offline/scorer.ts";
import { type Locale, locales } from "../../../src/interview/model.ts";
import { type Grade, grade } from "../../../src/interview/scoring/grade.ts";
import { leaningOf } from "../../../src/interview/scoring/misconceptions.ts";

const { entries } = loadBank();
const meanings = loadMeanings({ entries });
const textsOf = (id: string, locale: Locale) => entries.find((entry) => entry.id === id)!.texts[locale];

function gradeOf(id: string, locale: Locale, said: string): Grade {
  const { question, answer, keyPoints, ...sayings } = textsOf(id, locale);
  return grade(question, { answer, keyPoints }, said, meanings, sayings);
}

describe("what people have wrong about a question", () => {
  const { question, answer, keyPoints, ...sayings } = textsOf("redis-streams", "EN");
  const right = [answer, ...keyPoints.map(({ text }) => text)];
  const leaning = (...sentences: string[]) => leaningOf(sentences, -2, sayings, right, question, meanings);

  it("is found in other words", () => {
    const said = "Once a consumer has received a message it is deleted from the stream.";
    const { mistakes, lean } = leaning(said);
    expect(lean).toBeGreaterThan(0);
    expect(mistakes.map(({ misconception }) => misconception)).toEqual([
      "With XREADGROUP a message is deleted from the stream as soon as a consumer has received it.",
    ]);
  });

  it.each([
    "It's a myth that a message is deleted from the stream once a consumer has received it.",
    "Some people think a message is deleted from the stream once a consumer has received it.",
  ])("is not said by who reports it: %s", (said) => expect(leaning(said).mistakes).toEqual([]));

  it("is far from the right answers", () => {
    for (const said of [answer, sayings.plainAnswer]) {
      const { mistakes, lean, isTrusted } = leaning(said);
      expect(mistakes).toEqual([]);
      expect(lean).toBeLessThan(-1);
      expect(isTrusted).toBe(true);
    }
  });

  it("is unknown for other questions", () =>
    expect(leaningOf([answer], 0.5, null, right, question, meanings)).toEqual({
      lean: 0,
      doubt: 0.5,
      isTrusted: false,
      mistakes: [],
    }));

  it.each(locales)("is named in the feedback in %s", (locale) => {
    const { question, answer, keyPoints, ...sayings } = textsOf("redis-streams", locale);
    const said = `${sayings.misconceptions[2]} ${answer}`;
    const toScore = { questionId: "q", question, type: "REDIS", category: "Redis", level: "MID" } as const;
    const reference = { answer, keyPoints };
    const { feedback } = scoreAnswer({ ...toScore, reference, answer: said }, locale, meanings, sayings);
    expect(feedback).toContain(sayings.misconceptions[2]);
    expect(scoreAnswer({ ...toScore, reference, answer }, locale, meanings, sayings).feedback).not.toContain(
      sayings.misconceptions[2],
    );
  });

  it.each(locales)("costs a good answer something if said once, and hardly any its place, in %s", (locale) => {
    const some = entries.filter((_, at) => at % 10 === 0);
    const space = locale === "ZH" ? "" : " ";
    const out = some.filter(({ id, texts }) => {
      const { answer, misconceptions } = texts[locale];
      const once = gradeOf(id, locale, answer + space + misconceptions[0]);
      expect(once.total, id).toBeLessThan(gradeOf(id, locale, answer).total);
      return once.total < 40 || once.isDoubtful;
    });
    expect(out.length / some.length).toBeLessThanOrEqual(1 / 30);
  });
});

/** Written by somebody who knew only the questions. */
function candidatesSay(file: string, locale: Locale): { kind: string; grade: Grade }[] {
  return readFileSync(
    resolve(import.meta.dirname, `../../fixtures/graded/${file}.${locale.toLowerCase()}.jsonl`),
    "utf8",
  )
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { entry: string; answers: { kind: string; text: string }[] })
    .flatMap(({ entry, answers }) => answers.map(({ kind, text }) => ({ kind, grade: gradeOf(entry, locale, text) })));
}

const atLeast40 = ({ total }: Grade): boolean => total >= 40;
const under30 = ({ total }: Grade): boolean => total < 30;
const believed = ({ isDoubtful }: Grade): boolean => !isDoubtful;

/** How many of 21 are graded as they should be, in each language. */
type Held = [kind: string, holds: (grade: Grade) => boolean, least: Record<Locale, number>];

describe.each<[string, Held[]]>([
  [
    // The weights were fitted with these in view.
    "candidates",
    [
      ["good", atLeast40, { EN: 20, ZH: 20 }],
      ["good", believed, { EN: 21, ZH: 21 }],
      ["excellent-other-words", atLeast40, { EN: 16, ZH: 17 }],
      ["excellent-other-words", believed, { EN: 21, ZH: 21 }],
      ["one-error", atLeast40, { EN: 18, ZH: 18 }],
      ["falsehood-fluent", under30, { EN: 19, ZH: 18 }],
      ["falsehood-sober", under30, { EN: 11, ZH: 9 }],
    ],
  ],
  [
    // Nobody looked at these before the rules and the weights were done.
    "candidatesKept",
    [
      ["good", atLeast40, { EN: 19, ZH: 21 }],
      ["excellent-other-words", atLeast40, { EN: 12, ZH: 17 }],
      ["one-error", atLeast40, { EN: 16, ZH: 17 }],
      ["falsehood-fluent", under30, { EN: 19, ZH: 21 }],
      ["falsehood-sober", under30, { EN: 13, ZH: 11 }],
    ],
  ],
])("what candidates say to questions of the bank: %s", (file, held) => {
  describe.each(locales)("in %s", (locale) => {
    const answers = candidatesSay(file, locale);

    it.each(held)("is graded as it should be: %s", (kind, holds, least) => {
      const some = answers.filter((one) => one.kind === kind);
      expect(some.length).toBe(21);
      expect(some.filter((one) => holds(one.grade)).length).toBeGreaterThanOrEqual(least[locale]);
    });
  });
});
