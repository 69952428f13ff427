import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { chainOf, type Interviewers, openInterviewers } from "../src/interviewers.ts";
import type { Call, Interviewer } from "../src/ports/interviewer.ts";

const threads: Worker[] = [];
const count = (thread: Worker): void => void threads.push(thread);
beforeAll(() => void process.on("worker", count));
afterAll(() => void process.off("worker", count));

let opened: Interviewers;
afterEach(() => {
  opened.close();
  threads.length = 0;
});

async function open(env: Record<string, string>): Promise<Interviewer> {
  const config = readConfig(env);
  opened = await openInterviewers(config, chainOf(config), () => {}, null);
  return opened.fallback!;
}

const call: Call = { signal: new AbortController().signal };
const candidate = {
  locale: "EN",
  resumeText: "Java engineer",
  jobTitle: null,
  companyName: null,
  jobDescription: "We look for somebody who knows Java and Redis.",
  level: "MID",
  exclude: [],
  seed: "seed",
} as const;

async function plan(interviewer: Interviewer): Promise<void> {
  const slots = ["REDIS" as const];
  for await (const question of interviewer.planQuestions({ ...candidate, exclude: [], slots }, call)) {
    expect(question.type).toBe("REDIS");
  }
}

async function ask(interviewer: Interviewer): Promise<void> {
  await interviewer.nextQuestion({ ...candidate, exclude: [], exchanges: [], remaining: 3 }, call);
}

it.each([
  ["a plan", plan],
  ["a question of an adaptive interview", ask],
])("the thread that grades begins with %s: an answer comes next", async (_, does) => {
  await does(await open({}));
  // Node tells of a thread in the next tick.
  await setImmediate();
  expect(threads).toHaveLength(1);
});

it("no thread begins where a model grades", async () => {
  const fallback = await open({ OPENAI_API_KEY: "unused" });
  await plan(fallback);
  await ask(fallback);
  await setImmediate();
  expect(threads).toEqual([]);
});
