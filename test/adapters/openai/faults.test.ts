import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Interviewer } from "../../../src/ports/interviewer.ts";
import { InterviewerUnavailable } from "../../../src/ports/interviewer.ts";
import type { Fault, ReplyEdit } from "../../support/modelServer.ts";
import {
  all,
  apiKey,
  followUpRequest,
  heardText,
  interviewerAt,
  listen,
  nextRequest,
  planRequest,
  scoreRequest,
  serve,
  shortLimits,
  summaryRequest,
} from "./model.ts";

/** What a fault that comes once must end in, and one that never goes away. */
type Ending = "unnoticed" | "recovers" | "next provider";

/** Error messages of Gemini for its limits per minute, and of OpenRouter for a text rejected by a filter. */
const overMinute =
  "You exceeded your current quota, please check your plan and billing details. Please retry in 211.5ms.";
const flagged = 'some/model requires moderation on Some. Your input was flagged for "violence".';

const faults: [string, Fault, Ending][] = [
  ["429 with Retry-After", { kind: "status", status: 429, retryAfter: "0.2" }, "recovers"],
  ["429 without Retry-After", { kind: "status", status: 429 }, "recovers"],
  ["429 without quota", { kind: "status", status: 429, code: "insufficient_quota" }, "next provider"],
  ["429 in words about billing, with a wait", { kind: "status", status: 429, message: overMinute }, "recovers"],
  ["500", { kind: "status", status: 500 }, "recovers"],
  ["503", { kind: "status", status: 503 }, "recovers"],
  ["529", { kind: "status", status: 529 }, "recovers"],
  ["408", { kind: "status", status: 408 }, "recovers"],
  ["401", { kind: "status", status: 401 }, "next provider"],
  ["403", { kind: "status", status: 403 }, "next provider"],
  ["404", { kind: "status", status: 404 }, "next provider"],
  ["a key that is refused with 400", { kind: "status", status: 400, message: "API key not valid." }, "next provider"],
  ["a model that is refused with 400", { kind: "status", status: 400, message: "Model Not Exist" }, "next provider"],
  ["a text that is refused with 403", { kind: "status", status: 403, message: flagged }, "recovers"],
  ["a text that is refused with 400", { kind: "status", status: 400, message: "Content Exists Risk" }, "recovers"],
  ["a redirect", { kind: "status", status: 307 }, "next provider"],
  ["a context that is too long", { kind: "status", status: 400, code: "context_length_exceeded" }, "next provider"],
  ["headers that never come", { kind: "no-headers" }, "recovers"],
  ["a first token that never comes", { kind: "no-first-token" }, "recovers"],
  ["a stream that stalls", { kind: "stall", after: 20 }, "recovers"],
  ["a stream that is cut", { kind: "cut", after: 20 }, "recovers"],
  ["a stream that ends early", { kind: "end-early", after: 20 }, "recovers"],
  ["an error inside the stream", { kind: "error-in-stream", after: 20 }, "recovers"],
  ["a connection that is reset", { kind: "reset" }, "recovers"],
  ["HTML with status 200", { kind: "html" }, "recovers"],
  ["null content", { kind: "content", content: null }, "recovers"],
  ["empty content", { kind: "content", content: "" }, "recovers"],
  ["blank content", { kind: "content", content: " \n " }, "recovers"],
  ["content without JSON", { kind: "content", content: "I would rather talk about the weather." }, "recovers"],
  ["a bare list", { kind: "content", content: "[1, 2, 3]" }, "recovers"],
  ["a refusal", { kind: "refusal" }, "recovers"],
  ["a filtered reply", { kind: "truncated", reason: "content_filter", share: 0.2 }, "recovers"],
  ["a truncated reply", { kind: "truncated", reason: "length", share: 0.2 }, "recovers"],
  ["our own instructions", { kind: "echo" }, "recovers"],
  ["a reply of 5 MB", { kind: "huge", characters: 5_000_000 }, "recovers"],
  ["deep nesting", { kind: "edit", edit: "deeply-nested" }, "recovers"],
  ["another shape", { kind: "edit", edit: "wrong-shape" }, "recovers"],
  ["blank texts", { kind: "edit", edit: "blank-text" }, "recovers"],
  ["control characters", { kind: "edit", edit: "nul-characters" }, "unnoticed"],
  [
    "prose round the JSON",
    { kind: "prose", lead: 'Well {then}, {"a": 1}:\n```json\n', tail: "\n```\n{bye}" },
    "unnoticed",
  ],
  ["thoughts before the JSON", { kind: "prose", lead: '<think>{"question": "no"}</think>\n', tail: "" }, "unnoticed"],
  ["content in parts", { kind: "parts" }, "unnoticed"],
  ["the whole message in one piece", { kind: "one-piece" }, "unnoticed"],
  ["chunks of one byte", { kind: "byte-by-byte" }, "unnoticed"],
  ["a gzipped reply", { kind: "compressed", encoding: "gzip" }, "unnoticed"],
  ["a reply in Brotli", { kind: "compressed", encoding: "br" }, "unnoticed"],
  ["a stream that stays open", { kind: "never-ends" }, "unnoticed"],
];

const tasks: [string, (interviewer: Interviewer) => Promise<void>][] = [
  [
    "planQuestions",
    async (interviewer) => {
      const drafts = await all(interviewer.planQuestions(planRequest(), listen().call));
      expect(drafts.map(({ type }) => type)).toEqual(["PROJECT", "MYSQL", "REDIS"]);
      for (const draft of drafts) expect(draft).toMatchObject({ source: "MODEL", level: "MID" });
      for (const { text } of drafts) expect(text).toMatch(/^Case [0-9a-f]{8}: [ -~]+\?$/);
    },
  ],
  [
    "followUp",
    async (interviewer) => {
      const { call, texts } = listen();
      const draft = await interviewer.followUp(followUpRequest(), call);
      expect(draft).toMatchObject({ type: "MYSQL", category: "MySQL", source: "MODEL" });
      expect(draft?.text).toMatch(/^You said "An index with every column/);
      expect(heardText(texts)).toBe(draft?.text);
    },
  ],
  [
    "scoreAnswers",
    async (interviewer) => {
      const { call, scores: heard } = listen();
      const scores = await interviewer.scoreAnswers(scoreRequest(), call);
      expect([...scores.keys()].sort()).toEqual(["session-question-0", "session-question-1", "session-question-2"]);
      expect(scores.get("session-question-0")).toMatchObject({ accuracy: 14, completeness: 10, clarity: 10 });
      expect(scores.get("session-question-1")?.evidence).toEqual(["Second answer"]);
      expect(heard).toEqual(scores);
    },
  ],
  [
    "summarize",
    async (interviewer) => {
      const summary = await interviewer.summarize(summaryRequest(), listen().call);
      expect(summary.overallFeedback).toBe("A steady performance with a sound foundation.");
      expect(summary.resumeImprovements).toEqual([]);
    },
  ],
];

// Side by side: what takes time here is waiting.
describe.each(faults)("%s", (_, fault, ending) => {
  it("once: every task ends well", async () => {
    const endings = tasks.map(async ([, run]) => {
      const server = await serve();
      const second = await serve();
      const { interviewer } = interviewerAt([server, second]);
      server.next(fault);
      await run(interviewer);
      expect(server.requests.length).toBe(ending === "recovers" ? 2 : 1);
      expect(second.requests.length).toBe(ending === "next provider" ? 1 : 0);
    });
    await Promise.all(endings);
  });

  it("always: the next provider takes over", async () => {
    const server = await serve();
    const second = await serve();
    const { interviewer } = interviewerAt([server, second], { retryAfterMaxMs: 100 });
    server.always(fault);
    await Promise.all(tasks.map(([, run]) => run(interviewer)));
    expect(second.requests.length).toBe(ending === "unnoticed" ? 0 : tasks.length);
  });
});

describe.each(faults.filter(([, , ending]) => ending !== "unnoticed"))("%s", (_, fault) => {
  it("always, with nobody else: it ends with a reason", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.always(fault);
    const startedAt = performance.now();
    const error = await interviewer.summarize(summaryRequest(), listen().call).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(InterviewerUnavailable);
    const { reason } = error as InterviewerUnavailable;
    expect(reason).toMatch(/^The language model is not available: first [a-z][^\n]*\.$/);
    expect(reason).not.toMatch(/http|127\.0\.0\.1|Jane|Task:/);
    expect(reason).not.toContain(apiKey);
    // A bound on endless waiting, far from what it takes.
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });
});

describe("from a provider that does not stream", () => {
  const patient = [tasks[2]!, tasks[3]!];
  const isSilent = ([, { kind }]: (typeof faults)[number]) => ["no-headers", "no-first-token", "stall"].includes(kind);

  it.each(faults.filter((fault) => !isSilent(fault)))("%s: the next one takes over", async (_, fault, ending) => {
    const server = await serve();
    const second = await serve();
    const { interviewer } = interviewerAt([server, second], { firstTokenMs: 8_000 }, { streaming: false });
    server.always(fault);
    await Promise.all(patient.map(([, run]) => run(interviewer)));
    expect(server.requests.every(({ body }) => !body.stream)).toBe(true);
    // Some of the scores that came with blank texts were good, and are not asked for again.
    expect(second.requests.length).toBe(ending === "unnoticed" ? 0 : patient.length);
  });

  it.each(faults.filter(isSilent))("%s: the next one takes over when the time is up", async (_, fault) => {
    // Time passes for the one that is silent alone: the next one has as long as the machine makes it take.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await serve();
    const second = await serve();
    const { interviewer } = interviewerAt([server, second], { firstTokenMs: 60_000 }, { streaming: false });
    server.always(fault);
    for (const [index, [, run]] of patient.entries()) {
      const done = run(interviewer);
      await server.until(() => server.requests.length === index + 1);
      vi.advanceTimersByTime(shortLimits.totalMs!);
      await done;
      expect([server.requests.length, second.requests.length]).toEqual([index + 1, index + 1]);
    }
    expect(server.requests.every(({ body }) => !body.stream)).toBe(true);
  });
});

describe("a list whose items are partly wrong", () => {
  const edits: ReplyEdit[] = [
    "missing-item",
    "repeated-id",
    "unknown-id",
    "out-of-range",
    "negative",
    "number-as-text",
    "infinite",
    "extra-field",
    "blank-text",
    "null-item",
  ];

  it.each(edits)("%s: what is valid is kept, the rest is asked again alone", async (edit) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({ kind: "edit", edit });
    await tasks[2]![1](interviewer);
    expect(server.requests).toHaveLength(2);
    const asked = server.requests[1]!.body.messages[1]!.content.match(/<<<ANSWER /g);
    // Of a repeated id neither is believed.
    expect(asked).toHaveLength(edit === "repeated-id" ? 2 : 1);
    expect(server.requests[1]!.body.messages.at(-1)!.content).toMatch(/^Your last reply cannot be used: /);
  });

  it.each<ReplyEdit>(["out-of-range", "negative", "number-as-text", "infinite", "not-a-number", "unknown-id"])(
    "%s, always: the answer is left out rather than given a number",
    async (edit) => {
      const server = await serve();
      const { interviewer } = interviewerAt([server]);
      server.always({ kind: "edit", edit });
      const { call, scores: heard } = listen();
      const outcome = await interviewer.scoreAnswers(scoreRequest(), call).catch((error: unknown) => error);
      if (outcome instanceof InterviewerUnavailable) {
        expect(heard.size).toBe(0);
        return;
      }
      const scores = outcome as Awaited<ReturnType<Interviewer["scoreAnswers"]>>;
      expect(scores.size).toBe(2);
      for (const score of scores.values())
        expect(score.accuracy + score.completeness + score.clarity).toBeLessThan(101);
    },
  );

  it("takes scores in any order by their ids", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({ kind: "edit", edit: "reordered" });
    await tasks[2]![1](interviewer);
    expect(server.requests).toHaveLength(1);
  });

  it("asks for other questions in place of those that repeat", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({ kind: "edit", edit: "repeats-question" });
    const exclude = ["How does Redis expire keys that nobody reads any more?"];
    const drafts = await all(interviewer.planQuestions(planRequest({ exclude }), listen().call));
    expect(drafts.map(({ type }) => type)).toEqual(["PROJECT", "MYSQL", "REDIS"]);
    expect(drafts[0]?.text).not.toBe(exclude[0]);
    expect(server.requests[1]!.body.messages[1]!.content).toContain("1. PROJECT");
    expect(server.requests[1]!.body.messages[1]!.content).not.toContain("2. ");
  });

  const spoilt: [string, string | ((user: string) => string), "EN" | "ZH"][] = [
    ["is signs alone", "...?!", "EN"],
    ["is in Chinese", "请介绍一下你负责的项目，以及其中最难的部分。", "EN"],
    ["is in English", "Tell me about your project and its hardest part.", "ZH"],
    ["holds the reply's schema", (user) => user.slice(user.indexOf('{"type":"object"')), "EN"],
    ["holds a fence", (user) => `${/<<<RESUME \w+>>>/.exec(user)![0]} tell me`, "EN"],
    ["holds what was asked of the model", (user) => `So: ${user.slice(user.lastIndexOf("Difficulty:"))}`, "EN"],
  ];
  it.each(spoilt)("asks once more for a question that %s", async (_, text, locale) => {
    let spoil = true;
    const server = await serve({
      profile: "json_object",
      reply(_task, content, { messages }) {
        if (!spoil) return content;
        spoil = false;
        const question = typeof text === "string" ? text : text(messages[1]!.content);
        return content.replace(
          /"question":"(?:[^"\\]|\\.)*"/,
          () => `"question":${JSON.stringify(question.slice(0, 1_900))}`,
        );
      },
    });
    const { interviewer } = interviewerAt([server], {}, { forms: ["json_object"] });
    const drafts = await all(interviewer.planQuestions(planRequest({ locale }), listen().call));
    expect(drafts.map(({ type }) => type)).toEqual(["PROJECT", "MYSQL", "REDIS"]);
    expect(server.requests).toHaveLength(2);
    expect(drafts.every(({ text: asked }) => /^(?:Case|场景)/.test(asked))).toBe(true);
    // For those that are written when they are needed the same holds.
    const more = await serve({ profile: "json_object" });
    const { interviewer: another } = interviewerAt([more], {}, { forms: ["json_object"] });
    const plain = typeof text === "string" ? text : null;
    if (plain === null) return;
    const reply = { question: plain, referenceAnswer: "It depends.", keyPoints: ["It depends"] };
    more.next({ kind: "content", content: JSON.stringify(reply) });
    expect((await another.followUp(followUpRequest({ locale }), listen().call))?.text).not.toBe(plain);
    more.next({ kind: "content", content: JSON.stringify({ ...reply, type: "BACKEND" }) });
    expect((await another.nextQuestion(nextRequest({ locale }), listen().call)).text).not.toBe(plain);
    expect(more.requests).toHaveLength(4);
  });

  it.each([
    ["N/A", "EN"],
    ["无", "ZH"],
  ] as const)("asks once more where a question must be and %s stands", async (question, locale) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    const reply = { question, type: "BACKEND", referenceAnswer: "It depends.", keyPoints: ["It depends"] };
    server.next({ kind: "content", content: JSON.stringify(reply) });
    expect((await interviewer.nextQuestion(nextRequest({ locale }), listen().call)).text).not.toBe(question);
    expect(server.requests).toHaveLength(2);
  });

  const chinese = "讲得清楚，但是缺少数据。";
  const inChinese = (content: string) =>
    content.replace(/"(feedback|overallFeedback)":"(?:[^"\\]|\\.)*"/g, (_, field) => `"${field}":"${chinese}"`);
  it.each([
    [
      "score",
      async (interviewer: Interviewer) =>
        (await interviewer.scoreAnswers(scoreRequest(), listen().call)).values().next().value!.feedback,
    ],
    [
      "summary",
      async (interviewer: Interviewer) =>
        (await interviewer.summarize(summaryRequest(), listen().call)).overallFeedback,
    ],
  ])("asks once more for a %s in another language, and takes it then", async (_, feedback) => {
    let times = 1;
    const server = await serve({ reply: (_task, content) => (times-- > 0 ? inChinese(content) : content) });
    const { interviewer } = interviewerAt([server]);
    expect(await feedback(interviewer)).not.toBe(chinese);
    expect(server.requests).toHaveLength(2);
    times = 2;
    expect(await feedback(interviewer)).toBe(chinese);
    expect(server.requests).toHaveLength(4);
  });

  it("takes a reply that says the schema first", async () => {
    const server = await serve({
      profile: "json_object",
      reply: (_task, content, { messages }) => {
        const user = messages[1]!.content;
        return `${user.slice(user.indexOf("The JSON object"))}\n\n${content}`;
      },
    });
    const { interviewer } = interviewerAt([server], {}, { forms: ["json_object"] });
    await all(interviewer.planQuestions(planRequest(), listen().call));
    expect(server.requests).toHaveLength(1);
  });

  it("never asks an adaptive question twice", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({ kind: "edit", edit: "repeats-question" });
    const { call, texts } = listen();
    const draft = await interviewer.nextQuestion(nextRequest(), call);
    expect(draft.text).not.toBe("Tell me about Order Desk.");
    expect(heardText(texts)).toBe(draft.text);
    expect(server.requests).toHaveLength(2);
  });
});

it.each(tasks)("%s: fields nobody asked for are refused once, then left out", async (_, run) => {
  const server = await serve();
  const second = await serve();
  const { interviewer } = interviewerAt([server, second]);
  server.always({ kind: "edit", edit: "extra-field" });
  await run(interviewer);
  expect(server.requests).toHaveLength(2);
  expect(second.requests).toHaveLength(0);
});

it("a model that mixes up several answers is asked for one at a time", async () => {
  const server = await serve({
    reply(task, content, body) {
      const last = [...body.messages[1]!.content.matchAll(/<<<ANSWER (\S+)/g)].at(-1)?.[1];
      return task === "score_answers" ? content.replaceAll(/"id":"[^"]*"/g, `"id":"${last}"`) : content;
    },
  });
  const { interviewer } = interviewerAt([server]);
  await tasks[2]![1](interviewer);
  const asked = server.requests.map(({ body }) => body.messages[1]!.content.match(/<<<ANSWER /g)?.length);
  expect(asked).toEqual([3, 3, 1, 1, 1]);
});

it("questions whose types are all the same go to their places by the order", async () => {
  const server = await serve({
    reply: (task, content) =>
      task === "plan_questions" ? content.replaceAll(/"type":"[^"]*"/g, '"type":"PROJECT"') : content,
  });
  const { interviewer } = interviewerAt([server]);
  await tasks[0]![1](interviewer);
  expect(server.requests).toHaveLength(1);
});

it("a provider that nobody is at", async () => {
  const gone = await serve();
  await gone.close();
  const { interviewer, records } = interviewerAt([gone]);
  const { call, usage } = listen();
  await expect(interviewer.summarize(summaryRequest(), call)).rejects.toThrow("first could not be reached");
  expect(records.map(({ outcome }) => outcome)).toEqual(["down", "down", "down"]);
  expect(usage.calls).toBe(0);
});

it("a provider that accepts and then says nothing, not even hello", async () => {
  const silent = createServer();
  const sockets = new Set<Socket>();
  silent.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => silent.close(done));
  });
  const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;
  const { interviewer } = interviewerAt([{ url }], { connectMs: 100, firstTokenMs: 60_000 });
  const { call, usage } = listen();
  await expect(interviewer.summarize(summaryRequest(), call)).rejects.toThrow("could not be reached in time");
  expect(usage.calls).toBe(0);
});

it("characters that are cut in two by the network", async () => {
  const server = await serve();
  const { interviewer } = interviewerAt([server]);
  server.always({ kind: "byte-by-byte" });
  const { call, texts } = listen();
  const exchanges = [{ question: "索引是什么？", answer: "聚簇索引😀保存整行数据，二级索引保存主键。" }];
  const draft = await interviewer.followUp(followUpRequest({ locale: "ZH", exchanges }), call);
  expect(draft?.text).toContain("你提到“聚簇索引😀保存整行数据，二级索引保存主键。”");
  expect(heardText(texts)).toBe(draft?.text);
  expect(server.requests).toHaveLength(1);
});

it.each<[string, Fault, Fault, boolean]>([
  ["a key that is refused", { kind: "status", status: 401 }, { kind: "status", status: 403 }, true],
  ["an account without money", { kind: "status", status: 402 }, { kind: "status", status: 404 }, true],
  [
    "a key and a model that are refused with 400",
    { kind: "status", status: 400, message: "API key expired. Please renew the API key." },
    { kind: "status", status: 400, message: "some/model is not a valid model ID" },
    true,
  ],
  [
    "a text that is refused with 403",
    { kind: "status", status: 403, message: flagged },
    { kind: "status", status: 401 },
    false,
  ],
  ["a key that is refused by one of two", { kind: "status", status: 401 }, { kind: "status", status: 503 }, false],
  ["an error of the provider's own", { kind: "status", status: 500 }, { kind: "status", status: 401 }, false],
])("%s: whether it lasts is told", async (_, fault, other, isLasting) => {
  const [server, second] = [await serve(), await serve()];
  const { interviewer } = interviewerAt([server, second]);
  server.always(fault);
  second.always(other);
  await expect(interviewer.scoreAnswers(scoreRequest(), listen().call)).rejects.toMatchObject({ isLasting });
});

it.each<[string, Fault, Fault, boolean]>([
  ["nothing usable from either", { kind: "refusal" }, { kind: "content", content: "no" }, true],
  ["nothing at all from one", { kind: "content", content: "" }, { kind: "status", status: 401 }, true],
  ["nothing usable from one while the other is down", { kind: "refusal" }, { kind: "status", status: 503 }, false],
  ["a key that both refuse", { kind: "status", status: 401 }, { kind: "status", status: 401 }, false],
])("%s: whether the models were heard is told", async (_, fault, other, isFruitless) => {
  const [server, second] = [await serve(), await serve()];
  const { interviewer } = interviewerAt([server, second]);
  server.always(fault);
  second.always(other);
  await expect(interviewer.scoreAnswers(scoreRequest(), listen().call)).rejects.toMatchObject({ isFruitless });
});

it.each([true, false])("an error with status 200 is what its code says (streaming: %s)", async (streaming) => {
  const server = await serve();
  const { interviewer, records } = interviewerAt([server], {}, { streaming });
  for (const code of [503, 429]) server.next({ kind: "error-in-stream", after: 2, code });
  await interviewer.summarize(summaryRequest(), listen().call);
  server.next({ kind: "error-in-stream", after: 2, code: 402 });
  const work = interviewer.scoreAnswers(scoreRequest(), listen().call);
  await expect(work).rejects.toMatchObject({ isLasting: true });
  expect(records.map(({ outcome }) => outcome)).toEqual(["down", "busy", "ok", "unusable"]);
});

describe.each([true, false])("a reply that ends early says why (streaming: %s)", (streaming) => {
  it.each([
    ["length", "bad"],
    ["MAX_TOKENS", "bad"],
    ["content_filter", "refused"],
    ["sensitive", "refused"],
    ["error", "down"],
    ["insufficient_system_resource", "down"],
  ])("%s: %s", async (reason, outcome) => {
    const server = await serve();
    const { interviewer, records } = interviewerAt([server], {}, { streaming });
    server.next({ kind: "truncated", reason, share: 0.5 }, { kind: "truncated", reason, share: 0 });
    await interviewer.summarize(summaryRequest(), listen().call).catch(() => {});
    expect(records.slice(0, 2).map((record) => record.outcome)).toEqual([outcome, outcome]);
    const repair = server.requests[1]!.body.messages.at(-1)!.content;
    expect(repair.includes("it was too long")).toBe(outcome === "bad");
  });
});

it.each([
  ["Please retry in 57m3.2s.", 3_423_000],
  ["Limit reached. Please try again in 95.66s. Visit us.", 95_000],
])("a wait that is told in words: %s", async (message, least) => {
  const server = await serve();
  const { interviewer } = interviewerAt([server]);
  server.always({ kind: "status", status: 429, message });
  const error = await interviewer.summarize(summaryRequest(), listen().call).catch((failure: unknown) => failure);
  expect((error as InterviewerUnavailable).retryAfterMs).toBeGreaterThan(least);
  expect(server.requests).toHaveLength(1);
});

it("a wait that is told as a date", async () => {
  const server = await serve();
  const { interviewer } = interviewerAt([server]);
  server.always({ kind: "status", status: 429, retryAfter: new Date(Date.now() + 3_600_000).toUTCString() });
  const error = await interviewer.summarize(summaryRequest(), listen().call).catch((failure: unknown) => failure);
  expect((error as InterviewerUnavailable).retryAfterMs).toBeGreaterThan(3_500_000);
});

it("every third request meets some fault: whatever comes back is right", async () => {
  // Without the 5 MB: the servers share this process, and what they hold up looks slow.
  const mixed = { faultRate: 0.35, faults: faults.map(([, fault]) => fault).filter(({ kind }) => kind !== "huge") };
  const server = await serve(mixed);
  const second = await serve({ ...mixed, profile: "json_object" });
  const { interviewer } = interviewerAt([server, second], { firstTokenMs: 1_000, idleMs: 1_000, retryAfterMaxMs: 300 });
  const runs = Array.from({ length: 60 }, (_, n) => tasks[n % tasks.length]![1](interviewer));
  const failed = (await Promise.allSettled(runs)).filter((run) => run.status === "rejected");
  for (const { reason } of failed) expect(reason).toBeInstanceOf(InterviewerUnavailable);
  expect(failed.length).toBeLessThan(20);
  await server.until(() => server.open() === 0);
  await second.until(() => second.open() === 0);
});
