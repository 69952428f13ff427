import { createConnection } from "node:net";
import { Redis } from "ioredis";
import { WebSocket } from "ws";
import { residentBytes } from "../../bench/cpu.ts";
import type { Failpoint } from "../../src/ports/failpoints.ts";
import type { Fault, Held, RecordedRequest } from "../support/modelServer.ts";
import type { CandidateOptions } from "./candidate.ts";
import { type Cluster, type Node, pause, uniqueName } from "./cluster.ts";

/** One kind of fault, done to a cluster while candidates are at work. */
export interface Scenario {
  id: string;
  name: string;
  /** Before the candidates come. */
  prepare?(cluster: Cluster): Promise<void>;
  /** Does its harm, and undoes it; `acks` counts what the candidates got done so far. A text that it returns is printed. */
  harm(cluster: Cluster, acks: () => number): Promise<unknown>;
  candidates?: CandidateOptions;
}

/** The end of the life that a node has now. */
const died = ({ process }: Node): Promise<void> =>
  new Promise((resolve) => {
    if (process === null) resolve();
    else process.child.once("exit", () => resolve());
  });

/** A node's next life ends at a named point. */
function failsAt(id: string, role: "apis" | "workers", point: Failpoint, time = 3): Scenario {
  return {
    id,
    name: `kill -9 of ${role === "apis" ? "an api node" : "a worker"} at ${point}`,
    async prepare(cluster) {
      const node = cluster[role][0]!;
      node.env({ FAIL_AT: `${point}:${time}` }, true);
      await node.kill();
      await node.ready();
    },
    async harm(cluster) {
      const reached = await Promise.race([died(cluster[role][0]!).then(() => true), pause(60_000)]);
      if (!reached) throw new Error(`${point} was not reached`);
      cluster.kills++;
    },
  };
}

/** What was to be tried did not come about: it is tried again. */
export class Missed extends Error {}

/** A worker that is frozen in the middle of calls and wakes to their replies when others have long done its work. */
function zombie(): Scenario {
  let held: Held;
  return {
    id: "F5",
    name: "a worker frozen and woken again as a zombie",
    async prepare({ model }) {
      // Whoever scores first is the one, with all that it scores.
      held = model.hold(({ task, headers }) => {
        const [first] = held.requests;
        return task === "score_answers" && (!first || first.headers.authorization === headers.authorization);
      });
    },
    async harm(cluster) {
      let worker: Node | undefined;
      let sessions: string[] = [];
      try {
        await until(20_000, "nothing was scored", () => held.requests.length > 0);
        worker = cluster.workers.find(({ name }) => held.requests[0]!.headers.authorization === `Bearer ${name}`)!;
        worker.signal("SIGSTOP");
        await until(60_000, "nobody took over", async () => {
          sessions = await evaluated(cluster, held.requests);
          return sessions.length > 0;
        });
      } finally {
        // The replies are there when it wakes.
        held.release();
        worker?.signal("SIGCONT");
      }
      const { length } = held.requests;
      const ends = (): string[] => scoringEnds(worker, sessions);
      await until(30_000, "the zombie did not go on", () => ends().length >= length);
      // Some break over a connection that was cut while the worker slept.
      const reached = ends().filter((outcome) => outcome !== "failed").length;
      if (reached === 0) throw new Missed("no reply reached the zombie");
      return `${reached} of ${length} replies reached a worker that had been replaced`;
    },
  };
}

async function until(ms: number, otherwise: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(otherwise);
    await pause(50);
  }
}

/** The interviews that these requests were about, once all of them have their reports. */
async function evaluated(cluster: Cluster, requests: RecordedRequest[]): Promise<string[]> {
  const names = requests.flatMap(({ body }) => JSON.stringify(body.messages).match(/answer-[0-9a-f]{8}/g) ?? []);
  const rows = await cluster.query<{ id: string; status: string }>(
    `SELECT DISTINCT s.id, s.status FROM answer JOIN question q ON q.id = answer.question_id
     JOIN interview_session s ON s.id = q.session_id
     WHERE substring(answer.text FROM 'answer-[0-9a-f]{8}') = ANY($1)`,
    [names],
  );
  return rows.every(({ status }) => status === "EVALUATED") ? rows.map(({ id }) => id) : [];
}

/** How a worker's scoring of these interviews ended, by its log: a scoring that was begun and not ended is no line yet. */
function scoringEnds(worker: Node, sessions: string[]): string[] {
  return (worker.process?.output() ?? "")
    .split("\n")
    .filter((line) => line.includes('"job":"SCORE_ANSWERS"') && line.endsWith("}"))
    .map((line) => JSON.parse(line) as { sessionId: string; outcome?: string })
    .flatMap(({ sessionId, outcome }) => (outcome && sessions.includes(sessionId) ? outcome : []));
}

function modelFault(id: string, name: string, faults: Fault[]): Scenario {
  return {
    id,
    name: `model: ${name}`,
    async harm({ model }) {
      model.next(...faults.flatMap((fault) => [fault, null, fault, fault]));
      await pause(1_000);
      model.next(...faults);
    },
  };
}

const status = (code: number, retryAfter?: string): Fault =>
  retryAfter === undefined ? { kind: "status", status: code } : { kind: "status", status: code, retryAfter };

export const scenarios: Scenario[] = [
  failsAt("F1", "apis", "before-commit"),
  failsAt("F2", "apis", "after-commit"),
  failsAt("F3", "apis", "after-publish"),
  failsAt("F4a", "workers", "before-scoring", 1),
  failsAt("F4b", "workers", "after-scoring", 1),
  failsAt("F4c", "workers", "after-scores-stored", 1),
  failsAt("F4d", "workers", "before-question", 2),
  failsAt("F4e", "workers", "after-question", 2),
  failsAt("F4f", "workers", "before-summary", 1),
  failsAt("F4g", "workers", "after-summary", 1),
  failsAt("F4h", "workers", "after-report-stored", 1),
  zombie(),
  {
    id: "F6",
    name: "Redis ended and started again",
    async harm({ redis }) {
      await pause(400);
      await redis.stop();
      await pause(3_000);
      await redis.start();
    },
  },
  {
    id: "F7",
    name: "Redis FLUSHALL",
    async harm({ redis }) {
      await pause(500);
      await withRedis(redis.port, (client) => client.flushall());
    },
  },
  {
    id: "F8",
    name: "Redis parted from one node without a word",
    async harm({ apis }) {
      await pause(300);
      apis[0]!.redis.set("stall");
      await pause(6_000);
      apis[0]!.redis.set("pass");
    },
  },
  {
    id: "F9",
    name: "Redis drops its subscribers again and again",
    async harm({ redis }) {
      for (let n = 0; n < 8; n++) {
        await withRedis(redis.port, (client) => client.call("CLIENT", "KILL", "TYPE", "pubsub"));
        await pause(300);
      }
    },
  },
  {
    id: "F10",
    name: "PostgreSQL restarted at once",
    async harm({ postgres }) {
      await pause(600);
      await postgres.restart();
    },
  },
  {
    id: "F11a",
    name: "PostgreSQL stalled for one node",
    async harm({ apis }) {
      await pause(300);
      apis[0]!.postgres.set("stall");
      await pause(8_000);
      apis[0]!.postgres.set("pass");
    },
  },
  {
    id: "F11b",
    name: "PostgreSQL frozen for 20 s, asked 200 times a second",
    async harm(cluster) {
      const { apis, postgres } = cluster;
      const ask = await reader(cluster);
      const answers: Promise<{ status: number; ms: number }>[] = [];
      await Promise.all(apis.map(({ url }) => loopDelay(url)));
      const before = apis.map(memory);
      let most = 0;
      postgres.signal("SIGSTOP");
      for (let n = 0; n < 400; n++) {
        for (let k = 0; k < 10; k++) {
          const answer = ask(n % 2);
          answer.catch(() => {});
          answers.push(answer);
        }
        await pause(50);
        most = Math.max(most, ...apis.map((node, index) => memory(node) - before[index]!));
      }
      const delays = await Promise.all(apis.map(({ url }) => loopDelay(url)));
      postgres.signal("SIGCONT");
      const since = performance.now();
      await Promise.all(apis.map((node) => node.ready()));
      const readyMs = performance.now() - since;
      const all = await Promise.all(answers);
      const of = Object.entries(Object.groupBy(all, ({ status }) => status)).map(
        ([status, same]) => `${same!.length} × ${status}`,
      );
      return (
        `answers ${of.join(", ")}, the slowest after ${Math.round(Math.max(...all.map(({ ms }) => ms)))} ms; ` +
        `event loop p99 ${delays.map((delay) => Math.round(delay * 1_000)).join(" and ")} ms, ` +
        `memory +${Math.round(most / 2 ** 20)} MiB at most, ready again after ${Math.round(readyMs)} ms`
      );
    },
  },
  {
    id: "F12",
    name: "serialization failures and deadlocks",
    async harm(cluster) {
      await cluster.query(`
        CREATE OR REPLACE FUNCTION fail_sometimes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF random() < 0.15 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF;
          IF random() < 0.15 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40P01'; END IF;
          RETURN NEW; END $$`);
      await cluster.query(
        "CREATE TRIGGER fail_sometimes BEFORE INSERT ON session_event FOR EACH ROW EXECUTE FUNCTION fail_sometimes()",
      );
      await pause(2_500);
      await cluster.query("DROP TRIGGER fail_sometimes ON session_event");
    },
  },
  modelFault("F13", "429 with and without Retry-After", [status(429, "1"), status(429)]),
  modelFault("F14", "500, 503 and resets", [status(500), status(503), { kind: "reset" }]),
  modelFault("F15", "cut and stalled streams", [
    { kind: "cut", after: 3 },
    { kind: "end-early", after: 2 },
    { kind: "error-in-stream", after: 2 },
  ]),
  modelFault("F16", "replies that are not what was asked for", [
    { kind: "html" },
    { kind: "content", content: null },
    { kind: "refusal" },
    { kind: "truncated", reason: "length", share: 0.5 },
    { kind: "edit", edit: "out-of-range" },
    { kind: "edit", edit: "unknown-id" },
    { kind: "edit", edit: "missing-item" },
    { kind: "edit", edit: "not-a-number" },
    { kind: "edit", edit: "deeply-nested" },
    { kind: "huge", characters: 5_000_000 },
  ]),
  modelFault("F17", "bytes one by one", [{ kind: "byte-by-byte" }, { kind: "byte-by-byte" }]),
  {
    id: "F18",
    name: "clients that drop and come back to another node",
    candidates: { reconnectEvery: 3 },
    harm: nothing,
  },
  { id: "F19", name: "catching up while events arrive", candidates: { reconnectEvery: 1 }, harm: nothing },
  {
    id: "F20",
    name: "fifty tabs answer the same question on two nodes at once",
    async harm(cluster) {
      const ask = await caller(cluster);
      const { createSession: created } = await ask(0, createOne, { input: resume("F20") });
      const sessionId = created.session.id;
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          ask(n % 2, submitOne, { input: { sessionId, questionIndex: 0, answer: `Answer ${n % 5}`, wait: false } }),
        ),
      );
      const accepted = results.filter(({ submitAnswer }) => submitAnswer.__typename === "SubmitAnswerPayload");
      const refused = results.filter(({ submitAnswer }) => submitAnswer.__typename === "QuestionIndexMismatchError");
      const { session } = await ask(0, answerOf, { id: sessionId });
      const texts = new Set(accepted.map(({ submitAnswer }) => submitAnswer.question.answer.text));
      if (accepted.length + refused.length !== 50 || texts.size !== 1 || !texts.has(session.questions[0].answer.text)) {
        throw new Error(`${accepted.length} accepted, ${refused.length} refused, ${texts.size} texts`);
      }
    },
  },
  {
    id: "F21",
    name: "one key with two inputs",
    async harm(cluster) {
      const ask = await caller(cluster);
      const input = { ...resume("F21"), idempotencyKey: "the same key" };
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          ask(n % 2, createOne, { input: { ...input, questionCount: 3 + (n % 2) } }),
        ),
      );
      const made = new Set(results.flatMap(({ createSession }) => createSession.session?.id ?? []));
      const conflicts = results.filter(({ createSession }) => createSession.__typename === "IdempotencyConflictError");
      if (made.size !== 1 || conflicts.length !== 10)
        throw new Error(`${made.size} made, ${conflicts.length} conflicts`);
    },
  },
  {
    id: "F22",
    name: "answers that get lost on the way to PostgreSQL's client",
    async harm({ apis }) {
      for (let n = 0; n < 4; n++) {
        apis[n % 2]!.postgres.set("deaf");
        await pause(150);
        apis[n % 2]!.postgres.cut();
        apis[n % 2]!.postgres.set("pass");
        await pause(400);
      }
    },
  },
  {
    id: "F23",
    name: "a node whose clock is ten minutes ahead",
    async harm({ apis, workers }) {
      for (const [node, minutes] of [
        [apis[0]!, 10],
        [workers[0]!, -10],
      ] as const) {
        const shift = `const real = Date.now; const by = ${minutes * 60_000}; globalThis.Date = class extends Date {
          constructor(...args) { args.length ? super(...args) : super(real() + by); } static now() { return real() + by; } };`;
        node.env({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}` }, true);
        await node.kill();
        await node.ready();
      }
      await pause(3_000);
      for (const node of [apis[0]!, workers[0]!]) await node.kill();
    },
  },
  {
    id: "F24",
    name: "a watcher that stops reading",
    async harm(cluster) {
      const token = await cluster.token("admin", "admin");
      const socket = new WebSocket(`${cluster.apis[0]!.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
      socket.on("error", () => {});
      await new Promise((resolve) => socket.once("open", resolve));
      socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${token}` } }));
      await new Promise((resolve) => socket.once("message", resolve));
      const query = "subscription { viewerEvents { cursor session { questions { text answer { text } } } } }";
      socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query } }));
      socket.pause();
      await pause(4_000);
      socket.terminate();
    },
  },
  {
    id: "F25",
    name: "endless, huge and slow requests",
    async harm({ apis }) {
      const port = Number(new URL(apis[0]!.url).port);
      const head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
      const sockets = [
        `${head}content-length: 1000000000\r\n\r\n`,
        `${head}transfer-encoding: chunked\r\n\r\n`,
        `${head}content-length: 100\r\n\r\n{`,
        "POST /graphql HT",
      ].map((text) => {
        const socket = createConnection(port, "127.0.0.1");
        socket.on("error", () => {});
        socket.write(text);
        return socket;
      });
      const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
      for (let n = 0; n < 200; n++) {
        sockets[1]!.write(chunk);
        await pause(5);
      }
      for (const socket of sockets) socket.destroy();
    },
  },
  {
    id: "F26",
    name: "a rolling restart of the api nodes",
    async harm({ apis }) {
      for (const node of apis) {
        const startedAt = performance.now();
        const code = await node.terminate();
        const took = performance.now() - startedAt;
        if (code !== 0 || took > 20_000)
          throw new Error(`${node.name} ended with ${code} after ${Math.round(took)} ms`);
        await node.ready();
      }
    },
  },
  {
    id: "F27",
    name: "SIGTERM of the workers at work",
    async harm({ workers }) {
      for (const node of workers) {
        const startedAt = performance.now();
        const code = await node.terminate();
        const took = performance.now() - startedAt;
        if (code !== 0 || took > 20_000)
          throw new Error(`${node.name} ended with ${code} after ${Math.round(took)} ms`);
        await node.ready();
      }
    },
  },
  {
    id: "F28",
    name: "an event of a kind that is not known yet",
    async harm(cluster) {
      for (let n = 0; n < 10; n++) {
        await cluster.query(`WITH moved AS (
            UPDATE interview_session SET seq = seq + 1, version = version + 1
            WHERE id IN (SELECT id FROM interview_session WHERE status = 'IN_PROGRESS' LIMIT 3) RETURNING id, seq)
          INSERT INTO session_event (session_id, seq, kind, data) SELECT id, seq, 'HintGiven', '{}' FROM moved`);
        await pause(150);
      }
    },
  },
  {
    id: "F29",
    name: "a database that takes no writes",
    async harm(cluster) {
      await pause(500);
      await cluster.run("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
      await pause(2_000);
      await cluster.run(
        "SET default_transaction_read_only = off",
        "ALTER SYSTEM RESET default_transaction_read_only",
        "SELECT pg_reload_conf()",
      );
    },
  },
  {
    id: "F30",
    name: "a job that kills its worker each time",
    async harm(cluster) {
      for (const node of cluster.workers) node.env({ FAIL_AT: "before-scoring" });
      for (const node of cluster.workers) await node.kill();
      // Three lives of a job, each found dead after ten seconds without a sign of life.
      await pause(45_000);
      for (const node of cluster.workers) {
        node.env({});
        await node.kill();
      }
    },
  },
];

const createOne = `mutation($input: CreateSessionInput!) { createSession(input: $input) { __typename
  ... on CreateSessionPayload { session { id } } } }`;
const submitOne = `mutation($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename
  ... on SubmitAnswerPayload { question { answer { text } } } } }`;
const answerOf = "query($id: ID!) { session(id: $id) { questions { answer { text } } } }";
const resume = (key: string): object => ({
  resumeText: `Java engineer for ${key}`,
  questionCount: 3,
  forceCreate: true,
});

/** Asks one of the api nodes, as one viewer. */
async function caller(cluster: Cluster): Promise<(node: number, query: string, variables: object) => Promise<any>> {
  const authorization = `Bearer ${await cluster.token(uniqueName("caller"))}`;
  return async (node, query, variables) => {
    const response = await fetch(`${cluster.apis[node]!.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
}

/** A small read again and again; an answer that is neither whole nor says when to come back is a fault. */
async function reader(cluster: Cluster): Promise<(node: number) => Promise<{ status: number; ms: number }>> {
  const authorization = `Bearer ${await cluster.token(uniqueName("reader"))}`;
  const body = JSON.stringify({ query: "{ viewer { sessions(first: 1) { totalCount } } }" });
  return async (node) => {
    const startedAt = performance.now();
    const response = await fetch(`${cluster.apis[node]!.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body,
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    const isTyped = response.status === 503 ? response.headers.has("retry-after") : response.status === 200 && !errors;
    if (!isTyped) throw new Error(`${response.status} ${JSON.stringify(errors)}`);
    return { status: response.status, ms: performance.now() - startedAt };
  };
}

/** Seconds, since it was last asked for. */
async function loopDelay(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^vivavoce_event_loop_delay_p99_seconds (\S+)$/m.exec(text)![1]);
}

function memory(node: Node): number {
  return residentBytes(node.process!.child.pid!);
}

async function nothing(): Promise<void> {
  await pause(1_500);
}

async function withRedis(port: number, use: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(port, "127.0.0.1");
  await use(client).finally(() => client.disconnect());
}
