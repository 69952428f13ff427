import { afterAll, describe, expect, it } from "vitest";
import { indexQuestions, referenceOf } from "../../../src/adapters/offline/bank.ts";
import { scoreAnswer } from "../../../src/adapters/offline/scorer.ts";
import { createThreadedScorer } from "../../../src/adapters/offline/threadedScorer.ts";
import type { AnswerToScore } from "../../../src/ports/interviewer.ts";
import { bank, meanings } from "../../interview/scoring/builtIn.ts";

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

  it("grades first what a candidate waits for", async () => {
    const order: string[] = [];
    const told = (answer: AnswerToScore, goesFirst: boolean) =>
      scorer.score(answer, "EN", never, goesFirst).finally(() => order.push(answer.questionId));
    await Promise.all([told(answers[0]!, false), told(answers[1]!, false), told(answers[2]!, true)]);
    expect(order).toEqual(["question-0", "question-2", "question-1"]);
  });

  it("says what went wrong with one answer, and grades the next", async () => {
    const [bad, good] = [scoreOf(broken), scoreOf(answers[0]!)];
    await expect(bad).rejects.toThrow(TypeError);
    expect((await good).accuracy).toBeGreaterThan(0);
  });
});

/** A thread that gives the answer back as its score, and ends at some answers, or never comes to an end. */
const frail = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ answer: { answer } }) => {
      if (answer === "fails") throw new Error("It failed");
      if (answer === "leaves") process.exit();
      while (answer === "hangs");
      parentPort.postMessage({ score: answer });
    });
  `)}`,
);

describe("a scorer whose thread ends", () => {
  const ended = "The thread that grades answers has ended";
  const open = () => {
    const { score, close } = createThreadedScorer(frail, 3_000);
    const scoreOf = (answer: string) =>
      score({ ...answers[0]!, answer }, "EN", new AbortController().signal).catch((error: Error) => error.message);
    return { scoreOf, close };
  };

  it.each([
    ["fails", "It failed"],
    ["leaves", ended],
    ["hangs", "An answer was not graded within 3000 ms"],
  ])("says so where it %s, and gives each of the next answers its own score", async (last, message) => {
    const { scoreOf, close } = open();
    const scores = [last, "first", "second", "third"].map(scoreOf);
    await expect(Promise.all(scores)).resolves.toEqual([message, "first", "second", "third"]);
    close();
  });

  it("lets nobody wait when it is closed, and begins no other thread", async () => {
    const { scoreOf, close } = open();
    const scores = ["first", "second"].map(scoreOf);
    close();
    scores.push(scoreOf("third"));
    await expect(Promise.all(scores)).resolves.toEqual([ended, ended, ended]);
    await expect(scoreOf("fourth")).resolves.toBe(ended);
  });
});
