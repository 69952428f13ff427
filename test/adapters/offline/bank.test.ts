import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type BankEntry,
  chooseEntry,
  fillBlanks,
  indexQuestions,
  loadBank,
  type Wish,
} from "../../../src/adapters/offline/bank.ts";
import { isCovered } from "../../../src/adapters/offline/coverage.ts";
import { loadMeanings } from "../../../src/adapters/offline/meanings.ts";
import { levels, locales, questionTypes } from "../../../src/interview/model.ts";
import { grade } from "../../../src/interview/scoring/grade.ts";
import { areNearDuplicates } from "../../../src/interview/similarity.ts";
import { smallBank } from "./banks.ts";

describe("the built-in bank", () => {
  const { entries } = loadBank();

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
    const written = ({ question, answer, plainAnswer, misconceptions }: BankEntry["texts"]["EN"]) =>
      [question, answer, plainAnswer, ...misconceptions].join(" ");
    expect(entries.filter(({ texts }) => share(written(texts.EN)) > 0).map(({ id }) => id)).toEqual([]);
    const isChinese = ({ answer, plainAnswer, misconceptions }: BankEntry["texts"]["ZH"]) =>
      // A short statement may be half a name.
      share(answer) >= 0.3 && share(plainAnswer) >= 0.3 && misconceptions.every((text) => share(text) >= 0.1);
    expect(entries.filter(({ texts }) => !isChinese(texts.ZH)).map(({ id }) => id)).toEqual([]);
  });

  it.each(locales)(
    "names seven misconceptions and more for each question, each once, and nothing right in %s",
    (locale) => {
      const bare = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
      for (const { id, texts } of entries) {
        const { answer, keyPoints, misconceptions, plainAnswer } = texts[locale];
        const said = misconceptions.map(bare);
        expect(new Set(said).size, id).toBe(said.length);
        expect(said.length, id).toBeGreaterThanOrEqual(7);
        const right = [answer, plainAnswer, ...keyPoints.map(({ text }) => text)].map(bare);
        expect(
          said.filter((one) => right.some((text) => text.includes(one) || one === text)),
          id,
        ).toEqual([]);
        expect(
          misconceptions.filter((one) => /[{}]/.test(one)),
          id,
        ).toEqual([]);
      }
      const all = entries.flatMap(({ texts }) =>
        [texts[locale].plainAnswer, ...texts[locale].misconceptions].map(bare),
      );
      expect(all.filter((text, at) => all.indexOf(text) !== at)).toEqual([]);
    },
  );

  it.each(locales)("has what people say to a question graded as that in %s", (locale) => {
    const meanings = loadMeanings({ entries });
    const graded = (entry: BankEntry, said: string) => {
      const { question, answer, keyPoints } = entry.texts[locale];
      return grade(question, { answer, keyPoints }, said, meanings, entry.texts[locale]).total;
    };
    const space = locale === "ZH" ? "" : " ";
    for (const entry of entries) {
      const { misconceptions, plainAnswer } = entry.texts[locale];
      expect(graded(entry, misconceptions.join(space)), entry.id).toBeLessThan(30);
      expect(graded(entry, plainAnswer), entry.id).toBeGreaterThanOrEqual(40);
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
  const { entries } = loadBank();
  const index = indexQuestions({ entries });

  it.each(locales)("finds what people say to each question and to what follows it up in %s", (locale) => {
    for (const entry of entries) {
      const { question, keyPoints } = entry.texts[locale];
      for (const technology of ["Kafka", null]) {
        const asked = fillBlanks(question, { project: "Berth Planner", technology }, locale);
        expect(index.entryOf(asked, locale)?.id, asked).toBe(entry.id);
        expect(index.sayingsOn(asked, locale)?.plainAnswer, asked).toBe(entry.texts[locale].plainAnswer);
      }
      // A few follow-ups suit two questions.
      for (const { followUp } of keyPoints) {
        const follows = ({ texts }: BankEntry) => texts[locale].keyPoints.some((point) => point.followUp === followUp);
        const sayings = entries.filter(follows).map(({ texts }) => texts[locale].plainAnswer);
        expect(sayings).toContain(index.sayingsOn(followUp, locale)?.plainAnswer);
        expect(index.entryOf(followUp, locale), followUp).toBeNull();
      }
    }
  });

  it("knows nothing of other questions", () => {
    expect(index.sayingsOn("Why do cats purr when they are content?", "EN")).toBeNull();
    expect(index.sayingsOn("猫为什么会打呼噜？", "ZH")).toBeNull();
  });
});

describe("fillBlanks", () => {
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
