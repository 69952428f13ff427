import { describe, expect, it } from "vitest";
import { misconductIn } from "../../../src/interview/scoring/conduct.ts";

const question = { EN: "Tell me how you dealt with a problem at work.", ZH: "讲一次你在工作中处理问题的经历。" };
const found = (said: string, expected = "", asked = question.EN): number => misconductIn(said, expected, asked).length;

describe("what nobody should do at work", () => {
  it.each([
    "I deployed it without telling anyone.",
    "When the numbers were bad I changed the logs.",
    "I told my boss that it was the tester's fault.",
    "My colleagues are idiots, I do my work alone.",
    "We skipped the tests, since I was in a hurry.",
    "I went over his head and cc'ed the whole company.",
    "I only need an offer from you.",
  ])("%s", (said) => expect(found(said)).toBe(1));

  it.each([
    "I did not hide the mistake but told my lead at once.",
    "I asked for the reasons instead of blaming the tester.",
    "I would never deploy without tests.",
    "My colleague wanted to ship without tests and I did not.",
    "I was asked to hide the delay and said no.",
    "Two screens hide the mistakes of the server.",
  ])("not: %s", (said) => expect(found(said)).toBe(0));

  it.each([
    "我瞒着领导把数据改了。",
    "我觉得这不是我的问题。",
    "我没有告诉任何人就上线了。",
    "谁先给offer我就去谁那。",
  ])("%s", (said) => expect(found(said, "", question.ZH)).toBe(1));

  it.each(["我没有隐瞒，马上告诉了领导。", "同事想不写测试直接上线，我不同意。", "我不会甩锅，先把问题解决。"])(
    "not: %s",
    (said) => expect(found(said, "", question.ZH)).toBe(0),
  );

  it("asks only where somebody is asked about oneself", () =>
    expect(found("I skip the tests.", "", "What does a build server do?")).toBe(0));

  it("takes what the reference does for right", () =>
    expect(found("I refused to discuss it.", "He refused to discuss the price by phone.")).toBe(0));

  it("forgives what was made good", () => {
    expect(found("I promised a date without asking the team. I apologised and we agreed on another.")).toBe(0);
    expect(found("I promised a date without asking the team.")).toBe(1);
  });
});
