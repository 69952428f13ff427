/**
 * `npm run gaming` tries on every question of the bank, in both languages, what may fool the built-in scorer, and prints how
 * many of each kind are over the bound and the worst of them. `npm run gaming -- 10` takes every tenth question.
 */
import {
  askedIn,
  type BankEntry,
  type BankText,
  type FollowUpText,
  referenceOf,
} from "../../../src/adapters/offline/bank.ts";
import { type Locale, locales } from "../../../src/interview/model.ts";
import { grade } from "../../../src/interview/scoring/grade.ts";
import * as attempts from "./attempts.ts";
import { bank, meanings } from "./builtIn.ts";

interface Try {
  entry: BankEntry;
  text: string;
  value: number;
}

const every = Number(process.argv[2] ?? 1);
const only = process.argv[3];
const some = bank.entries.filter((_, at) => at % every === 0);

function scoreOf(entry: BankEntry, locale: Locale, answer: string): number {
  return gradeOf(entry.texts[locale], answer);
}

function gradeOf(asked: BankText | FollowUpText, answer: string): number {
  return grade(asked.question, referenceOf(asked), answer, meanings, asked).total;
}

function report(
  kind: string,
  locale: Locale,
  tries: Try[],
  isOver: (value: number) => boolean,
  lowIsBad = false,
): void {
  const over = tries.filter(({ value }) => isOver(value));
  const sorted = [...tries].sort((a, b) => (lowIsBad ? a.value - b.value : b.value - a.value));
  const worst = sorted[0];
  const share = ((100 * over.length) / Math.max(1, tries.length)).toFixed(1);
  console.log(`| ${kind} | ${locale} | ${tries.length} | ${share} % | ${worst?.value} |`);
  const shown = only ? sorted.filter(({ value }) => isOver(value)).slice(0, Number(process.argv[4] ?? 15)) : [];
  for (const { entry, text, value } of shown)
    console.log(`    ${value} ${entry.id}: ${JSON.stringify(text.slice(0, 400))}`);
}

function scored(locale: Locale, textsOf: (entry: BankEntry, at: number) => string[]): Try[] {
  return some.flatMap((entry) =>
    textsOf(entry, bank.entries.indexOf(entry)).map((text) => ({ entry, text, value: scoreOf(entry, locale, text) })),
  );
}

function gains(locale: Locale, weak: number, paddingsOf: (said: string, entry: BankEntry) => string[]): Try[] {
  return some.flatMap((entry) => {
    const said = attempts.weak[locale][weak]!(entry.texts[locale]);
    const plain = scoreOf(entry, locale, said);
    return paddingsOf(said, entry).map((text) => ({ entry, text, value: scoreOf(entry, locale, text) - plain }));
  });
}

type Kind = (locale: Locale, kind: string) => void;

function atMost10(textsIn: (locale: Locale) => (entry: BankEntry, at: number) => string[]): Kind {
  return (locale, kind) => report(kind, locale, scored(locale, textsIn(locale)), (value) => value > 10);
}

const kinds: Record<string, Kind> = {
  "not knowing": atMost10((locale) => () => attempts.notKnowing[locale]),
  demands: atMost10(
    (locale) =>
      ({ texts }) =>
        attempts.demands[locale].map((say) => say(texts[locale])),
  ),
  "other topics": atMost10((locale) => () => attempts.otherTopics[locale]),
  phrases: atMost10((locale) => () => attempts.phrases[locale]),
  "the question repeated": atMost10(
    (locale) =>
      ({ texts }) =>
        attempts.repeating[locale].map((say) => say(texts[locale])),
  ),
  "word lists": atMost10(
    (locale) =>
      ({ texts }) =>
        attempts.wordLists[locale].map((say) => say(texts[locale])),
  ),
  "a good answer shuffled": atMost10(
    (locale) =>
      ({ texts }) =>
        attempts.jumbles[locale].map((say) => say(texts[locale])),
  ),
  "a good answer in pieces": atMost10(
    (locale) =>
      ({ texts }) =>
        attempts.scraps[locale].map((say) => say(texts[locale])),
  ),
  "answers to questions of other types": atMost10(
    (locale) => (_, at) => attempts.otherAnswers(bank.entries, at, locale).slice(0, 8),
  ),
  "answers to questions of the same type": atMost10(
    (locale) => (_, at) => attempts.otherAnswers(bank.entries, at, locale).slice(8),
  ),
  padding: (locale, kind) => {
    for (const weak of attempts.weak[locale].keys()) {
      const tries = gains(locale, weak, (said, entry) =>
        attempts.paddings[locale].map((padding) => `${said} ${padding(entry.texts[locale], said)}`),
      );
      report(`${kind} ${weak}`, locale, tries, (gain) => gain > 5);
    }
  },
  "all paddings at once": (locale, kind) => {
    for (const weak of attempts.weak[locale].keys()) {
      const tries = gains(locale, weak, (said, { texts }) => [
        [said, ...attempts.paddings[locale].map((padding) => padding(texts[locale], said))].join(" "),
      ]);
      report(`${kind} ${weak}`, locale, tries, (gain) => gain > 5);
    }
  },
  "reference denied": (locale, kind) =>
    report(
      kind,
      locale,
      scored(locale, ({ texts }) => [attempts.denying[locale](texts[locale])].filter((text) => text !== null)),
      (value) => value >= 30,
    ),
  "reference answers": (locale, kind) =>
    report(
      kind,
      locale,
      scored(locale, ({ texts }) => [texts[locale].answer]),
      (value) => value < 70,
      true,
    ),
  "what the bank says": (locale, kind) => {
    const space = locale === "ZH" ? "" : " ";
    const tries = (textsOf: (text: BankText | FollowUpText) => string[]): Try[] =>
      some.flatMap((entry) => {
        const text = entry.texts[locale];
        return askedIn(text).flatMap((asked) =>
          textsOf(asked).map((said) => ({ entry, text: said, value: gradeOf(asked, said) })),
        );
      });
    report(
      `${kind}: answers`,
      locale,
      tries(({ answer }) => [answer]),
      (value) => value < 40,
      true,
    );
    report(
      `${kind}: plain answers`,
      locale,
      tries(({ plainAnswers }) => plainAnswers),
      (value) => value < 40,
      true,
    );
    report(
      `${kind}: misconceptions`,
      locale,
      tries(({ misconceptions }) => [misconceptions.slice(0, 8).join(space)]),
      (value) => value >= 30,
    );
  },
  terse: (locale, kind) => {
    for (const [at, say] of attempts.terse[locale].entries()) {
      const tries = scored(locale, ({ texts }) => [say(texts[locale])]);
      report(`${kind} ${at}`, locale, tries, (value) => value < 40, true);
      const low = tries.filter(({ value }) => value <= 10).length;
      console.log(`    10 or less: ${low} of ${tries.length}`);
    }
  },
  written: (locale, kind) => {
    for (const name of ["otherWords", "heldOut"]) {
      const lines = attempts.written(bank.entries, name, locale);
      const tries = (answers: { entry: BankEntry; text: string }[]): Try[] =>
        answers.map((one) => ({ ...one, value: scoreOf(one.entry, locale, one.text) }));
      report(`${kind}, ${name}: right`, locale, tries(lines.right), (value) => value < 40, true);
      report(`${kind}, ${name}: false`, locale, tries(lines.wrong), (value) => value >= 30);
      const crossed = lines.right.flatMap(({ entry }) =>
        lines.right.filter((other) => other.entry !== entry).map(({ text }) => ({ entry, text })),
      );
      report(`${kind}, ${name}: to another question`, locale, tries(crossed), (value) => value > 10);
    }
  },
};

for (const locale of locales) {
  for (const [kind, run] of Object.entries(kinds)) {
    if (!only || kind.startsWith(only)) run(locale, kind);
  }
}
