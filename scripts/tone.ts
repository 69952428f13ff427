/**
 * `node scripts/tone.ts FILE.jsonl` learns how falsehoods are worded, from what is wrong and what is right:
 * - the texts of the bank, with two answers to each question that are wrong throughout (falsehoods/);
 * - answers of candidates to other questions (src/adapters/offline/answers), and some of test/fixtures;
 * - right answers among those that people have graded, in FILE (the format of `npm run agreement`) and our own, which show
 *   how plainly people say what is so.
 * Only phrases of many questions are weighed, so that the wording is learnt and not the subjects.
 */
import { resolve } from "node:path";
import { askedIn, type BankText, loadBank } from "../src/adapters/offline/bank.ts";
import { loadOtherQuestions, type OtherQuestion, rightAnswersIn } from "../src/adapters/offline/otherQuestions.ts";
import { type Locale, locales } from "../src/interview/model.ts";
import { rightSayings } from "../src/interview/scoring/misconceptions.ts";
import { hasHan, lengthInWords } from "../src/interview/scoring/words.ts";
import { commonPhrases, learn, linesOf, type Sample, samplesFrom, textsByEntry } from "./learning.ts";

const [graded, folder = resolve(import.meta.dirname, "../src/adapters/offline/tone")] = process.argv.slice(2);
if (graded === undefined) throw new Error("Say which file has graded answers: node scripts/tone.ts FILE.jsonl");

const fewestQuestions = 12;
const ridge = 0.5;
/** How much a sentence of a candidate counts, beside one of the bank. */
const byCandidates = 3;
/** Right answers of people: from this score, of so many words, and how much each of their sentences counts. */
const byPeople = { score: 80, words: 6, weight: 5 };

const bank = loadBank();
for (const locale of locales) {
  const falsehoods = textsByEntry("falsehoods", locale);
  const questions = [
    ...bank.entries.map(({ id, texts }) => samplesOf(texts[locale], falsehoods.get(id) ?? [])),
    ...candidatesIn(locale).map(samplesOfCandidates),
  ];
  const samples = [...questions.flat(), ...samplesOfPeople(locale)];
  learn(samples, commonPhrases(questions, fewestQuestions), ridge, folder, locale);
}

function samplesOf(text: BankText, falsehoods: string[]): Sample[] {
  const asked = askedIn(text);
  const right = asked.flatMap(({ answer, ...sayings }) => [answer, ...rightSayings(sayings)]);
  const wrong = [...asked.flatMap((one) => one.misconceptions), ...falsehoods];
  return [...samplesFrom(wrong, true, 1), ...samplesFrom(right, false, 1)];
}

type Candidates = Pick<OtherQuestion, "answers">;

/** What candidates say to a question each. */
function candidatesIn(locale: Locale): Candidates[] {
  const toBank = ["candidates", "candidatesMore", "candidatesFresh"].map((name) => `graded/${name}.${inFile(locale)}`);
  const outside = fixture<OtherQuestion>("outsider/gates").filter(({ question }) => localeOf(question) === locale);
  return [...loadOtherQuestions(locale), ...toBank.flatMap(fixture<Candidates>), ...outside];
}

function samplesOfCandidates({ answers }: Candidates): Sample[] {
  const wrong = answers.filter(({ kind }) => kind.startsWith("falsehood")).map(({ text }) => text);
  return [...samplesFrom(wrong, true, byCandidates), ...samplesFrom(rightAnswersIn(answers), false, byCandidates)];
}

interface Graded {
  answer: string;
  score: number;
}

function samplesOfPeople(locale: Locale): Sample[] {
  const right = [...linesOf<Graded>(graded!), ...fixture<Graded>(`graded/interview.${inFile(locale)}`)].filter(
    ({ answer, score }) =>
      score >= byPeople.score && localeOf(answer) === locale && lengthInWords(answer) >= byPeople.words,
  );
  return samplesFrom(
    right.map(({ answer }) => answer),
    false,
    byPeople.weight,
  );
}

function fixture<Line>(name: string): Line[] {
  return linesOf(resolve(import.meta.dirname, `../test/fixtures/${name}.jsonl`));
}

function inFile(locale: Locale): string {
  return locale.toLowerCase();
}

function localeOf(text: string): Locale {
  return hasHan(text) ? "ZH" : "EN";
}
