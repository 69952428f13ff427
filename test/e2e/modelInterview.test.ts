import { afterAll, beforeAll, describe, expect, it as plainIt } from "vitest";
import { message } from "../../src/interview/messages.ts";
import { heardText } from "../adapters/openai/model.ts";
import { retryAtOnce } from "../support/databases.ts";
import { answerAll, create, createSession, sessionEvents, submit } from "../support/interview.ts";
import {
  type Fault,
  type ModelServer,
  type ModelServerOptions,
  type Profile,
  startModelServer,
} from "../support/modelServer.ts";
import { failedStart } from "../support/process.ts";
import { openWorld, type World } from "../support/world.ts";

const key = "sk-e2e-0123456789-very-secret";

/** Most of these wait for a server to start, or for a job: they do so side by side. */
const it = plainIt.extend<{
  serve(options?: ModelServerOptions): Promise<ModelServer>;
  /** A server whose language models are these. */
  open(models: ModelServer[], env?: Record<string, string>): Promise<World>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it what a fixture depends on.
  async serve({}, use) {
    const servers: ModelServer[] = [];
    await use(async (options) => {
      const server = await startModelServer(options);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map((server) => server.close()));
  },
  // The models are closed after those that call them.
  async open({ serve: _ }, use) {
    const worlds: World[] = [];
    await use(async (models, env) => {
      const world = await openWith(models, env);
      worlds.push(world);
      return world;
    });
    await Promise.all(worlds.map((world) => world.close()));
  },
});

function openWith(models: ModelServer[], env: Record<string, string> = {}): Promise<World> {
  const names = models.map((_, index) => `model-${index + 1}`);
  const settings = models.flatMap(({ url }, index): [string, string][] => [
    [`MODEL_${index + 1}_BASE_URL`, url],
    [`MODEL_${index + 1}_API_KEY`, key],
    [`MODEL_${index + 1}_MODEL`, "test-model"],
  ]);
  return openWorld("postgres", {
    LLM_PROVIDERS: names.join(","),
    LLM_TRIES: "2",
    ...Object.fromEntries(settings),
    ...env,
  });
}

const adaptive = {
  mode: "ADAPTIVE",
  questionCount: 3,
  followUps: 0,
  jobDescription: "We look for a back-end engineer who runs reliable services with Java and PostgreSQL in production.",
};

const finished = /* GraphQL */ `
  query Finished($id: ID!) {
    session(id: $id) {
      status
      evaluation { status error }
      usage { calls inputTokens outputTokens durationMs longestMs }
      questions { index text type category isFollowUp source answer { text } }
      report {
        overallScore answeredCount overallFeedback
        questionDetails { answered evaluation { score accuracy completeness clarity evidence referenceAnswer keyPoints } }
      }
    }
  }
`;

/** Of tests that share a server. */
const inTurn = { concurrent: false };

describe.concurrent.each<Profile>(["strict", "json_object", "text"])(
  "an interview with a provider of profile %s",
  (profile) => {
    let model: ModelServer;
    let world: World;
    beforeAll(async () => {
      model = await startModelServer({ profile, firstTokenMs: 20 });
      world = await openWith([model]);
    });
    afterAll(async () => {
      await world.close();
      await model.close();
    });

    it("goes from the résumé to the report", inTurn, async () => {
      const { session } = await create(world, { questionCount: 3, followUps: 1 });
      const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
      await watch.until((event) => event.__typename === "SessionCreated");
      const count = await answerAll(world, session.id);
      await watch.until((event) => event.__typename === "ReportReady");

      const { data } = await world.gql(finished, { id: session.id });
      expect(data.session.status).toBe("EVALUATED");
      expect(data.session.questions).toHaveLength(count);
      expect(count).toBe(6);
      for (const question of data.session.questions) {
        expect(question.source).toBe("MODEL");
        expect(question.text).toMatch(question.isFollowUp ? /^You said "Answer number \d/ : /^Case /);
      }
      const { report } = data.session;
      expect(report.answeredCount).toBe(6);
      expect(report.overallFeedback).toBe("A steady performance with a sound foundation.");
      for (const { evaluation } of report.questionDetails) {
        expect(evaluation.evidence[0]).toMatch(/^Answer number \d/);
        expect(evaluation.referenceAnswer).not.toBe("");
        expect(evaluation.keyPoints).toHaveLength(3);
      }
      // One plan, three follow-ups, the scores, the summary; more only for what the provider refused at first.
      const { usage } = data.session;
      expect(usage.calls).toBe(model.requests.length);
      // A provider that refuses to tell the usage of streams leaves it unknown.
      if (profile !== "text") expect(usage.outputTokens).toBeGreaterThan(300);

      const deltas = watch.events.filter((event) => event.__typename === "QuestionDelta");
      expect(new Set(deltas.map((event) => event.questionIndex))).toEqual(new Set([1, 3, 5]));
      const { body } = await metrics(world);
      expect(body).toMatch(
        /vivavoce_model_call_seconds_count\{provider="model-1",task="score_answers",outcome="ok"\} [1-9]/,
      );
      expect(body).not.toContain(key);

      // Metrics are exact, what is stored is in whole milliseconds.
      const sums = [...body.matchAll(/^vivavoce_model_call_seconds_sum\{.*\} (\S+)$/gm)].map(([, sum]) => Number(sum));
      const totalMs = 1_000 * sums.reduce((total, sum) => total + sum, 0);
      expect(Math.abs(usage.durationMs - totalMs)).toBeLessThanOrEqual(usage.calls);
      expect(usage.longestMs).toBeGreaterThan(10);
      expect(usage.longestMs).toBeLessThan(usage.durationMs);
      expect(usage.longestMs * usage.calls).toBeGreaterThanOrEqual(usage.durationMs);
      const exported = (await world.gql("{ exportMyData }")).data.exportMyData.sessions;
      expect(exported).toMatchObject([{ usage }]);
    });

    it("is made up as it goes in ADAPTIVE mode", inTurn, async () => {
      const { session } = await create(world, adaptive);
      expect(await answerAll(world, session.id)).toBe(3);
      const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
      await watch.until((event) => event.__typename === "ReportReady");
      const { data } = await world.gql(finished, { id: session.id });
      expect(data.session.questions.map(({ source }: { source: string }) => source)).toEqual([
        "MODEL",
        "MODEL",
        "MODEL",
      ]);
      const asked = model.requests.filter(({ task }) => task === "next_question");
      expect(asked.at(-1)!.body.messages[1]!.content).toContain("Answer number 1");
    });
  },
);

it.concurrent("says which limit is reached: that of the day, or that of calls", async ({ serve, open, expect }) => {
  const world = await open([await serve()], { LLM_DAILY_CALLS: "1", RATE_LIMIT_CREATE: "2/60s" });
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  expect(session.currentQuestion.source).toBe("MODEL");
  // It is asked while its call still goes on; what that has cost is known at its end.
  const spent = "query ($id: ID!) { session(id: $id) { usage { calls } } }";
  await expect.poll(async () => (await world.gql(spent, { id: session.id })).data.session.usage.calls).toBe(1);
  const again = async (language: string) => {
    const input = { resumeText: "Somebody else, engineer" };
    return (await world.gql(createSession, { input }, { "accept-language": language })).data.createSession;
  };
  const overDay = await again("en");
  expect(overDay).toMatchObject({
    code: "RATE_LIMITED",
    message: "The daily ceiling on language model use is reached",
  });
  const dayEndsIn = 86_400_000 - (Date.now() % 86_400_000);
  expect(Math.abs(overDay.retryAfterMs - dayEndsIn)).toBeLessThan(60_000);
  const refused = await again("zh");
  expect(refused).toMatchObject({ code: "RATE_LIMITED", message: message("rateLimited", "zh") });
  expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
});

it.concurrent("goes on with the second provider when the first fails in the middle", async ({ serve, open }) => {
  const [first, second] = [await serve(), await serve()];
  const world = await open([first, second]);
  const { session } = await create(world, { questionCount: 3, followUps: 1 });
  await submit(world, session.id, 0, "The first provider has heard this.");
  first.always({ kind: "status", status: 503 });
  for (let index = 1; index < 6; index++)
    await submit(world, session.id, index, `Answer number ${index}, for the second.`);
  const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
  await watch.until((event) => event.__typename === "ReportReady");
  const { data } = await world.gql(finished, { id: session.id });
  expect(data.session.questions).toHaveLength(6);
  expect(new Set(data.session.questions.map(({ source }: { source: string }) => source))).toEqual(new Set(["MODEL"]));
  expect(second.requests.length).toBeGreaterThan(2);
});

it.concurrent("asks the first question while the others are still being written", async ({ serve, open }) => {
  const model = await serve({ tokensPerSecond: 300 });
  const world = await open([model]);
  const { session } = await create(world, { questionCount: 10, followUps: 0 });
  expect(session.currentQuestion).toMatchObject({ index: 0, source: "MODEL" });
  expect(model.requests.map(({ closed }) => closed)).toEqual([false]);
  expect(await answerAll(world, session.id)).toBe(10);
});

describe.concurrent("interviews of one résumé", () => {
  const input = { resumeText: "Java engineer, MySQL and Redis", resumeId: "one", questionCount: 4, followUps: 0 };
  const textsOf = async (world: World, id: string): Promise<string[]> => {
    const { data } = await world.gql(finished, { id });
    return data.session.questions.map(({ text }: { text: string }) => text);
  };

  it("that are prepared at the same time ask different questions", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model]);
    const held = model.hold(() => model.requests.length === 1);
    const first = await create(world, { ...input, wait: false });
    await model.until(() => held.requests.length === 1);
    const second = await create(world, { ...input, forceCreate: true });
    expect(await answerAll(world, second.session.id)).toBe(4);
    // The model replies to both alike.
    held.release();
    const watch = world.watch(sessionEvents, { id: first.session.id, after: "0" });
    await watch.until((event) => event.__typename === "QuestionAsked");
    expect(await answerAll(world, first.session.id)).toBe(4);
    const texts = [...(await textsOf(world, first.session.id)), ...(await textsOf(world, second.session.id))];
    expect(new Set(texts).size).toBe(8);
  });

  it("that are open at once have different questions left", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model]);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { session } = await create(world, { ...input, forceCreate: true });
      await model.until(() => model.requests.every(({ closed }) => closed));
      ids.push(session.id);
    }
    for (const id of ids) await answerAll(world, id);
    const texts = (await Promise.all(ids.map((id) => textsOf(world, id)))).flat();
    expect(new Set(texts).size).toBe(12);
  });

  it("take no question of one another as a follow-up", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model]);
    const { session } = await create(world, input);
    await answerAll(world, session.id);
    const [earlier] = await textsOf(world, session.id);
    const next = await create(world, { ...input, followUps: 1 });
    await model.until(() => model.requests.every(({ closed }) => closed));
    const reply = { question: earlier, referenceAnswer: "It depends.", keyPoints: ["It depends"] };
    model.next({ kind: "content", content: JSON.stringify(reply) });
    await submit(world, next.session.id, 0, "Because it matters.");
    const [, followUp] = await textsOf(world, next.session.id);
    expect(followUp).toMatch(/^You said "Because it matters/);
  });
});

describe.concurrent("when every provider fails for good", () => {
  it("the bank asks, and says so", async ({ serve, open }) => {
    const model = await serve();
    model.always({ kind: "status", status: 500 });
    const world = await open([model]);
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    expect(session.currentQuestion.source).toBe("FALLBACK");
    expect(await answerAll(world, session.id)).toBe(3);
    const { data } = await world.gql(finished, { id: session.id });
    expect(data.session.questions.map(({ source }: { source: string }) => source)).toEqual(
      Array.from({ length: 3 }, () => "FALLBACK"),
    );
  });

  it("the bank fills the place that the model leaves empty, and no other", async ({ serve, open }) => {
    const model = await serve();
    model.always({ kind: "edit", edit: "blank-text" });
    const world = await open([model]);
    const { session } = await create(world, { questionCount: 4, followUps: 0 });
    expect(await answerAll(world, session.id)).toBe(4);
    const { data } = await world.gql(finished, { id: session.id });
    const asked: { source: string; type: string }[] = data.session.questions;
    expect(asked.map(({ source }) => source)).toEqual(["MODEL", "MODEL", "MODEL", "FALLBACK"]);
    const places = model.requests.map(({ body }) => [...body.messages[1]!.content.matchAll(/^\d+\. ([A-Z_]+) \(/gm)]);
    const wanted = places[0]!.map(([, type]) => type);
    expect(asked.map(({ type }) => type).toSorted()).toEqual(wanted.toSorted());
  });

  it("follow-ups to the model's questions ask for what the answers leave out, and say so", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model]);
    const { session } = await create(world, { questionCount: 3, followUps: 2 });
    await model.until(() => model.requests.every(({ closed }) => closed));
    model.always({ kind: "content", content: '{"question":"What would come of a question that is given up?"' });
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await watch.until((event) => event.__typename === "QuestionAsked");
    expect(await answerAll(world, session.id)).toBe(9);
    await watch.until((event) => event.__typename === "InterviewCompleted");
    const { data } = await world.gql(finished, { id: session.id });
    const asked: { index: number; text: string; isFollowUp: boolean; source: string }[] = data.session.questions;
    expect(asked.map(({ source }) => source)).toEqual(
      Array.from({ length: 9 }, (_, index) => (index % 3 === 0 ? "MODEL" : "FALLBACK")),
    );
    for (const { text, isFollowUp } of asked) if (isFollowUp) expect(text).toMatch(/^Could you say more about this: “/);
    // Whoever saw the question that was given up has seen the one that is asked instead in its place.
    for (const { index, text, isFollowUp } of asked) {
      const deltas = watch.events.filter((event) => event.__typename === "QuestionDelta");
      const heard = heardText(deltas.filter(({ questionIndex }) => questionIndex === index));
      if (isFollowUp) expect(heard).toBe(text);
    }
  });

  it("the bank goes on in the middle of an adaptive interview", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model]);
    const { session } = await create(world, adaptive);
    model.always({ kind: "refusal" });
    expect(await answerAll(world, session.id)).toBe(3);
    const { data } = await world.gql(finished, { id: session.id });
    expect(data.session.questions.map(({ source }: { source: string }) => source)).toEqual([
      "MODEL",
      "FALLBACK",
      "FALLBACK",
    ]);
  });

  it.for([
    { mode: "PLANNED" },
    { mode: "ADAPTIVE", jobDescription: "We look for a back-end engineer who runs reliable services with Java." },
  ])("without the bank no $mode session is made, and the caller learns why", async (input, { serve, open }) => {
    const model = await serve();
    model.always({ kind: "status", status: 401 });
    const world = await open([model], { FALLBACK: "off" });
    const refused = await create(world, input);
    expect(refused.__typename).toBe("InterviewerUnavailableError");
    expect(refused.message).not.toMatch(/http|sk-/);
    expect((await world.gql("{ viewer { sessions { totalCount } } }")).data.viewer.sessions.totalCount).toBe(0);
  });

  it("nobody scores in the model's stead: the evaluation fails with its reason", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model], { EVALUATION_EAGER: "false" });
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    await model.until(() => model.requests.every(({ closed }) => closed));
    const before = model.requests.length;
    model.always({ kind: "status", status: 401 });
    await answerAll(world, session.id);
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    const { evaluation } = await watch.until((event) => event.__typename === "EvaluationFailed");
    expect(evaluation.error).toMatch(/^The language model is not available: model-1 /);
    expect(evaluation.error).not.toMatch(/http|127\.0\.0\.1|sk-/);
    const { data } = await world.gql(finished, { id: session.id });
    expect(data.session.report).toBeNull();
    // A key that is refused is no better a moment later: no answer was asked about twice.
    const asked = model.requests
      .slice(before)
      .flatMap(({ body }) => body.messages[1]!.content.match(/<<<ANSWER /g) ?? []);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it("the evaluation waits for a provider that is down for a while", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model], { EVALUATION_EAGER: "false" });
    await retryAtOnce(world.databaseUrl!);
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    await model.until(() => model.requests.every(({ closed }) => closed));
    // One more than three calls with two tries each could pass over.
    model.next(...Array.from({ length: 4 }, (): Fault => ({ kind: "status", status: 503 })));
    await answerAll(world, session.id);
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await watch.until((event) => event.__typename === "ReportReady");
    expect(watch.events.some((event) => event.__typename === "EvaluationFailed")).toBe(false);
  });

  // Two requests for an answer during the interview and four by its evaluation; or four, twice, for all as one batch.
  it.for([
    ["true", 3 * 6],
    ["false", 8],
  ] as const)(
    "a model that never sends a usable score is not asked as often as one that is down (EVALUATION_EAGER=%s)",
    async ([eager, most], { serve, open }) => {
      const model = await serve();
      const world = await open([model], { EVALUATION_EAGER: eager });
      await retryAtOnce(world.databaseUrl!);
      const { session } = await create(world, { questionCount: 3, followUps: 0 });
      await model.until(() => model.requests.every(({ closed }) => closed));
      const before = model.requests.length;
      model.always({ kind: "content", content: "I would rather talk about the weather." });
      await answerAll(world, session.id);
      const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
      const { evaluation } = await watch.until((event) => event.__typename === "EvaluationFailed");
      expect(evaluation.error).toMatch(/sent replies that could not be used/);
      expect(model.requests.length - before).toBeLessThanOrEqual(most);
    },
  );

  it("scores out of range are never stored, and the evaluation goes on from what was good", async ({ serve, open }) => {
    const model = await serve();
    const world = await open([model]);
    await retryAtOnce(world.databaseUrl!);
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    model.always({ kind: "edit", edit: "out-of-range" });
    await answerAll(world, session.id);
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await watch.until((event) => event.__typename === "EvaluationFailed");
    const requests = model.requests.length;
    model.always(null);
    await world.gql(`mutation($id: ID!) { retryEvaluation(input: { sessionId: $id }) { __typename } }`, {
      id: session.id,
    });
    await watch.until((event) => event.__typename === "ReportReady");
    const { data } = await world.gql(finished, { id: session.id });
    expect(data.session.report.questionDetails).toHaveLength(3);
    const again = model.requests.slice(requests).filter(({ task }) => task === "score_answers");
    const answers = again.flatMap(({ body }) => body.messages[1]!.content.match(/<<<ANSWER /g) ?? []);
    const scored = watch.events.filter((event) => event.__typename === "AnswerEvaluated").length;
    expect(scored).toBe(3);
    // Two answers may have been asked about at the very moment when the third one failed for good.
    expect(answers.length).toBeLessThanOrEqual(5);
    for (const { evaluation } of data.session.report.questionDetails)
      expect(evaluation.accuracy).toBeLessThanOrEqual(40);
  });
});

const deleteSession = "mutation($id: ID!) { deleteSession(input: { sessionId: $id }) { __typename } }";

const completeInterview = "mutation($id: ID!) { completeInterview(input: { sessionId: $id }) { __typename } }";

it.concurrent("stops the call for a session that is deleted, and sends no other", async ({ serve, open }) => {
  const model = await serve();
  model.always({ kind: "no-headers" });
  const world = await open([model], { LLM_FIRST_TOKEN_TIMEOUT: "10m", LLM_TOTAL_TIMEOUT: "10m" });
  const { session } = await create(world, { questionCount: 3, wait: false });
  await model.until(() => model.open() === 1);
  await world.gql(deleteSession, { id: session.id });
  await model.until(() => model.open() === 0);
  expect((await metrics(world)).body).toMatch(/call_seconds_count\{[^}]*outcome="cancelled"\} 1/);
  // Whatever would still be sent for it would go first.
  model.always(null);
  await create(world, { questionCount: 3 });
  expect(model.requests.filter(({ task }) => task === "plan_questions")).toHaveLength(2);
});

it.concurrent("stops the call for the next question of an interview that has ended meanwhile", async ({
  serve,
  open,
}) => {
  const model = await serve();
  const world = await open([model], { LLM_FIRST_TOKEN_TIMEOUT: "10m", LLM_TOTAL_TIMEOUT: "10m" });
  const { session } = await create(world, { questionCount: 3 });
  const held = model.hold(({ task }) => task === "follow_up");
  const submitted = submit(world, session.id, 0, "A queue, because the database could not keep up.");
  await model.until(() => held.requests.length === 1);
  await world.gql(completeInterview, { id: session.id });
  await model.until(() => held.requests[0]!.aborted);
  await submitted;
  const { data } = await world.gql(finished, { id: session.id });
  expect(data.session.questions).toHaveLength(1);
});

it.concurrent("goes at once although scores wait for a provider that asked for it", async ({ serve }) => {
  const model = await serve();
  const world = await openWith([model], { DRAIN_TIMEOUT: "10m" });
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  model.always({ kind: "status", status: 429, retryAfter: "600" });
  await submit(world, session.id, 0, "A queue, because the database could not keep up.");
  await model.until(() => model.requests.some(({ task, closed }) => task === "score_answers" && closed));
  const before = performance.now();
  await world.close();
  expect(performance.now() - before).toBeLessThan(10_000);
});

it.concurrent.each([
  ["ACME_BASE_URL", { LLM_PROVIDERS: "acme", ACME_MODEL: "m" }],
  ["ACME_MODEL", { LLM_PROVIDERS: "acme", ACME_BASE_URL: "http://127.0.0.1:9/v1" }],
  ["DEEPSEEK_API_KEY", { LLM_PROVIDERS: "openai,deepseek", OPENAI_API_KEY: key }],
])("a provider that lacks %s ends the start with one line that names it", async (name, env) => {
  const { code, output } = await failedStart(env);
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^${name} must be set[^\\n]*\\n$`));
});

async function metrics(world: World): Promise<{ body: string }> {
  const response = await fetch(`${world.url}/metrics`);
  return { body: await response.text() };
}
