import { describe, expect, it } from "vitest";
import { type BankEntry, referenceOf } from "../../../src/adapters/offline/bank.ts";
import { locales } from "../../../src/interview/model.ts";
import { grade } from "../../../src/interview/scoring/grade.ts";
import * as attempts from "./attempts.ts";
import { bank, meanings } from "./builtIn.ts";

/** Some of what `npm run gaming` tries: every thirtieth question, so that it takes seconds. */
const some = bank.entries.filter((_, at) => at % 30 === 0);

describe.each(locales)("what may fool the scorer, in %s", (locale) => {
  const scoreOf = ({ texts }: BankEntry, answer: string): number => {
    const { question } = texts[locale];
    return grade(question, referenceOf(texts[locale]), answer, meanings, texts[locale]).total;
  };
  const scores = (answersTo: (entry: BankEntry) => string[]): number[] =>
    some.flatMap((entry) => answersTo(entry).map((answer) => scoreOf(entry, answer)));
  const share = (values: number[], isOver: (value: number) => boolean): number =>
    values.filter(isOver).length / values.length;

  it.each<[string, number, (entry: BankEntry) => string[]]>([
    ["not knowing", 0, () => attempts.notKnowing[locale]],
    ["demands", 0, ({ texts }) => attempts.demands[locale].map((say) => say(texts[locale]))],
    ["the question repeated", 0, ({ texts }) => attempts.repeating[locale].map((say) => say(texts[locale]))],
    ["other topics", 0.01, () => attempts.otherTopics[locale]],
    ["phrases", 0.02, () => attempts.phrases[locale]],
    ["lists of words", 0.04, ({ texts }) => attempts.wordLists[locale].map((say) => say(texts[locale]))],
    ["words thrown together", 0.06, ({ texts }) => attempts.jumbles[locale].map((say) => say(texts[locale]))],
    ["pieces in another order", 0.45, ({ texts }) => attempts.scraps[locale].map((say) => say(texts[locale]))],
    [
      "answers to other questions",
      0.02,
      (entry) => attempts.otherAnswers(bank.entries, bank.entries.indexOf(entry), locale),
    ],
  ])("gives 10 or less for %s, but for a share of %f", (_, most, answersTo) => {
    expect(share(scores(answersTo), (score) => score > 10)).toBeLessThanOrEqual(most);
  });

  it("gives padding 5 at most, but for one in thirty", () => {
    const gains = some.flatMap((entry) =>
      attempts.weak[locale].flatMap((say) => {
        const said = say(entry.texts[locale]);
        const plain = scoreOf(entry, said);
        const paddings = attempts.paddings[locale].filter((_, at) => at % 4 === 0);
        return paddings.map((padding) => scoreOf(entry, `${said} ${padding(entry.texts[locale], said)}`) - plain);
      }),
    );
    expect(share(gains, (gain) => gain > 5)).toBeLessThan(1 / 30);
  });

  it("gives a heap of paddings nothing either, but for one in ten", () => {
    const gains = some.map((entry) => {
      const said = attempts.weak[locale][0]!(entry.texts[locale]);
      const heap = attempts.paddings[locale].map((padding) => padding(entry.texts[locale], said));
      return scoreOf(entry, [said, ...heap].join(" ")) - scoreOf(entry, said);
    });
    expect(share(gains, (gain) => gain > 5)).toBeLessThanOrEqual(0.1);
  });

  it("keeps under 30 what is turned round", () => {
    const denied = scores(({ texts }) => [attempts.denying[locale](texts[locale])].filter((text) => text !== null));
    expect(denied.length).toBeGreaterThan(0);
    expect(share(denied, (score) => score >= 30)).toBeLessThanOrEqual(0.1);
  });

  it("takes short answers and such without commas or articles for answers", () => {
    const [firstSentences, bare, lines, notes, unpunctuated] = attempts.terse[locale].map((say) =>
      scores(({ texts }) => [say(texts[locale])]),
    );
    for (const kept of [firstSentences!, bare!, lines!, unpunctuated!]) {
      expect(Math.min(...kept)).toBeGreaterThanOrEqual(40);
    }
    // Those without any verb are lists.
    expect(share(notes!, (score) => score > 10)).toBeGreaterThan(0.5);
  });
});
