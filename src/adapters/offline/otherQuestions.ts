import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locale } from "../../interview/model.ts";

/** A question that is not in the bank, with what candidates say to it: rightly, wrongly, or padded. */
export interface OtherQuestion {
  question: string;
  referenceAnswer: string;
  /** What is padded comes with what it is `without` the padding. */
  answers: { kind: string; text: string; without?: string }[];
}

export function loadOtherQuestions(locale: Locale): OtherQuestion[] {
  const file = join(import.meta.dirname, "answers", `${locale.toLowerCase()}.jsonl`);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

export function rightAnswersIn(answers: OtherQuestion["answers"]): string[] {
  return answers.filter(({ kind }) => /^(?:good|excellent|partial|weak)/.test(kind)).map(({ text }) => text);
}
