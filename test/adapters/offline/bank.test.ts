import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  askedIn,
  type BankEntry,
  type BankText,
  chooseEntry,
  type FollowUpText,
  fillBlanks,
  indexQuestions,
  loadBank,
  referenceOf,
  saidTo,
  type Wish,
} from "../../../src/adapters/offline/bank.ts";
import { isCovered } from "../../../src/adapters/offline/coverage.ts";
import { levels, locales, questionTypes } from "../../../src/interview/model.ts";
import { grade } from "../../../src/interview/scoring/grade.ts";
import { areNearDuplicates } from "../../../src/interview/similarity.ts";
import { bank, meanings } from "../../interview/scoring/builtIn.ts";
import { smallBank } from "./banks.ts";

function repeatedIn(texts: string[]): string[] {
  const known = new Set<string>();
  return texts.filter((text) => known.size === known.add(text).size);
}

describe("the built-in bank", () => {
  const { entries } = bank;

  it("is large enough, over all types and levels", () => {
    expect(entries.length).toBeGreaterThanOrEqual(310);
    for (const type of questionTypes) {
      const ofType = entries.filter((entry) => entry.type === type);
      expect(ofType.length, type).toBeGreaterThanOrEqual(14);
      for (const level of levels)
        expect(ofType.filter((entry) => entry.level === level).length, type).toBeGreaterThanOrEqual(4);
    }
  });

  it("names its entries by their type, each once", () => {
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const misnamed = entries.filter(({ id, type }) => !id.startsWith(type.toLowerCase().replaceAll("_", "-")));
    expect(misnamed.map(({ id }) => id)).toEqual([]);
  });

  it.each(locales)("asks no question twice in %s", (locale) => {
    const repeated = entries.flatMap((entry, index) =>
      entries
        .slice(index + 1)
        .filter((other) => areNearDuplicates(entry.texts[locale].print, other.texts[locale].print))
        .map((other) => `${entry.id} = ${other.id}`),
    );
    expect(repeated).toEqual([]);
  });

  it.each(locales)("asks no follow-up twice in %s, and none that waits for a name", (locale) => {
    const followUps = entries.flatMap(({ texts }) => askedIn(texts[locale]).slice(1)).map(({ question }) => question);
    expect(repeatedIn(followUps)).toEqual([]);
    expect(followUps.filter((text) => /\{(?:project|technology)\}/.test(text))).toEqual([]);
  });

  it.each(locales)("makes every key point in its own reference answer in %s", (locale) => {
    const lacking = entries.flatMap(({ id, texts }) =>
      texts[locale].keyPoints
        .filter((point) => !isCovered(point, texts[locale].answer))
        .map((point) => `${id}: ${point.text}`),
    );
    expect(lacking).toEqual([]);
  });

  it("is written in the language that it says", () => {
    const share = (text: string) => (text.match(/\p{Script=Han}/gu)?.length ?? 0) / text.length;
    expect(entries.filter(({ texts }) => share(JSON.stringify(texts.EN)) > 0).map(({ id }) => id)).toEqual([]);
    // A short statement, or one with code in it, may hardly be more than names.
    const isChinese = (text: BankText | FollowUpText) =>
      [text.question, text.answer, ...saidTo(text)].every((one) => share(one) >= 0.1);
    const others = entries.flatMap(({ texts }) => askedIn(texts.ZH)).filter((text) => !isChinese(text));
    expect(others.map(({ question }) => question)).toEqual([]);
  });

  it.each(locales)(
    "names what people have wrong about each question, how it really is and two answers of experts, each once, in %s",
    (locale) => {
      const bare = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
      const texts = entries.map((entry) => entry.texts[locale]);
      for (const { question, misconceptions, facts, expertAnswers } of texts) {
        expect(misconceptions.length, question).toBeGreaterThanOrEqual(15);
        expect(facts.length, question).toBe(misconceptions.length);
        expect(expertAnswers.length, question).toBeGreaterThanOrEqual(2);
      }
      for (const text of texts.flatMap(askedIn)) {
        const { question, answer, keyPoints, misconceptions, plainAnswers, expertAnswers, facts } = text;
        const points = keyPoints.map(({ text }) => text);
        const right = [answer, ...plainAnswers, ...expertAnswers, ...facts, ...points].map(bare);
        const isRight = (one: string) => right.some((text) => text.includes(bare(one)));
        expect(misconceptions.filter(isRight), question).toEqual([]);
        expect(misconceptions.join().match(/\{(?:project|technology)\}/), question).toBeNull();
      }
      const all = texts.flatMap(askedIn).flatMap((text) => saidTo(text).map(bare));
      expect(repeatedIn(all)).toEqual([]);
    },
  );

  /** All of them: `npm run gaming -- 1 "what the bank says"`. */
  const some = entries.filter((_, at) => at % 4 === 0);

  it.each(locales)("has what people say to a question graded as that in %s", (locale) => {
    const gradeOf = (text: BankText | FollowUpText, said: string) =>
      grade(text.question, referenceOf(text), said, meanings, text);
    const graded = (text: BankText | FollowUpText, said: string) => gradeOf(text, said).total;
    const space = locale === "ZH" ? "" : " ";
    const plain = some.flatMap(({ texts }) => texts[locale].plainAnswers.map((said) => graded(texts[locale], said)));
    // Some are as short as notes, and these may look like lists.
    expect(plain.filter((total) => total < 40).length / plain.length).toBeLessThanOrEqual(0.02);
    for (const { id, texts } of some) {
      const { misconceptions, plainAnswers, expertAnswers, keyPoints } = texts[locale];
      expect(graded(texts[locale], misconceptions.slice(0, 8).join(space)), id).toBeLessThan(30);
      for (const said of plainAnswers.slice(0, 3)) expect(graded(texts[locale], said), id).toBeGreaterThanOrEqual(40);
      for (const said of expertAnswers) expect(gradeOf(texts[locale], said).isDoubtful, said).toBe(false);
      for (const { followUp } of keyPoints) {
        expect(graded(followUp, followUp.answer), followUp.question).toBeGreaterThanOrEqual(40);
        expect(graded(followUp, followUp.plainAnswers[0]!), followUp.question).toBeGreaterThanOrEqual(40);
        expect(graded(followUp, followUp.misconceptions.join(space)), followUp.question).toBeLessThan(30);
      }
    }
  });

  it("leaves blanks to project questions alone", () => {
    const hasBlank = (entry: BankEntry) =>
      /\{|\}/.test(JSON.stringify(Object.values(entry.texts).map((t) => t.question)));
    expect(entries.filter((entry) => entry.type !== "PROJECT" && hasBlank(entry)).map(({ id }) => id)).toEqual([]);
    for (const { texts } of entries.filter(({ type }) => type === "PROJECT")) {
      for (const locale of locales) {
        expect(texts[locale].question.replaceAll(/\{(?:project|technology)\}/g, "")).not.toMatch(/[{}]/);
      }
    }
  });

  it.each(locales)("names the project and mostly its technology in %s, and reads whole without them", (locale) => {
    const questions = entries.filter(({ type }) => type === "PROJECT").map(({ texts }) => texts[locale].question);
    const filled = questions.map((text) => fillBlanks(text, { project: "Quillwork", technology: "Zookeeper" }, locale));
    expect(filled.filter((text) => !text.includes("Quillwork"))).toEqual([]);
    expect(filled.filter((text) => text.includes("Zookeeper")).length).toBeGreaterThanOrEqual(filled.length * 0.85);
    const nameless = { project: null, technology: null };
    for (const text of [...filled, ...questions.map((text) => fillBlanks(text, nameless, locale))]) {
      expect(text).not.toMatch(/[[\]{}]| {2}| [,.?:]|,,|（）/);
      expect(text).toMatch(/[.?？]$/);
    }
  });
});

describe("loadBank", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bank-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ["mysql.json", "[{]", /mysql\.json is not JSON/],
    ["mysql.json", '[{"id":"mysql-a"}]', /mysql\.json: [\s\S]*level/],
    ["cobol.json", "[]", /cobol\.json is not named by a question type/],
  ])("names the file at fault: %s with %s", (file, text, message) => {
    writeFileSync(join(folder, file), text);
    expect(() => loadBank(folder)).toThrow(message);
  });
});

describe("chooseEntry", () => {
  const bank = smallBank(["MYSQL", "DATABASE", "JAVA_BASIC", "GENERAL"], 2);
  const wish: Wish = {
    type: "MYSQL",
    level: "MID",
    locale: "EN",
    skills: new Map(),
    pull: new Map(),
    exclude: [],
    blanks: { project: null, technology: null },
    seed: "s",
  };

  it("uses up the level, then the type, then its neighbours, then all the rest, and repeats nothing", () => {
    const exclude: string[] = [];
    const order = bank.entries.map(() => {
      const entry = chooseEntry(bank, { ...wish, exclude });
      exclude.push(entry.texts.EN.question.toUpperCase());
      return entry;
    });
    expect(new Set(order).size).toBe(bank.entries.length);
    expect(order.slice(0, 2).map(({ level }) => level)).toEqual(["MID", "MID"]);
    expect(order.map(({ type }) => type)).toEqual(
      ["MYSQL", "DATABASE", "GENERAL", "JAVA_BASIC"].flatMap((type) => Array.from({ length: 6 }, () => type)),
    );
  });

  it("gives the same for the same seed and something else for another", () => {
    const ids = (seed: string) => chooseEntry(bank, { ...wish, seed }).id;
    expect(ids("a")).toBe(ids("a"));
    expect(new Set(["a", "b", "c", "d", "e", "f"].map(ids)).size).toBeGreaterThan(1);
  });

  it("prefers what the résumé shows", () => {
    const [plain, shown] = bank.entries.filter(({ type, level }) => type === "MYSQL" && level === "MID");
    const tagged = { entries: [plain, { ...shown, tags: ["mysql", "innodb"] }] as BankEntry[] };
    for (const seed of ["a", "b", "c", "d"]) {
      expect(chooseEntry(tagged, { ...wish, seed, skills: new Map([["innodb", 2]]) }).id).toBe(shown?.id);
    }
  });
});

describe("indexQuestions", () => {
  const { entries } = bank;
  const index = indexQuestions({ entries });

  it.each(locales)("finds what people say to each question and to what follows it up in %s", (locale) => {
    for (const entry of entries) {
      const { question, keyPoints } = entry.texts[locale];
      for (const technology of ["Kafka", null]) {
        const asked = fillBlanks(question, { project: "Berth Planner", technology }, locale);
        expect(index.entryOf(asked, locale)?.id, asked).toBe(entry.id);
        expect(index.sayingsOn(asked, locale)?.plainAnswers, asked).toBe(entry.texts[locale].plainAnswers);
      }
      for (const { followUp } of keyPoints) {
        expect(index.followUpOf(followUp.question)).toBe(followUp);
        expect(index.sayingsOn(followUp.question, locale)).toBe(followUp);
        expect(index.entryOf(followUp.question, locale), followUp.question).toBeNull();
      }
    }
  });

  it("knows nothing of other questions", () => {
    expect(index.sayingsOn("Why do cats purr when they are content?", "EN")).toBeNull();
    expect(index.sayingsOn("猫为什么会打呼噜？", "ZH")).toBeNull();
  });
});

describe("fillBlanks", () => {
  it.each([
    ["Leave management system", "EN", "The Leave management system grew. How big is the Leave management system?"],
    ["Out of Order Platform", "EN", "The Out of Order Platform grew. How big is the Out of Order Platform?"],
    ["OrderHub", "EN", "OrderHub grew. How big is OrderHub?"],
    ["The Guardian App", "EN", "The Guardian App grew. How big is The Guardian App?"],
    ["Alibaba's platform", "EN", "Alibaba's platform grew. How big is Alibaba's platform?"],
    ["Checkout Platform", "ZH", "Checkout Platform grew. How big is Checkout Platform?"],
  ] as const)("names %s in %s as one would say it", (project, locale, told) => {
    const blanks = { project, technology: null };
    expect(fillBlanks("{project} grew. How big is {project}?", blanks, locale)).toBe(told);
  });

  it("fills in names, and does without those that are missing", () => {
    const text = "{project} used {technology}. Why {technology}?";
    const blanks = { project: "Berth Planner", technology: "FastAPI" };
    expect(fillBlanks(text, blanks, "EN")).toBe("Berth Planner used FastAPI. Why FastAPI?");
    expect(fillBlanks("{project} grew.", { project: null, technology: null }, "EN")).toBe(
      "Your most recent project grew.",
    );
    expect(fillBlanks("在{project}中", { project: null, technology: null }, "ZH")).toBe("在你最近的项目中");
    expect(fillBlanks("{project}", { project: "$& $1", technology: null }, "EN")).toBe("$& $1");
  });

  it("leaves out what is said of a missing technology, but no code", () => {
    const text = "What did {project} cost[, {technology} included]? See a[0] and [x].";
    expect(fillBlanks(text, { project: "Atlas", technology: "Kafka" }, "EN")).toBe(
      "What did Atlas cost, Kafka included? See a[0] and [x].",
    );
    expect(fillBlanks(text, { project: "Atlas", technology: null }, "EN")).toBe(
      "What did Atlas cost? See a[0] and [x].",
    );
  });
});
