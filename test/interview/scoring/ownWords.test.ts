import { describe, expect, it } from "vitest";
import { isAboutAnswers, isOwnAccount, worthOfAccount } from "../../../src/interview/scoring/account.ts";
import { isPicture, kinship } from "../../../src/interview/scoring/ownWords.ts";
import { noMeanings } from "../../../src/interview/scoring/wordMeanings.ts";
import { meanings } from "./builtIn.ts";

describe("a long answer that shares hardly a word with the reference", () => {
  const expected =
    "What is a cache, and when does it help? A cache keeps copies of data that was read before in fast memory, so that reading it again need not go to the slow disk or the network. It helps when the same data is read often and changes seldom; old copies must be thrown away.";
  const picture =
    "Think of a cook who keeps salt, oil and flour beside the stove and does not walk down to the cellar each time. What he takes again and again stands close by, and fetching it costs him a second; for the rare things he goes down and waits. There is only so much room on the shelf, so whatever nobody has touched for a week goes back. And if somebody changes what is stored in the cellar, the jar upstairs is out of date until he is told. In a program this is the difference between reading a number from RAM and asking a server far away.";
  const other =
    "Imagine my grandmother's garden in spring. She cut the old apple trees back, sowed three rows of carrots and let the tomatoes grow at the warm wall. In the afternoon we drank tea under the cherry tree and counted seven birds. When it rained for two weeks the strawberries rotted, and she said that next year everything would be drier. My brother painted the fence, and the dog slept in the sun until the evening came.";

  it("is nearer to what is expected than one about something else", () => {
    expect(kinship(picture, expected, meanings)).toBeGreaterThanOrEqual(1);
    expect(kinship(other, expected, meanings)).toBeLessThan(1);
  });

  it("must be long", () =>
    expect(kinship("Think of a cook who keeps the salt beside the stove.", expected, meanings)).toBe(0));

  it("cannot be told without anything to compare with", () => expect(kinship(picture, expected, noMeanings)).toBe(0));

  it.each(["Think of a library.", "It's like walking in fog.", "打个比方，就像排队。"])("is a picture: %s", (said) =>
    expect(isPicture(said)).toBe(true),
  );

  it.each(["Tools like Docker help.", "I like the way of it.", "容器共享内核。"])("is none: %s", (said) =>
    expect(isPicture(said)).toBe(false),
  );
});

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
