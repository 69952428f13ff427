import { describe, expect, it } from "vitest";
import { isAboutAnswers, isOwnAccount, worthOfAccount } from "../../../src/interview/scoring/account.ts";

describe("an account of one's own", () => {
  it.each([
    "A good answer names a mistake and what was learned.",
    "The candidate should describe a conflict.",
    "好的回答会说明自己的职责。",
    "应当举出具体的例子。",
  ])("is what this asks for: %s", (reference) => expect(isAboutAnswers(reference)).toBe(true));

  it.each([
    "The answer is cached for as long as its TTL says.",
    "In my last team I listened first.",
    "浏览器缓存回答的内容。",
  ])("is not what this asks for: %s", (reference) => expect(isAboutAnswers(reference)).toBe(false));

  const question = "Tell me about a mistake you made at work.";
  const story =
    "In March I deleted the wrong table on our test server, and 40 customers lost their drafts, because I had two windows open. I told Anna from support at once, restored the backup of the night and wrote to each of them. Since then my scripts ask for the name of the database before they drop anything.";

  it.each([
    story,
    "我做物流系统时假设事件会按顺序到，上线两周后客服反馈状态变回去了。我把原始消息拉出来对比，发现没有设分区键。后来按事件时间比较，旧的只存历史，又补了一条乱序的集成测试和监控。",
  ])("is told of oneself: %s", (said) => expect(isOwnAccount(said)).toBe(true));

  it.each([
    "A lock keeps threads from writing the same data at the same time, and each has to wait until the other one has finished; where two wait for each other nothing goes on, so all take their locks in the same order.",
    "索引让查询不必扫全表，写入时却要多维护一份结构。联合索引按最左前缀匹配，区分度高的列放前面。覆盖索引可以避免回表，而过多的索引会拖慢写入，也占用更多的内存和磁盘空间。",
  ])("is not what explains something: %s", (said) => expect(isOwnAccount(said)).toBe(false));

  it("is worth something with deeds, figures, names and an end", () =>
    expect(worthOfAccount(story, question)).toBeGreaterThanOrEqual(40));

  it.each([
    [
      "talk",
      "I always take responsibility and I am a passionate team player. I never give up, I work in a structured way with my colleagues and customers, and I am convinced that every project and every release is a chance for me to grow as a person.",
    ],
    [
      "what has nothing of a mistake",
      "I joined the team in May. We built the billing service in Go, I wrote the tests, and after that we moved 30 customers to it with Anna from support, because they had asked for it. In the end I showed it to the other teams.",
    ],
    [
      "what others do",
      "HTTP/2 multiplexes several streams over one connection because opening 6 of them costs time. The server sends the headers compressed, and the browser gets 3 files at once, so pages load faster after that. Since then Chrome and Firefox use it.",
    ],
  ])("is worth nothing if it is %s", (_, said) => expect(worthOfAccount(said, question)).toBe(0));

  it("is asked for wishes where the question is about what comes", () => {
    const wishes =
      "I want to lead a small team in 3 years. I've begun to look after a junior, and I plan to take the course at Utrecht next spring because I need to learn how to plan. Your company builds the tools that I'd love to work on, so I would stay for that.";
    expect(worthOfAccount(wishes, "Where do you see yourself in five years?")).toBeGreaterThanOrEqual(30);
    expect(worthOfAccount(story, "Where do you see yourself in five years?")).toBe(0);
  });
});
