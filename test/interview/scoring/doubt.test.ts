import { describe, expect, it } from "vitest";
import { capFor, doubtOf } from "../../../src/interview/scoring/doubt.ts";
import { sentencesOf } from "../../../src/interview/scoring/substance.ts";
import { meanings } from "./builtIn.ts";

const right = [
  "Garbage collection frees the memory of objects that nothing points to any more. It costs processor time and pauses, and a program can still leak memory by keeping references.",
];
const capOf = (said: string): number => capFor(doubtOf(sentencesOf(said), right, meanings));

describe("how a falsehood is told", () => {
  it.each([
    "Garbage collection guarantees that a program never leaks memory, because every object is freed immediately when its method ends. It has no effect on speed, so pauses are impossible.",
    "The collector counts how often each object is read and releases the least used ones first. Pauses occur only when the program allocates nothing, since the collector then has no work to hide behind. Leaks are therefore a matter of the operating system, which the language runtime cannot influence.",
    "垃圾回收会在方法结束的那一刻立即释放所有对象，因此程序不可能再出现内存泄漏。它由操作系统负责调度，所以对程序的速度没有任何影响，也不需要暂停线程。",
  ])("is doubted: %s", (falsehood) => expect(capOf(falsehood)).toBe(20));

  it.each([
    "It finds the objects that the program cannot reach any more and gives their memory back, for example in steps of 10 ms. Threads may have to wait meanwhile, and whoever holds on to references leaks all the same.",
    "它会找出程序再也访问不到的对象，把这些内存收回来，比如每次停个十几毫秒。期间线程可能要等一等，要是一直拿着引用不放，照样会泄漏。",
  ])("is not taken for the truth: %s", (truth) => expect(capOf(truth)).toBe(100));

  it("is not seen in the reference's own sentences", () => {
    for (const text of [right[0]!, sentencesOf(right[0]!)[0]!]) expect(capOf(text)).toBe(100);
  });

  it("is seen less surely in a few words", () => {
    const falsehood = "Garbage collection frees every object immediately, so leaks are impossible.";
    const doubt = (times: number): number => doubtOf(Array<string>(times).fill(falsehood), [], meanings);
    expect(doubt(1)).toBeLessThan(doubt(2));
    expect(doubt(2)).toBeLessThan(doubt(5));
    expect(doubt(9)).toBeCloseTo(doubt(5));
  });

  it("caps a score the more, the likelier it is", () => {
    expect([-2, -1, -0.5, 0, 3].map(capFor)).toEqual([100, 100, 52.5, 20, 20]);
  });
});
