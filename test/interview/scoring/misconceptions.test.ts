import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type BankText, type FollowUpText, indexQuestions, referenceOf } from "../../../src/adapters/offline/bank.ts";
import { scoreAnswer } from "../../../src/adapters/offline/scorer.ts";
import { type Locale, locales } from "../../../src/interview/model.ts";
import { agreementOf } from "../../../src/interview/scoring/agreement.ts";
import { doubtOf } from "../../../src/interview/scoring/doubt.ts";
import { type Grade, grade } from "../../../src/interview/scoring/grade.ts";
import { leaningOf } from "../../../src/interview/scoring/misconceptions.ts";
import { bank, meanings } from "./builtIn.ts";

const { entries } = bank;
const textsOf = (id: string, locale: Locale) => entries.find((entry) => entry.id === id)!.texts[locale];

const index = indexQuestions(bank);

function gradeOf(id: string, locale: Locale, said: string): Grade {
  return gradeTo(textsOf(id, locale), said);
}

function gradeTo(asked: BankText | FollowUpText, said: string): Grade {
  return grade(asked.question, referenceOf(asked), said, meanings, asked);
}

describe("what people have wrong about a question", () => {
  const { question, answer, keyPoints, ...sayings } = textsOf("redis-streams", "EN");
  const right = [answer, ...keyPoints.map(({ text }) => text)];
  const leaning = (...sentences: string[]) => leaningOf(sentences, sayings, right, question, meanings);

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
    for (const said of [answer, ...sayings.plainAnswers]) {
      const { mistakes, lean, isTrusted } = leaning(said);
      expect(mistakes).toEqual([]);
      expect(lean).toBeLessThan(-1);
      expect(isTrusted).toBe(true);
    }
  });

  it("is unknown for other questions", () =>
    expect(leaningOf([answer], null, right, question, meanings)).toEqual({
      lean: 0,
      doubt: doubtOf([answer], right, meanings),
      isTrusted: false,
      mistakes: [],
    }));

  it.each(locales)("is named in the feedback in %s", (locale) => {
    const { question, answer, ...sayings } = textsOf("redis-streams", locale);
    const said = `${sayings.misconceptions[2]} ${answer}`;
    const toScore = { questionId: "q", question, type: "REDIS", category: "Redis", level: "MID" } as const;
    const reference = referenceOf(textsOf("redis-streams", locale));
    const { feedback } = scoreAnswer({ ...toScore, reference, answer: said }, locale, meanings, sayings);
    expect(feedback).toContain(sayings.misconceptions[2]);
    expect(scoreAnswer({ ...toScore, reference, answer }, locale, meanings, sayings).feedback).not.toContain(
      sayings.misconceptions[2],
    );
  });

  it.each(locales)("is not praised for the points whose words it has in %s", (locale) => {
    const { question, misconceptions, ...text } = textsOf("redis-streams", locale);
    const toScore = { questionId: "q", question, type: "REDIS", category: "Redis", level: "MID" } as const;
    const answer = misconceptions.join(locale === "ZH" ? "" : " ");
    const { feedback } = scoreAnswer(
      { ...toScore, reference: referenceOf(text), answer },
      locale,
      meanings,
      textsOf("redis-streams", locale),
    );
    expect(feedback).toMatch(/Much of this seems to be wrong|不少说法似乎有误/);
    expect(feedback).not.toMatch(/You covered|你答到了/);
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

interface Said {
  kind: string;
  grade: Grade;
  /** What is left of it without the padding. */
  bare: Grade;
}

interface Line {
  entry: string;
  followUp?: string;
  answers: { kind: string; text: string; without?: string }[];
}

/** Written by people who knew only the questions. */
function candidatesSay(file: string, locale: Locale): Said[] {
  const path = resolve(import.meta.dirname, `../../fixtures/graded/${file}.${locale.toLowerCase()}.jsonl`);
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines
    .map((line) => JSON.parse(line) as Line)
    .flatMap(({ entry, followUp, answers }) => {
      const asked = followUp === undefined ? textsOf(entry, locale) : index.followUpOf(followUp)!;
      return answers.map(({ kind, text, without }) => {
        const grade = gradeTo(asked, text);
        return { kind, grade, bare: without === undefined ? grade : gradeTo(asked, without) };
      });
    });
}

const from40 = ({ grade }: Said): boolean => grade.total >= 40;
const over10 = ({ grade }: Said): boolean => grade.total > 10;
const upTo10 = ({ grade }: Said): boolean => grade.total <= 10;
const under30 = ({ grade }: Said): boolean => grade.total < 30;
const gainsNothing = ({ grade, bare }: Said): boolean => grade.total <= bare.total + 5;

/** How many of so many are graded as they should be, in each language. */
type Held = [kind: string, holds: (said: Said) => boolean, of: number, least: Record<Locale, number>];

describe.each<[string, Held[]]>([
  [
    // The rules and the weights were made with these in view.
    "candidates",
    [
      ["good", from40, 84, { EN: 81, ZH: 82 }],
      ["excellent-other-words", from40, 84, { EN: 80, ZH: 81 }],
      ["one-error", from40, 42, { EN: 38, ZH: 38 }],
      ["weak", over10, 42, { EN: 37, ZH: 34 }],
      ["falsehood-fluent", under30, 84, { EN: 82, ZH: 83 }],
      ["falsehood-sober", under30, 84, { EN: 83, ZH: 81 }],
      ["negated", under30, 42, { EN: 28, ZH: 35 }],
    ],
  ],
  [
    "candidatesMore",
    [
      ["good", from40, 36, { EN: 33, ZH: 33 }],
      ["good-brief", from40, 36, { EN: 31, ZH: 32 }],
      ["excellent-plain", from40, 36, { EN: 34, ZH: 32 }],
      ["excellent-other-words", from40, 36, { EN: 30, ZH: 32 }],
      ["one-error", from40, 36, { EN: 29, ZH: 33 }],
      ["weak", over10, 36, { EN: 31, ZH: 30 }],
      ["falsehood-fluent", under30, 36, { EN: 35, ZH: 35 }],
      ["falsehood-sober", under30, 36, { EN: 35, ZH: 35 }],
      ["falsehood-brief", under30, 36, { EN: 35, ZH: 35 }],
    ],
  ],
  [
    // Written when the rules and the weights were done.
    "candidatesLast",
    [
      ["good", from40, 32, { EN: 30, ZH: 29 }],
      ["good-brief", from40, 32, { EN: 26, ZH: 30 }],
      ["excellent-plain", from40, 32, { EN: 29, ZH: 29 }],
      ["excellent-other-words", from40, 32, { EN: 30, ZH: 29 }],
      ["one-error", from40, 32, { EN: 29, ZH: 27 }],
      ["weak", over10, 32, { EN: 27, ZH: 25 }],
      ["falsehood-fluent", under30, 32, { EN: 29, ZH: 31 }],
      ["falsehood-sober", under30, 32, { EN: 30, ZH: 31 }],
      ["falsehood-brief", under30, 32, { EN: 29, ZH: 30 }],
    ],
  ],
  [
    // Written when the rules were done: what is stretched may gain 5 over what it is without.
    "candidatesNext",
    [
      ["good", from40, 20, { EN: 20, ZH: 20 }],
      ["good-brief", from40, 20, { EN: 19, ZH: 19 }],
      ["excellent-plain", from40, 20, { EN: 18, ZH: 19 }],
      ["excellent-other-words", from40, 20, { EN: 15, ZH: 14 }],
      ["one-error", from40, 20, { EN: 17, ZH: 19 }],
      ["weak", over10, 20, { EN: 17, ZH: 18 }],
      ["falsehood-fluent", under30, 20, { EN: 19, ZH: 19 }],
      ["falsehood-sober", under30, 20, { EN: 19, ZH: 19 }],
      ["falsehood-brief", under30, 20, { EN: 19, ZH: 19 }],
      ["offtopic", upTo10, 20, { EN: 19, ZH: 18 }],
      ["padded", gainsNothing, 20, { EN: 18, ZH: 18 }],
    ],
  ],
  [
    // Written by outsiders; the padding was in view when the rule for it was made, the rest was not.
    "candidatesOutside",
    [
      ["excellent-own-words", from40, 40, { EN: 39, ZH: 39 }],
      ["good", from40, 40, { EN: 38, ZH: 37 }],
      ["good-brief", over10, 40, { EN: 37, ZH: 38 }],
      ["falsehood-fluent", under30, 40, { EN: 39, ZH: 38 }],
      ["falsehood-sober", under30, 40, { EN: 39, ZH: 39 }],
      ["falsehood-brief", under30, 40, { EN: 38, ZH: 38 }],
      ["padded-talk", gainsNothing, 40, { EN: 38, ZH: 37 }],
      ["padded-names", gainsNothing, 40, { EN: 38, ZH: 39 }],
      ["padded-story", gainsNothing, 40, { EN: 39, ZH: 39 }],
      ["keywords", upTo10, 40, { EN: 38, ZH: 39 }],
      ["repeat", upTo10, 40, { EN: 39, ZH: 39 }],
      ["demand", upTo10, 40, { EN: 40, ZH: 40 }],
      ["offtopic", upTo10, 40, { EN: 39, ZH: 39 }],
      ["dontknow", upTo10, 40, { EN: 38, ZH: 37 }],
    ],
  ],
  [
    // In view when the rule for padding was made.
    "padded",
    [
      ["padded-restated", gainsNothing, 20, { EN: 15, ZH: 8 }],
      ["padded-praise", gainsNothing, 20, { EN: 19, ZH: 19 }],
      ["padded-names", gainsNothing, 20, { EN: 17, ZH: 19 }],
      ["padded-story", gainsNothing, 20, { EN: 19, ZH: 19 }],
      ["padded-neighbours", gainsNothing, 20, { EN: 10, ZH: 15 }],
      ["padded-phrases", gainsNothing, 20, { EN: 16, ZH: 19 }],
      ["excellent-own-words", from40, 20, { EN: 19, ZH: 19 }],
      ["good-rambling", from40, 20, { EN: 17, ZH: 17 }],
    ],
  ],
  [
    // Written when it was made.
    "paddedKept",
    [
      ["padded-restated", gainsNothing, 20, { EN: 9, ZH: 13 }],
      ["padded-praise", gainsNothing, 20, { EN: 17, ZH: 19 }],
      ["padded-names", gainsNothing, 20, { EN: 19, ZH: 18 }],
      ["padded-story", gainsNothing, 20, { EN: 19, ZH: 19 }],
      ["padded-neighbours", gainsNothing, 20, { EN: 11, ZH: 12 }],
      ["padded-phrases", gainsNothing, 20, { EN: 16, ZH: 18 }],
      ["excellent-own-words", from40, 20, { EN: 17, ZH: 19 }],
      ["good-rambling", from40, 20, { EN: 19, ZH: 18 }],
    ],
  ],
  [
    "candidatesFresh",
    [
      ["good", from40, 28, { EN: 27, ZH: 27 }],
      ["excellent-other-words", from40, 28, { EN: 26, ZH: 24 }],
      ["one-error", from40, 28, { EN: 25, ZH: 23 }],
      ["falsehood-fluent", under30, 28, { EN: 27, ZH: 27 }],
      ["falsehood-sober", under30, 28, { EN: 27, ZH: 27 }],
    ],
  ],
  [
    "candidatesKept",
    [
      ["good", from40, 42, { EN: 38, ZH: 40 }],
      ["excellent-other-words", from40, 42, { EN: 41, ZH: 41 }],
      ["one-error", from40, 42, { EN: 38, ZH: 37 }],
      ["weak", over10, 42, { EN: 33, ZH: 32 }],
      ["falsehood-fluent", under30, 42, { EN: 41, ZH: 41 }],
      ["falsehood-sober", under30, 42, { EN: 40, ZH: 39 }],
    ],
  ],
  [
    "followUps",
    [
      ["good", from40, 42, { EN: 40, ZH: 40 }],
      ["good-own-words", from40, 42, { EN: 34, ZH: 37 }],
      ["falsehood-sober", under30, 42, { EN: 41, ZH: 40 }],
    ],
  ],
  [
    // Half of each is right or harmless, but not what was asked for: the hardest, written with the reference in view.
    "mixed",
    [["falsehood-mixed", under30, 103, { EN: 75, ZH: 53 }]],
  ],
])("what candidates say to questions of the bank: %s", (file, held) => {
  describe.each(locales)("in %s", (locale) => {
    const answers = candidatesSay(file, locale);

    it.each(held)("is graded as it should be: %s", (kind, holds, of, least) => {
      const some = answers.filter((one) => one.kind === kind);
      expect(some.length).toBe(of);
      expect(some.filter(holds).length).toBeGreaterThanOrEqual(least[locale]);
    });
  });
});

/** What people would give, about, for each kind. */
const worth: Record<string, number> = {
  "excellent-other-words": 90,
  "excellent-plain": 90,
  good: 85,
  "good-brief": 75,
  "one-error": 65,
  weak: 35,
  "falsehood-fluent": 10,
  "falsehood-sober": 10,
  "falsehood-brief": 10,
};

describe.each(locales)("what candidates say, in %s", (locale) => {
  it("is ranked as people would rank it, though none of it is off the point", () => {
    const answers = candidatesSay("candidatesLast", locale);
    const scores = answers.map(({ grade }) => grade.total);
    const { spearman } = agreementOf(
      scores,
      answers.map(({ kind }) => worth[kind]!),
    );
    expect(spearman).toBeGreaterThanOrEqual(0.72);
  });
});

/** Said with the misconceptions in view, so with their words: only what else is known to be right tells them apart. */
describe.each(locales)("an expert whose answer is not known, in %s", (locale) => {
  it("is hardly ever doubted", () => {
    const grades = entries
      .filter((_, at) => at % 12 === 0)
      .flatMap(({ texts }) => {
        const asked = texts[locale];
        return asked.expertAnswers.map((said) =>
          gradeTo({ ...asked, expertAnswers: asked.expertAnswers.filter((other) => other !== said) }, said),
        );
      });
    expect(grades.filter(({ total }) => total >= 40).length / grades.length).toBeGreaterThanOrEqual(0.85);
  });
});
