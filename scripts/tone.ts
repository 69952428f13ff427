/**
 * `node scripts/tone.ts FILE.jsonl` learns how falsehoods are worded, from the texts of the bank: misconceptions against what
 * is right, and answers that are wrong throughout (falsehoods/), lively and sober ones. Only phrases of many questions are
 * weighed, so that the wording is learnt and not the subjects. FILE has people's answers with their grades (the format of
 * `npm run agreement`): the right ones show how plainly people say what is so, which the bank alone would take for a sign of
 * falsehoods.
 */
import { resolve } from "node:path";
import { askedIn, type BankText, loadBank } from "../src/adapters/offline/bank.ts";
import { type Locale, locales } from "../src/interview/model.ts";
import { rightSayings } from "../src/interview/scoring/misconceptions.ts";
import { hasHan, lengthInWords } from "../src/interview/scoring/words.ts";
import { commonPhrases, learn, linesOf, type Sample, samplesFrom, textsByEntry } from "./learning.ts";

const [graded, folder = resolve(import.meta.dirname, "../src/adapters/offline/tone")] = process.argv.slice(2);
if (graded === undefined) throw new Error("Say which file has graded answers: node scripts/tone.ts FILE.jsonl");

const fewestQuestions = 25;
const ridge = 0.25;
/** Right answers of people: from this score, of so many words, and how much each of their sentences counts. */
const byPeople = { score: 80, words: 6, weight: 5 };

const bank = loadBank();
for (const locale of locales) {
  const falsehoods = textsByEntry("falsehoods", locale);
  const questions = bank.entries.map(({ id, texts }) => samplesOf(texts[locale], falsehoods.get(id) ?? []));
  const samples = [...questions.flat(), ...samplesOfPeople(locale)];
  learn(samples, commonPhrases(questions, fewestQuestions), ridge, folder, locale);
}

function samplesOf(text: BankText, falsehoods: string[]): Sample[] {
  const asked = askedIn(text);
  const right = asked.flatMap(({ answer, ...sayings }) => [answer, ...rightSayings(sayings)]);
  const wrong = [...asked.flatMap((one) => one.misconceptions), ...falsehoods];
  return [...samplesFrom(wrong, true, 1), ...samplesFrom(right, false, 1)];
}

function samplesOfPeople(locale: Locale): Sample[] {
  const right = linesOf<{ answer: string; score: number }>(graded!).filter(
    ({ answer, score }) =>
      score >= byPeople.score && (hasHan(answer) ? "ZH" : "EN") === locale && lengthInWords(answer) >= byPeople.words,
  );
  return samplesFrom(
    right.map(({ answer }) => answer),
    false,
    byPeople.weight,
  );
}
