import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import {
  type ModelServer,
  type ModelServerOptions,
  type RecordedRequest,
  startModelServer,
} from "../../test/support/modelServer.ts";
import { type Bench, type Benchmark, interleave, type Row } from "../harness.ts";
import { ask, bearer, createDatabase, type Servers, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId } from "../sessions.ts";

/** The model: so long to the first token, then so many tokens of four characters a second. */
const firstTokenMs = 300;
const tokensPerSecond = 1_000;
const answerTokens = 120;
const summaryTokens = 300;
const batch = 8;

/**
 * Whole evaluations: queue, database, events, Redis, a subscriber and a model that takes a fixed time, as its own log
 * tells. What is left of a ratio above 1 is the product's.
 */
export const benchmark: Benchmark = {
  id: "B7",
  title: "evaluation against a model with a fixed time to the first token and a fixed rate",
  async run(bench) {
    const servers = await startServers();
    const usual = await startNode(servers, "evaluation_usual");
    const adaptive = await startNode(servers, "evaluation_adaptive", {
      env: { EVALUATION_BATCH_SIZE: "auto", LLM_CONCURRENCY: "64", JOB_CONCURRENCY: "64" },
    });
    const busy = await startNode(servers, "evaluation_busy", {
      model: {
        faultRate: 0.1,
        faults: [
          { kind: "status", status: 429 },
          { kind: "status", status: 429, retryAfter: "0.2" },
        ],
      },
    });
    try {
      return await measure(bench, usual, adaptive, busy);
    } finally {
      for (const node of [usual, adaptive, busy]) await node.stop();
      await servers.stop();
    }
  },
};

async function measure(bench: Bench, usual: Node, adaptive: Node, busy: Node): Promise<Row[]> {
  const samples = await interleave(bench, {
    usual: () => usual.evaluate({ answers: 64 }),
    adaptive: () => adaptive.evaluate({ answers: 64 }),
    busy: () => busy.evaluate({ answers: 64 }),
    plain: () => usual.evaluate({ answers: 20 }),
    eager: () => usual.evaluate({ answers: 7, scored: true, questions: 8, end: "answer" }),
    complete: () => usual.evaluate({ answers: 20, scored: true }),
  });
  const row = (id: string, what: string, arm: keyof typeof samples, limit: Limit, atMost: number): Row => ({
    id,
    what,
    ours: samples[arm].map(({ ready }) => ready),
    baseline: limit,
    baselineName: "the model's own time",
    goal: { atMost },
  });
  /** What the model itself took in each round, as its own log tells: batches side by side, then the summary. */
  const own = (arm: keyof typeof samples): Limit => samples[arm].map(({ model }) => model.scoring + model.summary);
  return [
    row("B7", "64 answers in batches of 8, from completeInterview to ReportReady, ms", "usual", own("usual"), 1.03),
    {
      ...row("B7.first", "64 answers, to the first score, ms", "usual", own("usual"), 1.1),
      ours: samples.usual.map(({ firstScore }) => firstScore),
      baseline: samples.usual.map(({ model }) => firstTokenMs + (model.scoring - firstTokenMs) / batch),
    },
    row("B7.429", "64 answers, one request in ten is refused with 429, ms", "busy", own("usual"), 1.25),
    row("B7.auto", "64 answers, batches as small as 64 places allow, ms", "adaptive", own("usual"), 0.6),
    row("B7.eager", "last of 8 answers to ReportReady, ms", "eager", own("eager"), 1.15),
    row(
      "B7.complete",
      "completeInterview with 20 scored answers to ReportReady, ms",
      "complete",
      own("complete"),
      1.25,
    ),
    row("B7.plain", "20 answers, none scored before, ms", "plain", own("plain"), 1.1),
  ];
}

type Limit = number[];

/** How long the longest good reply to one task took the model. */
function longest(requests: RecordedRequest[], task: string): number {
  const times = requests
    .filter((request) => request.task === task && request.fault === null && request.endedAt !== null)
    .map(({ at, endedAt }) => endedAt! - at);
  return Math.max(0, ...times);
}

interface Node {
  /** Milliseconds from the mutation to the first score and to the report, as a subscriber sees them. */
  evaluate(interview: Interview): Promise<Evaluated>;
  stop(): Promise<void>;
}

interface Evaluated {
  firstScore: number;
  ready: number;
  /** Milliseconds of the model's own. */
  model: { scoring: number; summary: number };
}

interface Interview {
  answers: number;
  questions?: number;
  scored?: boolean;
  /** What ends it; left out: `completeInterview`. */
  end?: "answer";
}

async function startNode(
  servers: Servers,
  name: string,
  options: { env?: Record<string, string>; model?: ModelServerOptions } = {},
): Promise<Node> {
  const databaseUrl = await createDatabase(servers, name);
  const model = await startModelServer({
    firstTokenMs,
    tokensPerSecond,
    reply: (task, content) => (task === "score_answers" ? scoresOfLength(content) : summaryOfLength(content)),
    ...options.model,
  });
  const program = await startProduct(servers, {
    databaseUrl,
    env: { LLM_PROVIDERS: "test", TEST_BASE_URL: model.url, TEST_MODEL: "fixed", ...options.env },
  });
  const authorization = await bearer("evaluated");
  const url = `${program.url.replace("http", "ws")}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization }, lazy: false });
  let group = 0;
  return {
    async evaluate({ end, ...interview }) {
      group++;
      await fill(databaseUrl, { sessions: 1, ownerId: "evaluated", group, scored: false, ...interview });
      const seen = model.requests.length;
      const measured = await evaluation(client, globalSessionId(1, group), (sessionId) =>
        end === "answer"
          ? ask(program.url, authorization, submit, { sessionId, index: interview.answers })
          : ask(program.url, authorization, complete, { sessionId }),
      );
      checkRequests(model, seen, end === "answer" ? 1 : interview.scored ? 0 : interview.answers);
      const asked = model.requests.slice(seen);
      return {
        ...measured,
        model: { scoring: longest(asked, "score_answers"), summary: longest(asked, "summarize") },
      };
    },
    async stop() {
      await client.dispose();
      await program.stop();
      await model.close();
    },
  };
}

const complete = `mutation ($sessionId: ID!) {
  completeInterview(input: { sessionId: $sessionId }) { __typename }
}`;
const submit = `mutation ($sessionId: ID!, $index: Int!) {
  submitAnswer(input: { sessionId: $sessionId, questionIndex: $index, answer: "I measured it, and it held." }) {
    __typename
  }
}`;
const watch = `subscription ($sessionId: ID!) {
  sessionEvents(sessionId: $sessionId, after: "0") {
    __typename
    ... on AnswerEvaluated { evaluation { score } }
    ... on ReportReady { report { overallScore overallFeedback } }
    ... on EvaluationFailed { evaluation { error } }
  }
}`;

/** Watches a session, ends its interview and waits for the report. */
async function evaluation(
  client: Client,
  sessionId: string,
  end: (sessionId: string) => Promise<unknown>,
): Promise<{ firstScore: number; ready: number }> {
  const events = client.iterate({ query: watch, variables: { sessionId } });
  let startedAt = Number.NaN;
  let firstScore = Number.NaN;
  let ending: Promise<unknown> | null = null;
  for await (const { data, errors } of events) {
    if (errors) throw new Error(errors.map(({ message }) => message).join("\n"));
    const event = data!.sessionEvents as { __typename: string; evaluation?: { score?: number; error?: string } };
    // The replay shows that the stream is open.
    if (ending === null) {
      startedAt = performance.now();
      ending = end(sessionId);
      ending.catch(() => events.return?.());
    }
    const ms = performance.now() - startedAt;
    if (event.__typename === "EvaluationFailed") throw new Error(event.evaluation!.error);
    if (event.__typename === "AnswerEvaluated" && event.evaluation!.score! > 0 && !(firstScore <= ms)) firstScore = ms;
    if (event.__typename !== "ReportReady") continue;
    await ending;
    return { firstScore, ready: ms };
  }
  await ending;
  throw new Error("The stream ended before the report");
}

/** Every answer was asked for once, and the summary as well, however many requests were refused. */
function checkRequests(model: ModelServer, seen: number, answers: number): void {
  const served = model.requests.slice(seen).filter(({ fault }) => fault === null);
  const scored = served
    .filter(({ task }) => task === "score_answers")
    .reduce((sum, { body }) => sum + body.response_format!.json_schema!.schema.properties.scores.maxItems, 0);
  const summaries = served.filter(({ task }) => task === "summarize").length;
  if (scored !== answers || summaries !== 1) throw new Error(`${scored} of ${answers} scored, ${summaries} summaries`);
}

/** Entries of exactly so many tokens each. */
function scoresOfLength(content: string): string {
  const { scores } = JSON.parse(content) as { scores: { feedback: string }[] };
  // The brackets round the list belong to the first.
  const entries = scores.map((score, n) => padded(score, "feedback", 4 * answerTokens - (n === 0 ? 13 : 1)));
  return `{"scores":[${entries.join(",")}]}`;
}

function summaryOfLength(content: string): string {
  return padded(JSON.parse(content), "overallFeedback", 4 * summaryTokens);
}

function padded<T extends object>(value: T, field: keyof T & string, characters: number): string {
  const bare = JSON.stringify({ ...value, [field]: "" }).length;
  if (bare >= characters) throw new Error(`A reply takes ${bare} characters without its ${field}`);
  return JSON.stringify({ ...value, [field]: "It was well said. ".repeat(100).slice(0, characters - bare) });
}
