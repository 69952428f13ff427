import { describe, expect, it } from "vitest";
import { capFor, doubtIn, mannerOf, signsOf } from "../../../src/interview/scoring/doubt.ts";
import { noMeanings } from "../../../src/interview/scoring/wordMeanings.ts";
import { meanings } from "./builtIn.ts";

const question = "What is garbage collection, and what does it cost?";
const right = [
  "Garbage collection frees the memory of objects that nothing points to any more. It costs processor time and pauses, and a program can still leak memory by keeping references.",
];

describe("how a falsehood is told", () => {
  const signs = (said: string) => signsOf(said, right, question, noMeanings);

  it.each([
    ["absolute", "It always frees everything immediately."],
    ["dismissing", "It has no effect on pauses, and limits are unnecessary."],
    ["reasons", "It is slow because objects are copied."],
    ["consequence", "Nothing is freed, so the program grows."],
    ["turning", "That's why servers switch it off."],
    ["superlative", "It is the fastest way."],
    ["concrete", "A pause takes 20 ms."],
    ["hedged", "It usually runs in the background."],
  ])("counts what is %s", (sign, said) => expect(signs(said)[sign]).toBeGreaterThan(0));

  it("does not count what the right answer has too", () =>
    expect(signsOf("It always runs.", ["It always runs in steps."], question, noMeanings)).toMatchObject({
      absolute: 0,
    }));

  it("sees that the steps come in the opposite order", () => {
    const steps = ["Parse, check, optimise, translate, link, load."];
    const turned = "Load, link, translate, optimise, check, parse.";
    expect(signsOf(turned, steps, "What does a compiler do?", noMeanings)).toMatchObject({ backwards: 1 });
    expect(signsOf(steps[0]!, steps, "What does a compiler do?", noMeanings)).toMatchObject({ backwards: 0 });
  });

  it("is doubted, and the truth is not", () => {
    const falsehood =
      "Garbage collection guarantees that a program never leaks memory, because every object is freed immediately when its method ends. It has no effect on speed, so pauses are impossible.";
    const truth =
      "It finds the objects that the program cannot reach any more and gives their memory back, for example in steps of 10 ms. Threads may have to wait meanwhile, and whoever holds on to references leaks all the same.";
    expect(capFor(doubtIn(mannerOf(falsehood, right, question, meanings)))).toBe(20);
    expect(capFor(doubtIn(mannerOf(truth, right, question, meanings)))).toBe(100);
    expect(capFor(doubtIn(mannerOf(right[0]!, right, question, meanings)))).toBe(100);
  });
});
