import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createModelInterviewer } from "../../../src/adapters/openai/interviewer.ts";
import type { Locale } from "../../../src/interview/model.ts";
import { InterviewerUnavailable } from "../../../src/ports/interviewer.ts";
import type { Profile } from "../../support/modelServer.ts";
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
  textsOf,
} from "./model.ts";

describe.each<Profile>(["strict", "json_object", "text"])("a provider of profile %s", (profile) => {
  it.each([[[]], [["stream"]], [["temperature", "max_tokens"]]])("does every task, refusing %j", async (refuses) => {
    const server = await serve({ profile, refuses });
    const { interviewer, records } = interviewerAt([server]);
    const slots = ["PROJECT", "MYSQL", "REDIS", "GENERAL"] as const;
    const drafts = await all(interviewer.planQuestions(planRequest({ slots: [...slots] }), listen().call));
    expect(drafts.map(({ type }) => type)).toEqual(slots);
    const learnt = records.length;

    expect((await interviewer.followUp(followUpRequest(), listen().call))?.text).toContain("You said");
    expect((await interviewer.nextQuestion(nextRequest(), listen().call)).text).toMatch(/^Case /);
    expect((await interviewer.scoreAnswers(scoreRequest(), listen().call)).size).toBe(3);
    expect((await interviewer.summarize(summaryRequest(), listen().call)).strengths).toHaveLength(1);
    // What the provider refuses is found out once.
    expect(records.slice(learnt).map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok", "ok"]);
  });
});

describe("planning", () => {
  it("has the first question while the others are still being written", async () => {
    const server = await serve({ tokensPerSecond: 1_000 });
    const { interviewer } = interviewerAt([server]);
    const slots = Array.from({ length: 10 }, () => "BACKEND" as const);
    const drafts = interviewer.planQuestions(planRequest({ slots }), listen().call)[Symbol.asyncIterator]();
    await drafts.next();
    // The reply is still being written.
    expect(server.open()).toBe(1);
    const rest = await all({ [Symbol.asyncIterator]: () => drafts });
    expect(rest).toHaveLength(9);
  });

  it.each([3, 8, 20])("brings exactly the %i questions, none like another", async (count) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    const slots = Array.from({ length: count }, () => "REDIS" as const);
    const drafts = await all(interviewer.planQuestions(planRequest({ slots, locale: "ZH" }), listen().call));
    expect(new Set(textsOf(drafts)).size).toBe(count);
    expect(drafts.every(({ category }) => category === "Redis")).toBe(true);
  });

  it("keeps what had arrived when the stream broke, and asks for the rest alone", async () => {
    const first = await serve();
    const { interviewer } = interviewerAt([first]);
    first.next({ kind: "cut", after: 120 });
    const slots = Array.from({ length: 6 }, () => "BACKEND" as const);
    const drafts = await all(interviewer.planQuestions(planRequest({ slots }), listen().call));
    expect(drafts).toHaveLength(6);
    expect(first.requests).toHaveLength(2);
    const asked = first.requests[1]!.body.messages[1]!.content;
    expect(asked).toContain(drafts[0]!.text);
    expect(asked).not.toContain("6. BACKEND");
  });

  it("goes on at the second provider when the first breaks in the middle", async () => {
    const first = await serve();
    const second = await serve();
    const { interviewer } = interviewerAt([first, second], { tries: 1 });
    first.always({ kind: "cut", after: 120 });
    const slots = Array.from({ length: 6 }, () => "BACKEND" as const);
    const drafts = await all(interviewer.planQuestions(planRequest({ slots }), listen().call));
    expect(drafts).toHaveLength(6);
    expect(new Set(textsOf(drafts)).size).toBe(6);
  });

  it("gives what it has when the first place stays empty", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { tries: 1 });
    server.always({ kind: "edit", edit: "blank-text" });
    const drafts: string[] = [];
    const reading = (async () => {
      for await (const { type } of interviewer.planQuestions(planRequest(), listen().call)) drafts.push(type);
    })();
    await expect(reading).rejects.toThrow(InterviewerUnavailable);
    expect(drafts).toEqual(["MYSQL", "REDIS"]);
  });

  it("takes no draft from thoughts in the middle of which the stream broke", async () => {
    const draft = { question: "What is a draft?", type: "REDIS", referenceAnswer: "No question.", keyPoints: ["No"] };
    const thoughts = `Perhaps ${JSON.stringify({ questions: [draft] })}`;
    let replies = 0;
    const server = await serve({ reply: (_task, content) => (replies++ === 0 ? thoughts : "") + content });
    server.next({ kind: "cut", after: Math.ceil(thoughts.length / 4) });
    const { interviewer, records } = interviewerAt([server]);
    const drafts = await all(interviewer.planQuestions(planRequest({ slots: ["REDIS"] }), listen().call));
    expect(records.map(({ outcome }) => outcome)).toEqual(["down", "ok"]);
    expect(textsOf(drafts)).not.toContain(draft.question);
  });

  it("stops asking when nobody wants more", async () => {
    const server = await serve({ tokensPerSecond: 500 });
    const { interviewer } = interviewerAt([server]);
    const slots = Array.from({ length: 10 }, () => "BACKEND" as const);
    for await (const _ of interviewer.planQuestions(planRequest({ slots }), listen().call)) break;
    await server.until(() => server.requests[0]!.closed);
    expect(server.requests[0]!.aborted).toBe(true);
  });
});

describe("follow-ups", () => {
  it.each(["I don't know", "不知道", "", "Sorry, no idea."])("needs no call after %j", async (answer) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    const exchanges = [{ question: "What is a covering index?", answer }];
    expect(await interviewer.followUp(followUpRequest({ exchanges }), listen().call)).toBeNull();
    expect(server.requests).toHaveLength(0);
  });

  it("is none when the model finds nothing left to ask", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    const exchanges = [{ question: "Covering index?", answer: "All of it is said, there is nothing to add." }];
    const { call, texts } = listen();
    expect(await interviewer.followUp(followUpRequest({ exchanges }), call)).toBeNull();
    expect(texts).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    "null",
    "None.",
    "N/A",
    "No further questions",
    "“no follow-up needed”",
    "Nothing left to ask.",
    "无",
    "没有追问了。",
    "无需追问",
  ])("is none when the model says so in words: %s", async (question) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({
      kind: "content",
      content: JSON.stringify({ question, referenceAnswer: "It depends.", keyPoints: [] }),
    });
    const locale = /[a-z]/i.test(question) ? "EN" : "ZH";
    expect(await interviewer.followUp(followUpRequest({ locale }), listen().call)).toBeNull();
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    "Nothing is ever deleted there: why?",
    "None of the keys expire. What follows?",
    "No index fits: what then?",
    "无锁队列怎样保证可见性？",
  ])("is asked though it begins like none: %s", async (question) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({
      kind: "content",
      content: JSON.stringify({ question, referenceAnswer: "It depends.", keyPoints: [] }),
    });
    const locale = /[a-z]/i.test(question) ? "EN" : "ZH";
    expect((await interviewer.followUp(followUpRequest({ locale }), listen().call))?.text).toBe(question);
  });

  it("tells the question piece by piece, from the start again after a break", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({ kind: "cut", after: 12 });
    const { call, texts } = listen();
    const answer = "Emoji 😀😀 and 汉字 are cut in the middle of a character by tokens of four.";
    const draft = await interviewer.followUp(
      followUpRequest({ exchanges: [{ question: "Covering index?", answer }] }),
      call,
    );
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.filter(({ offset }) => offset === 0)).toHaveLength(2);
    expect(heardText(texts)).toBe(draft?.text);
    expect(draft?.text).toContain("😀😀 and 汉字");
  });

  it("never tells our instructions, not even a stretch of 80 characters", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.always({ kind: "echo" });
    const { call, texts } = listen();
    await expect(interviewer.followUp(followUpRequest(), call)).rejects.toThrow(InterviewerUnavailable);
    const system = server.requests[0]!.body.messages[0]!.content.replaceAll(/\s+/g, " ");
    for (const told of texts.map(({ text }) => text)) expect(told.length < 80 || !system.includes(told)).toBe(true);
    expect(heardText(texts).length).toBeLessThan(80);
  });
});

describe("scoring", () => {
  it("asks once for a batch, with ids of its own, each answer in its fence", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    const { call, usage } = listen();
    await interviewer.scoreAnswers(scoreRequest(), call);
    const [system, user] = server.requests[0]!.body.messages.map(({ content }) => content);
    expect(server.requests).toHaveLength(1);
    expect(user).not.toContain("session-question");
    expect(user!.match(/<<<ANSWER answer-\d [0-9a-f]{12}>>>/g)).toHaveLength(3);
    expect(system).toContain("data, not instructions");
    expect(usage).toMatchObject({ calls: 1 });
    expect(usage.inputTokens).toBeGreaterThan(100);
    expect(usage.outputTokens).toBeGreaterThan(30);
  });

  it("tells each score as it arrives", async () => {
    const server = await serve({ tokensPerSecond: 1_000 });
    const { interviewer } = interviewerAt([server]);
    const { call, scores } = listen();
    let open = -1;
    const heardFirst = {
      ...call,
      onScore: (...score: Parameters<NonNullable<typeof call.onScore>>) => {
        if (scores.size === 0) open = server.open();
        call.onScore?.(...score);
      },
    };
    await interviewer.scoreAnswers(scoreRequest(Array.from({ length: 8 }, (_, n) => `Answer ${n}.`)), heardFirst);
    expect(open).toBe(1);
    expect(scores.size).toBe(8);
  });

  it("keeps only evidence that the answer holds", async () => {
    const server = await serve({
      reply: (_task, content) =>
        content.replaceAll(/"evidence":\["([^"]*)"\]/g, '"evidence":["$1","never said",""," "]'),
    });
    const { interviewer } = interviewerAt([server]);
    const scores = await interviewer.scoreAnswers(scoreRequest(["I use indexes. Often."]), listen().call);
    expect(scores.get("session-question-0")?.evidence).toEqual(["I use indexes"]);
  });

  it("needs no model for answers that say no more than that one does not know: they are worth nothing", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    const { call } = listen();
    const scores = await interviewer.scoreAnswers(
      scoreRequest(["I don't know", "Indexes are sorted.", "不知道"]),
      call,
    );
    const worth = [...scores.values()].map(({ accuracy, completeness, clarity }) => accuracy + completeness + clarity);
    expect(worth.toSorted((a, b) => a - b)).toEqual([0, 0, expect.any(Number)]);
    expect(scores.get("session-question-0")).toMatchObject({ referenceAnswer: "Reference 0", keyPoints: ["Point 0"] });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.body.messages[1]!.content).not.toContain("I don't know");

    await interviewer.scoreAnswers(scoreRequest(["No idea, sorry."]), call);
    expect(server.requests).toHaveLength(1);
  });

  it("gives back what it found when the provider is lost", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { tries: 1 });
    server.next({ kind: "edit", edit: "missing-item" }, { kind: "status", status: 500 });
    server.always({ kind: "status", status: 500 });
    const scores = await interviewer.scoreAnswers(scoreRequest(), listen().call);
    expect(scores.size).toBe(2);
  });
});

describe("the chain", () => {
  it("is named after its providers, in order", async () => {
    const provider = { baseUrl: "http://127.0.0.1:9/v1", apiKey: null, model: "m" };
    const interviewer = createModelInterviewer({
      providers: [
        { name: "openai", ...provider },
        { name: "gemini", ...provider },
      ],
    });
    expect(interviewer.name).toBe("openai → gemini");
    interviewer.close();
  });

  it("lets all calls wait when one was told to", async () => {
    const server = await serve();
    server.next({ kind: "status", status: 429, retryAfter: "0.3" });
    const work: Promise<unknown>[] = [];
    const interviewer = createModelInterviewer({
      providers: [{ name: "first", baseUrl: server.url, apiKey: null, model: "m" }],
      limits: shortLimits,
      // Called while the first summary waits: others come at that very moment.
      onCall({ outcome }) {
        for (let n = 0; outcome === "busy" && n < 3; n++) {
          work.push(interviewer.summarize(summaryRequest(), listen().call));
        }
      },
    });
    await interviewer.summarize(summaryRequest(), listen().call);
    await Promise.all(work);
    interviewer.close();
    const [refused, ...later] = server.requests.map(({ at }) => at);
    expect(later).toHaveLength(4);
    for (const at of later) expect(at - refused!).toBeGreaterThanOrEqual(290);
  });

  it.each([
    ["in seconds", "20"],
    ["in no words", undefined],
  ])(
    "lets the next one take over from a provider that asks for a wait, %s, and comes back to it",
    async (_, retryAfter) => {
      const first = await serve();
      const second = await serve();
      const bare = { backOffMs: 400, backOffMaxMs: 60_000 };
      const { interviewer } = interviewerAt([first, second], {
        retryAfterMaxMs: 30_000,
        takeOverMs: 100,
        ...(retryAfter ? {} : bare),
      });
      first.always({ kind: "status", status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) });
      const startedAt = performance.now();
      for (let call = 0; call < 3; call++) await interviewer.summarize(summaryRequest(), listen().call);
      await Promise.all([
        interviewer.scoreAnswers(scoreRequest(), listen().call),
        interviewer.followUp(followUpRequest(), listen().call),
      ]);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      // Those who come while it is left alone do not ask it at all.
      expect(first.requests.length).toBeLessThanOrEqual(retryAfter ? 1 : 3);
      expect(second.requests).toHaveLength(5);
    },
  );

  it("asks a provider again after the wait it asked for, however many others there are", async () => {
    const first = await serve();
    const second = await serve();
    let now = 0;
    const { interviewer } = interviewerAt([first, second], { takeOverMs: 50 }, {}, null, () => now);
    first.next({ kind: "status", status: 429, retryAfter: "0.2" });
    await interviewer.summarize(summaryRequest(), listen().call);
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
    now = 200;
    await interviewer.summarize(summaryRequest(), listen().call);
    expect([first.requests.length, second.requests.length]).toEqual([2, 1]);
  });

  it("keeps the wait that was asked for when the one that takes over fails", async () => {
    const first = await serve();
    const second = await serve();
    const { interviewer } = interviewerAt([first, second], { takeOverMs: 50 });
    first.next({ kind: "status", status: 429, retryAfter: "0.3" });
    second.always({ kind: "status", status: 401 });
    await interviewer.summarize(summaryRequest(), listen().call);
    const [refused, served] = first.requests.map(({ at }) => at);
    expect(served! - refused!).toBeGreaterThanOrEqual(290);
    expect(second.requests).toHaveLength(1);
  });

  it.each([
    [429, "0"],
    [429, new Date(0).toUTCString()],
    [429, "0.001"],
    [503, "0"],
    [503, new Date(0).toUTCString()],
  ])("backs off from %i with Retry-After: %s as from one without, and tries no oftener", async (status, retryAfter) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], {
      tries: 4,
      backOffMs: 60,
      backOffMaxMs: 8_000,
      breakerFailures: 5,
      patienceMs: 5_000,
    });
    server.always({ kind: "status", status, retryAfter });
    await expect(interviewer.scoreAnswers(scoreRequest(), listen().call)).rejects.toThrow(InterviewerUnavailable);
    const times = server.requests.map(({ at }) => at);
    expect(times).toHaveLength(4);
    // Half of each span for certain.
    for (const [index, least] of [30, 60, 120].entries()) {
      expect(times[index + 1]! - times[index]!).toBeGreaterThanOrEqual(least - 2);
    }
  });

  it.each([429, 503])(
    "leaves a provider at once that asks for too long a wait, and says how long it is (%i)",
    async (status) => {
      const server = await serve();
      const { interviewer } = interviewerAt([server]);
      server.always({ kind: "status", status, retryAfter: "3600" });
      const error = await interviewer.summarize(summaryRequest(), listen().call).catch((failure: unknown) => failure);
      expect((error as InterviewerUnavailable).retryAfterMs).toBeGreaterThan(3_500_000);
      await expect(interviewer.summarize(summaryRequest(), listen().call)).rejects.toThrow("asked to wait.");
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each([
    "Bad request",
    "stream disconnected before completion",
    "The response was filtered due to the prompt triggering the content management policy",
  ])("learns nothing of a provider's abilities from one stray refusal: %s", async (message) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], {}, { seed: true });
    server.next({ kind: "status", status: 400, message, code: "invalid_request_error" });
    for (let call = 0; call < 2; call++) await interviewer.summarize(summaryRequest(), listen().call);
    expect(server.requests).toHaveLength(3);
    for (const { body } of server.requests) {
      expect(body).toMatchObject({ stream: true, response_format: { type: "json_schema" }, seed: expect.any(Number) });
    }
  });

  it("learns from a refusal without a reason when the request is served once it asks for less", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], {}, { forms: ["json_schema"], seed: true });
    const refusal = { kind: "status", status: 400, message: "Bad request" } as const;
    server.next(refusal, refusal);
    for (let call = 0; call < 2; call++) await interviewer.summarize(summaryRequest(), listen().call);
    expect(server.requests.map(({ body }) => "seed" in body)).toEqual([true, true, false, false]);
  });

  it.each([
    "max_tokens is too large: 8000. This model supports at most 4096 completion tokens, whereas you provided 8000.",
    "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 8192 tokens and your request has 1500 input tokens.",
    "This model's maximum context length is 8192 tokens. However, you requested 9500 tokens (1500 in the messages, 8000 in the completion).",
  ])("asks for a reply without a limit where there is no room for the one it has: %s", async (message) => {
    const server = await serve();
    const { interviewer } = interviewerAt([server]);
    server.next({ kind: "status", status: 400, message });
    for (let call = 0; call < 2; call++) await interviewer.summarize(summaryRequest(), listen().call);
    expect(server.requests.map(({ body }) => "max_tokens" in body)).toEqual([true, false, false]);
    expect(server.requests.every(({ body }) => body.response_format?.type === "json_schema")).toBe(true);
  });

  it("does not ask the same again of a provider that says what it does not know", async () => {
    const server = await serve({ profile: "json_object" });
    const { interviewer } = interviewerAt([server]);
    for (let call = 0; call < 2; call++) await interviewer.summarize(summaryRequest(), listen().call);
    const forms = server.requests.map(({ body }) => body.response_format?.type);
    expect(forms).toEqual(["json_schema", "json_object", "json_object"]);
  });

  it("asks again after a while for what was refused, once, and keeps to what is served", async () => {
    const refuses = ["seed", "stream"];
    const server = await serve({ refuses });
    let now = 0;
    const { interviewer } = interviewerAt([server], { fullAgainMs: 300 }, { seed: true }, null, () => now);
    const ask = (times: number) =>
      Promise.all(Array.from({ length: times }, () => interviewer.summarize(summaryRequest(), listen().call)));
    const full = () => server.requests.filter(({ body }) => body.stream && body.seed !== undefined).length;
    await ask(1);
    expect([server.requests.length, full()]).toEqual([3, 1]);
    now = 300;
    await ask(6);
    expect([server.requests.length, full()]).toEqual([11, 2]);

    refuses.splice(0);
    now = 600;
    await ask(1);
    await ask(4);
    expect([server.requests.length, full()]).toEqual([16, 7]);
  });

  it("says in the interview's language why nobody served it", async () => {
    const first = await serve();
    const second = await serve();
    const { interviewer } = interviewerAt([first, second], { tries: 1 });
    first.always({ kind: "status", status: 401 });
    second.always({ kind: "refusal" });
    const reasonIn = async (locale: Locale): Promise<string> => {
      const request = summaryRequest({ locale });
      return interviewer.summarize(request, listen().call).then(String, ({ reason }: InterviewerUnavailable) => reason);
    };
    expect(await reasonIn("EN")).toBe(
      "The language model is not available: first is not usable as configured (401); second declined to answer.",
    );
    expect(await reasonIn("ZH")).toBe(
      "语言模型不可用：first 按当前配置无法使用，或额度已用尽（401）；second 拒绝作答。",
    );
  });

  it("stops calling a provider that keeps failing, and comes back when a probe succeeds", async () => {
    const first = await serve();
    const second = await serve();
    let now = 0;
    const limits = { breakerFailures: 3, breakerOpenMs: 150, tries: 2 };
    const { interviewer } = interviewerAt([first, second], limits, {}, null, () => now);
    const ask = () => interviewer.summarize(summaryRequest(), listen().call);
    first.always({ kind: "status", status: 500 });
    for (let call = 0; call < 6; call++) await ask();
    expect([first.requests.length, second.requests.length]).toEqual([3, 6]);

    first.always(null);
    now = 149;
    await ask();
    expect([first.requests.length, second.requests.length]).toEqual([3, 7]);
    now = 150;
    for (let call = 0; call < 2; call++) await ask();
    expect([first.requests.length, second.requests.length]).toEqual([5, 7]);
  });

  it("waits with scores for a provider that comes back, since nobody else may give them", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], {
      breakerFailures: 1,
      breakerOpenMs: 1_000,
      patienceMs: 10_000,
      tries: 1,
    });
    server.next({ kind: "status", status: 500 });
    await expect(interviewer.scoreAnswers(scoreRequest(), listen().call)).rejects.toThrow(InterviewerUnavailable);
    await expect(interviewer.summarize(summaryRequest(), listen().call)).rejects.toThrow("left alone");
    expect((await interviewer.scoreAnswers(scoreRequest(), listen().call)).size).toBe(3);
    expect(server.requests).toHaveLength(2);
  });

  it("asks a provider that wants to be left alone no more often for scores than for anything else", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { patienceMs: 1_000, tries: 2 });
    server.always({ kind: "status", status: 429, retryAfter: "0.02" });
    await expect(interviewer.scoreAnswers(scoreRequest(), listen().call)).rejects.toThrow("asked to wait");
    expect(server.requests).toHaveLength(2);
  });

  it("lets others through as soon as a provider that was left alone begins to reply", async () => {
    const server = await serve({ tokensPerSecond: 300 });
    const { interviewer } = interviewerAt([server], {
      breakerFailures: 1,
      breakerOpenMs: 1_000,
      patienceMs: 10_000,
      tries: 1,
    });
    server.next({ kind: "status", status: 500 });
    await expect(interviewer.summarize(summaryRequest(), listen().call)).rejects.toThrow(InterviewerUnavailable);
    // What follows the last score is asked for before the reply with the scores has ended.
    const begun = Promise.withResolvers<void>();
    const scoring = interviewer.scoreAnswers(scoreRequest(), { ...listen().call, onScore: () => begun.resolve() });
    await begun.promise;
    await interviewer.summarize(summaryRequest(), listen().call);
    expect((await scoring).size).toBe(3);

    // A reply that breaks off after its beginning is a failure all the same.
    server.next({ kind: "cut", after: 3 });
    await expect(interviewer.summarize(summaryRequest(), listen().call)).rejects.toThrow("broke off");
    await expect(interviewer.summarize(summaryRequest(), listen().call)).rejects.toThrow("left alone");
  });

  it("stops calling a provider that does not serve it, and goes on saying why", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { breakerFailures: 3, breakerOpenMs: 60_000, patienceMs: 60_000 });
    server.always({ kind: "status", status: 401 });
    for (let call = 0; call < 6; call++) {
      const work = interviewer.scoreAnswers(scoreRequest(), listen().call);
      await expect(work).rejects.toThrow("first is not usable as configured (401)");
    }
    expect(server.requests).toHaveLength(3);
  });

  it("is not stopped by replies that are merely bad", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { breakerFailures: 2, breakerOpenMs: 60_000 });
    server.always({ kind: "content", content: "no" });
    for (let call = 0; call < 4; call++) {
      await interviewer.summarize(summaryRequest(), listen().call).catch(() => {});
    }
    server.always(null);
    await interviewer.summarize(summaryRequest(), listen().call);
  });

  it("sends no more than so many calls at once, and all of them in the end", async () => {
    const server = await serve({ firstTokenMs: 20 });
    const { interviewer } = interviewerAt([server], { concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => interviewer.summarize(summaryRequest(), listen().call)));
    expect(server.requests).toHaveLength(12);
    expect(server.peak()).toBe(3);
  });

  it("lets who waits for a question go first, and keeps a place for scores", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { concurrency: 1, firstTokenMs: 60_000, totalMs: 60_000 });
    const held = server.hold(() => true);
    const scores = Array.from({ length: 3 }, () => interviewer.scoreAnswers(scoreRequest(), listen().call));
    await server.until(() => held.requests.length === 1);
    const questions = Array.from({ length: 5 }, () => interviewer.followUp(followUpRequest(), listen().call));
    held.release();
    await Promise.all([...scores, ...questions]);
    const order = server.requests.map(({ task }) => (task === "score_answers" ? "score" : "question"));
    const [one, two] = [["score"], ["question", "question", "question", "score"]];
    expect(order).toEqual([...one!, ...two!, "question", "question", "score"]);
  });

  it("does not count the wait for a free place against a call", async () => {
    const server = await serve({ firstTokenMs: 60 });
    const { interviewer } = interviewerAt([server], { concurrency: 1, totalMs: 1_000, tries: 1 });
    await Promise.all(Array.from({ length: 20 }, () => interviewer.summarize(summaryRequest(), listen().call)));
    expect(server.requests).toHaveLength(20);
  });

  it.each([
    ["before the headers", { kind: "no-headers" } as const],
    ["before the first token", { kind: "no-first-token" } as const],
    ["in the middle of the reply", { kind: "stall", after: 10 } as const],
  ])("closes the socket when it is cancelled %s", async (_, fault) => {
    const server = await serve();
    const patient = { firstTokenMs: 60_000, idleMs: 60_000, totalMs: 60_000 };
    const { interviewer, records } = interviewerAt([server], patient);
    server.always(fault);
    const { call, abort } = listen();
    const reason = new Error("The node is stopping");
    const work = interviewer.summarize(summaryRequest(), call);
    await server.until(() => server.requests.length === 1);
    abort.abort(reason);
    await expect(work).rejects.toBe(reason);
    await server.until(() => server.requests[0]!.closed);
    expect(server.requests[0]!.aborted).toBe(true);
    expect(server.open()).toBe(0);
    expect(records.map(({ outcome }) => outcome)).toEqual(["cancelled"]);
  });

  it("leaves the line when it is cancelled while it waits for a place", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { concurrency: 1, firstTokenMs: 60_000, totalMs: 60_000 });
    server.next({ kind: "no-headers" });
    const [first, second] = [listen(), listen()];
    const held = interviewer.summarize(summaryRequest(), first.call);
    await server.until(() => server.requests.length === 1);
    const waiting = interviewer.summarize(summaryRequest(), second.call);
    const third = interviewer.summarize(summaryRequest(), listen().call);
    second.abort.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    first.abort.abort(new Error("over"));
    await expect(held).rejects.toThrow("over");
    await third;
    expect(server.requests).toHaveLength(2);
  });

  it("does not wait for a reply that is not streamed until all time is over, but longer than for a first token", async () => {
    const server = await serve();
    const limits = { firstTokenMs: 200, unstreamedTokenMs: 0.1, totalMs: 60_000, tries: 4 };
    const { interviewer, records } = interviewerAt([server], limits, { streaming: false });
    server.always({ kind: "no-headers" });
    await expect(interviewer.followUp(followUpRequest(), listen().call)).rejects.toThrow("did not reply in time");
    // 200 ms, and 400 ms for 4,000 tokens.
    expect(records[0]!.ms).toBeGreaterThan(550);
    expect(records[0]!.ms).toBeLessThan(10_000);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.body.max_tokens).toBe(4_000);
  });

  it.each([
    ["falls silent", { kind: "stall", after: 10_000 } as const],
    ["is cut", { kind: "cut", after: 10_000 } as const],
    ["breaks with an error", { kind: "error-in-stream", after: 10_000 } as const],
  ])("takes a reply that is whole when its stream %s before it has said so", async (_, fault) => {
    const server = await serve();
    const { interviewer, records } = interviewerAt([server], { idleMs: 200 });
    server.always(fault);
    const { call, texts } = listen();
    const draft = await interviewer.followUp(followUpRequest(), call);
    expect(heardText(texts)).toBe(draft?.text);
    expect(texts.filter(({ offset }) => offset === 0)).toHaveLength(1);
    expect(records.map(({ outcome }) => outcome)).toEqual(["ok"]);
    expect((await interviewer.scoreAnswers(scoreRequest(), listen().call)).size).toBe(3);
    expect(server.requests).toHaveLength(2);
  });

  it("ends within the limit of all tries together", async () => {
    const server = await serve();
    const { interviewer } = interviewerAt([server], { totalMs: 800, tries: 20 });
    server.always({ kind: "no-headers" });
    const startedAt = performance.now();
    await expect(interviewer.summarize(summaryRequest(), listen().call)).rejects.toThrow(InterviewerUnavailable);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(server.requests).toHaveLength(2);
  });

  it("counts every request, failed ones too", async () => {
    const server = await serve();
    const { interviewer, records } = interviewerAt([server]);
    server.next({ kind: "status", status: 503 }, { kind: "content", content: "no" });
    const { call, usage } = listen();
    await interviewer.summarize(summaryRequest(), call);
    expect(usage.calls).toBe(3);
    expect(records.map(({ provider, task, outcome, status }) => [provider, task, outcome, status])).toEqual([
      ["first", "summarize", "down", 503],
      ["first", "summarize", "bad", null],
      ["first", "summarize", "ok", null],
    ]);
    expect(records.reduce((sum, { outputTokens }) => sum + outputTokens, 0)).toBe(usage.outputTokens);
    const times = records.map(({ ms }) => Math.round(ms));
    expect(times.reduce((sum, ms) => sum + ms, 0)).toBe(usage.durationMs);
    expect(Math.max(...times)).toBe(usage.longestMs);
  });

  it("sends a request anew, and counts it once, when the idle connection that it took was closed already", async () => {
    const model = await serve();
    // Each connection serves one request, and is closed while the next one is on its way.
    const gateway = createServer((client) => {
      const upstream = connect(Number(new URL(model.url).port), "127.0.0.1");
      onTestFinished(() => void upstream.destroy());
      let isUsed = false;
      client.on("error", () => {});
      client.on("data", (data) => {
        if (isUsed) client.resetAndDestroy();
        else upstream.write(data);
      });
      upstream.on("data", (data) => {
        isUsed = true;
        client.write(data);
      });
    });
    await new Promise<void>((done) => gateway.listen(0, "127.0.0.1", done));
    onTestFinished(() => void gateway.close());
    const { port } = gateway.address() as AddressInfo;
    const { interviewer, records } = interviewerAt([{ url: `http://127.0.0.1:${port}/v1` }]);
    const { call, usage } = listen();
    for (let n = 0; n < 3; n++) await interviewer.summarize(summaryRequest(), call);
    expect(records.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
    expect([model.requests.length, usage.calls]).toEqual([3, 3]);
  });

  it.each([
    [{ prompt_tokens: -5, completion_tokens: 3_000_000_000 }, true],
    [{ prompt_tokens: 1.5, completion_tokens: "12" }, true],
    [{ prompt_tokens: null, completion_tokens: 1_000_001 }, false],
  ])("leaves out figures that cannot be true: %j", async (told, streaming) => {
    const server = await serve();
    const { interviewer, records } = interviewerAt([server], {}, { streaming });
    server.next({ kind: "usage", usage: told }, { kind: "usage", usage: { prompt_tokens: 7, completion_tokens: 0 } });
    const { call, usage } = listen();
    await interviewer.summarize(summaryRequest(), call);
    expect(usage).toMatchObject({ calls: 1, inputTokens: 0, outputTokens: 0 });
    await interviewer.summarize(summaryRequest(), call);
    expect(usage).toMatchObject({ calls: 2, inputTokens: 7, outputTokens: 0 });
    expect(records.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([
      [0, 0],
      [7, 0],
    ]);
  });

  it("sends the key to its own provider, and nothing of the environment", async () => {
    const server = await serve();
    process.env.OPENAI_ORG_ID = "org-of-somebody";
    try {
      const interviewer = createModelInterviewer({
        providers: [{ name: "other", baseUrl: server.url, apiKey, model: "m" }],
        limits: shortLimits,
      });
      await interviewer.summarize(summaryRequest(), listen().call);
      interviewer.close();
    } finally {
      delete process.env.OPENAI_ORG_ID;
    }
    const { headers } = server.requests[0]!;
    expect(headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(headers["openai-organization"]).toBeUndefined();
  });
});
