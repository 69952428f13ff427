import { Writable } from "node:stream";
import { Redis } from "ioredis";
import { type Logger, pino } from "pino";
import { expect, inject, it, vi } from "vitest";
import { createTables } from "../support/databases.ts";
import { createSession } from "../support/interview.ts";
import { startRedis } from "../support/servers.ts";
import { startTraceReceiver } from "../support/traceReceiver.ts";
import { openWorld, post } from "../support/world.ts";

const resumeText = "Zebediah Quux, engineer at Zanzibar Widgets, ten years of Kubernetes and PostgreSQL";
const answer = "At Zanzibar Widgets I sharded the ledger by customer and moved the hottest one last.";
const submit = `mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename
  ... on SubmitAnswerPayload { session { id } } ... on Error { code } } }`;
const watchAll = `subscription ($id: ID!) { sessionEvents(sessionId: $id, after: "0") { __typename } }`;

it("follows a request from mutation to jobs to the events on another node, and tells nobody's words", async () => {
  const receiver = await startTraceReceiver();
  const shared = {
    DATABASE_URL: await createTables(),
    REDIS_URL: inject("redisUrl"),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  };
  const here = await openWorld("pglite", shared);
  const there = await openWorld("pglite", shared);
  const created = await here.gql<any>(createSession, { input: { resumeText, questionCount: 3, followUps: 0 } });
  const { id } = created.data.createSession.session;
  const watch = there.watch(watchAll, { id });
  await watch.until(({ __typename }) => __typename === "QuestionAsked");
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, "x-request-id": "the-callers-own" };
  await post(here.url, submit, { input: { sessionId: id, questionIndex: 0, answer } }, headers);
  await watch.until(({ __typename }) => __typename === "AnswerSubmitted");
  // Stopping finishes the jobs under way, and sends what has not been sent.
  await here.close();
  await there.close();

  const trace = receiver.spans.filter((span) => span.traceId === traceId);
  const mutation = trace.find(({ name }) => name === "mutation submitAnswer")!;
  expect(mutation.parentSpanId).toBe("b7ad6b7169203331");
  expect(mutation.attributes["request.id"]).toBe("the-callers-own");
  const job = trace.find(({ name }) => name === "job SCORE_ANSWERS")!;
  expect(job.parentSpanId).toBe(mutation.spanId);
  const event = trace.find(({ name }) => name === "event AnswerSubmitted")!;
  expect(event.parentSpanId).toBe(mutation.spanId);
  expect(event.attributes["session.id"]).toBe(mutation.attributes["session.id"]);
  const preparing = receiver.spans.find(({ name }) => name === "job PREPARE_QUESTIONS")!;
  const creating = receiver.spans.find(({ name }) => name === "mutation createSession")!;
  expect([preparing.traceId, preparing.parentSpanId]).toEqual([creating.traceId, creating.spanId]);
  expect(receiver.text()).not.toMatch(/Zebediah|Zanzibar|ledger/);
  await receiver.close();
});

it("logs a line a mutation and a job, with the ids of request and session and nobody's words", async () => {
  const { lines, log } = readLog();
  const world = await openWorld("pglite", {}, log);
  const input = { resumeText, questionCount: 3, followUps: 0 };
  const created = await world.gql<any>(createSession, { input }, { "x-request-id": "one" });
  const { id } = created.data.createSession.session;
  await world.gql(submit, { input: { sessionId: id, questionIndex: 0, answer } }, { "x-request-id": "two words" });
  await world.gql(submit, { input: { sessionId: id, questionIndex: 9, answer } });
  await world.close();

  const mutations = lines.filter(({ mutation }) => mutation);
  expect(mutations.map(({ mutation, outcome }) => [mutation, outcome])).toEqual([
    ["createSession", "CreateSessionPayload"],
    ["submitAnswer", "SubmitAnswerPayload"],
    ["submitAnswer", "QuestionIndexMismatchError"],
  ]);
  const [{ sessionId, requestId }] = mutations;
  expect(requestId).toBe("one");
  expect(Buffer.from(id, "base64").toString()).toBe(`InterviewSession:${sessionId}`);
  expect(new Set(mutations.map((line) => line.sessionId)).size).toBe(1);
  expect(mutations[1].requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(lines.filter(({ job }) => job).map((line) => line.sessionId)).toContain(sessionId);
  expect(JSON.stringify(lines)).not.toMatch(/Zebediah|Zanzibar|ledger|two words/);
});

it("says that Redis refuses commands, and says it once", async () => {
  const server = await startRedis();
  const admin = new Redis(server.url);
  await admin.acl("SETUSER", "listener", "on", ">secret", "~*", "&*", "+@all", "-eval", "-evalsha");
  const { lines, log } = readLog();
  const world = await openWorld("pglite", { REDIS_URL: server.url.replace("//", "//listener:secret@") }, log);
  const input = { questionCount: 3, followUps: 0 };
  for (let n = 0; n < 3; n++) await world.gql(createSession, { input: { ...input, resumeText: `${resumeText} ${n}` } });
  await world.close();
  admin.disconnect();
  await server.stop();

  const told = lines.filter(({ msg }) => msg === "redis refuses commands");
  expect(told.map(({ level, err }) => [level, err.message])).toEqual([[40, expect.stringContaining("NOPERM")]]);
});

it("says once that Redis is away, however often it is tried, and once that it is back", async () => {
  const server = await startRedis();
  const admin = new Redis(server.url);
  await admin.config("SET", "requirepass", "first");
  const { lines, log } = readLog();
  const world = await openWorld("pglite", { REDIS_URL: server.url.replace("//", "//:second@") }, log);
  const tries = async (): Promise<number> =>
    Number(/total_connections_received:(\d+)/.exec(await admin.info("stats"))![1]);
  await vi.waitUntil(async () => (await tries()) >= 12, { timeout: 20_000 });
  await admin.config("SET", "requirepass", "second");
  await vi.waitUntil(() => lines.some(({ msg }) => msg === "redis connection restored"), { timeout: 20_000 });
  await world.close();
  admin.disconnect();
  await server.stop();

  const told = lines.filter(({ msg, err }) => msg === "redis connection lost" && err.message.includes("WRONGPASS"));
  expect(told).toHaveLength(1);
});

/** A log, and the lines that were written to it. */
function readLog(): { lines: any[]; log: Logger } {
  const lines: any[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      for (const line of String(chunk).trim().split("\n")) lines.push(JSON.parse(line));
      done();
    },
  });
  return {
    lines,
    log: pino({ level: "info", base: null, serializers: { err: pino.stdSerializers.err } }, destination),
  };
}
