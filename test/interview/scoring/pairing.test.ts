import { describe, expect, it } from "vitest";
import { pairing } from "../../../src/interview/scoring/pairing.ts";
import { noMeanings } from "../../../src/interview/scoring/wordMeanings.ts";

describe("what is said of which of the things compared", () => {
  const question = "What is the difference between a stack and a queue?";
  const right = [
    "A stack returns the newest element, while a queue returns the oldest element.",
    "Recursion needs a stack. Scheduling jobs needs a queue.",
  ];
  const of = (said: string) => pairing(said, right, question, noMeanings);

  it("agrees with what belongs together", () => {
    const { agreeing, exchanged } = of(
      "The stack hands out the newest, and it suits recursion. The queue gives the oldest.",
    );
    expect(agreeing).toBeGreaterThan(2 * exchanged);
  });

  it("sees what is said of the other thing", () => {
    const { agreeing, exchanged } = of(
      "The queue hands out the newest and is for recursion. A stack gives the oldest.",
    );
    expect(exchanged).toBeGreaterThan(2 * agreeing);
  });

  it("says nothing where nothing is compared", () => {
    expect(pairing("A stack returns the oldest.", right, "What is a stack?", noMeanings)).toEqual({
      agreeing: 0,
      exchanged: 0,
    });
  });

  it("reads Chinese", () => {
    const pair = (said: string) =>
      pairing(said, ["数组按下标访问很快，链表插入节点很快。"], "数组和链表有什么区别？", noMeanings);
    expect(pair("链表适合经常插入。").exchanged).toBe(0);
    expect(pair("链表适合按下标访问。").exchanged).toBeGreaterThan(0);
  });
});
