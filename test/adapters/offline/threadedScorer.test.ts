import { afterAll, describe, expect, it } from "vitest";
import { indexQuestions, loadBank, referenceOf } from "../../../src/adapters/offline/bank.ts";
import { loadMeanings } from "../../../src/adapters/offline/meanings.ts";
import { scoreAnswer } from "../../../src/adapters/offline/scorer.ts";
import { createThreadedScorer } from "../../../src/adapters/offline/threadedScorer.ts";
import type { AnswerToScore } from "../../../src/ports/interviewer.ts";

const bank = loadBank();
const { EN } = bank.entries[0]!.texts;
const about = { type: "ALGORITHMS", category: "Algorithms", level: "MID" } as const;
const answers: AnswerToScore[] = [EN.answer, EN.misconceptions[0]!, "I don't know"].map((answer, at) => ({
  ...about,
  questionId: `question-${at}`,
  question: EN.question,
  reference: referenceOf(EN),
  answer,
}));
/** What the thread cannot grade. */
const broken = { ...answers[0]!, reference: null } as unknown as AnswerToScore;

describe("a scorer in a thread", () => {
  const scorer = createThreadedScorer();
  afterAll(scorer.close);
  const never = new AbortController().signal;
  const scoreOf = (answer: AnswerToScore, signal = never) => scorer.score(answer, "EN", signal);

  it("grades as the rules do, one answer after the other", async () => {
    const order: string[] = [];
    const scores = await Promise.all(
      answers.map((answer) => scoreOf(answer).finally(() => order.push(answer.questionId))),
    );
    const meanings = loadMeanings(bank);
    const sayings = indexQuestions(bank).sayingsOn(EN.question, "EN");
    expect(scores).toEqual(answers.map((answer) => scoreAnswer(answer, "EN", meanings, sayings)));
    expect(order).toEqual(answers.map(({ questionId }) => questionId));
  });

  it("leaves out an answer whose evaluation was given up while it waited", async () => {
    const givenUp = new AbortController();
    const [first, second, third] = [scoreOf(answers[0]!), scoreOf(answers[1]!, givenUp.signal), scoreOf(answers[2]!)];
    givenUp.abort(new Error("cancelled"));
    await expect(second).rejects.toThrow("cancelled");
    expect((await first).feedback).not.toEqual((await third).feedback);
  });

  it("says what went wrong with one answer, and grades the next", async () => {
    const [bad, good] = [scoreOf(broken), scoreOf(answers[0]!)];
    await expect(bad).rejects.toThrow(TypeError);
    expect((await good).accuracy).toBeGreaterThan(0);
  });

  it("lets nobody wait when its thread ends, and begins another one for the next answer", async () => {
    const cut = scoreOf(answers[0]!);
    scorer.close();
    await expect(cut).rejects.toThrow("has ended");
    expect((await scoreOf(answers[0]!)).accuracy).toBeGreaterThan(0);
  });
});
