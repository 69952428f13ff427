/**
 * `node scripts/padding.ts` learns how padding is worded: talk around a weak answer that adds nothing, against right answers,
 * to questions of the bank (padding/) and to others (src/adapters/offline/answers). Only phrases of several questions are
 * weighed, so that the wording is learnt and not the subjects.
 */
import { resolve } from "node:path";
import { type BankText, loadBank } from "../src/adapters/offline/bank.ts";
import { loadOtherQuestions, type OtherQuestion, rightAnswersIn } from "../src/adapters/offline/otherQuestions.ts";
import { locales } from "../src/interview/model.ts";
import { commonPhrases, learn, type Sample, samplesFrom, textsByEntry } from "./learning.ts";

const folder = process.argv[2] ?? resolve(import.meta.dirname, "../src/adapters/offline/padding");

/** Padding is known for a part of the questions only. */
const fewestQuestions = 12;
const ridge = 2;

const bank = loadBank();
for (const locale of locales) {
  const padding = textsByEntry("padding", locale);
  const questions = [
    ...bank.entries.map(({ id, texts }) => samplesOf(texts[locale], padding.get(id) ?? [])),
    ...loadOtherQuestions(locale).map(samplesOfCandidates),
  ];
  learn(questions.flat(), commonPhrases(questions, fewestQuestions), ridge, folder, locale);
}

function samplesOf({ answer, plainAnswers, expertAnswers }: BankText, padding: string[]): Sample[] {
  return [...samplesFrom(padding, true, 1), ...samplesFrom([answer, ...plainAnswers, ...expertAnswers], false, 1)];
}

function samplesOfCandidates({ answers }: OtherQuestion): Sample[] {
  const padding = answers.flatMap(({ text, without }) => (without ? [text.replace(without, "")] : []));
  return [...samplesFrom(padding, true, 1), ...samplesFrom(rightAnswersIn(answers), false, 1)];
}
