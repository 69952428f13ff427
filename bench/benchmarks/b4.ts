import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { WebSocket } from "ws";
import { type Benchmark, interleave, type Program, percentile, type Row, startProgram } from "../harness.ts";
import { bearer, createDatabase, type Servers, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId, sessionId } from "../sessions.ts";

const sessions = 200;
const sockets = 20;
/** Each answer makes two events: AnswerSubmitted and QuestionAsked. */
const eventsPerAnswer = 2;
const answersPerSession = 20;
const answer = "I would measure it first, change one thing at a time, and look at the same figures again afterwards.";

/** From an answer on one node to its events at subscribers on another one, on a PostgreSQL that waits for its disk. */
export const benchmark: Benchmark = {
  id: "B4",
  title: "answer on node A, events at subscribers on node B",
  async run(bench) {
    const servers = await startServers({ durable: true, settings: ["track_commit_timestamp=on"] });
    const ours = await startOurs(servers);
    const theirs = await startTheirs(servers);
    try {
      const rows: Row[] = [];
      for (const rate of bench.quick ? [500] : [500, 2_000]) {
        const answers = Math.min(sessions * (answersPerSession - 1), ((bench.quick ? 3 : 8) * rate) / eventsPerAnswer);
        const samples = await interleave(bench, {
          ours: async () => summaryOf(await run(ours, rate, answers)),
          theirs: async () => summaryOf(await run(theirs, rate, answers)),
        });
        const goals = [
          ["request.p50", "request to event, p50", 1.25],
          ["request.p99", "request to event, p99", 1.5],
          ["commit.p50", "commit to event, p50", 1.25],
          ["commit.p99", "commit to event, p99", 1.5],
        ] as const;
        for (const [key, what, atMost] of goals) {
          rows.push({
            id: `B4.${rate}`,
            what: `${what}, ${rate} events/s in ${sessions} sessions, ms`,
            ours: samples.ours.map((round) => round[key]),
            baseline: samples.theirs.map((round) => round[key]),
            baselineName: "pg insert, redis publish, ws",
            goal: { atMost },
          });
        }
      }
      return rows;
    } finally {
      await Promise.all([ours.stop(), theirs.stop()]);
      await servers.stop();
    }
  },
};

interface Sample {
  /** From when the request was due, and from the commit, until the event was there; ms. */
  request: number;
  commit: number;
}

function summaryOf(samples: Sample[]) {
  const of = (key: keyof Sample, share: number): number =>
    percentile(
      samples.map((sample) => sample[key]),
      share,
    );
  return {
    "request.p50": of("request", 0.5),
    "request.p99": of("request", 0.99),
    "commit.p50": of("commit", 0.5),
    "commit.p99": of("commit", 0.99),
  };
}

interface Arm {
  /** New sessions, whose first question waits; ids by number. */
  prepare(): Promise<string[]>;
  /** Opens a socket that watches these sessions, and hears of each event its session and number. */
  watch(ids: string[], onEvent: (id: string, seq: number) => void): Promise<WebSocket>;
  submit(id: string, index: number): Promise<void>;
  /** When each event of these sessions was committed: ms since 1970 by session and number. */
  commits(ids: string[]): Promise<{ id: string; seq: number; at: number }[]>;
  stop(): Promise<void>;
}

/** A constant rate of answers over all sessions; every event must come once, in order. */
async function run(arm: Arm, rate: number, answers: number): Promise<Sample[]> {
  const ids = await arm.prepare();
  const arrived = new Map<string, number[]>(ids.map((id) => [id, []]));
  const expected = new Map<string, number>(ids.map((id) => [id, 0]));
  let missing = answers * eventsPerAnswer;
  let whenAll: () => void = () => {};
  let failed: (error: Error) => void = () => {};
  const all = new Promise<void>((resolve, reject) => {
    whenAll = resolve;
    failed = reject;
  });
  const onEvent = (id: string, seq: number): void => {
    const times = arrived.get(id)!;
    if (seq !== times.length + 3) failed(new Error(`event ${seq} came after ${times.length + 2}`));
    times.push(performance.now());
    if (--missing === 0) whenAll();
  };
  const watching: WebSocket[] = [];
  for (let socket = 0; socket < sockets; socket++) {
    watching.push(
      await arm.watch(
        ids.filter((_, n) => n % sockets === socket),
        onEvent,
      ),
    );
  }

  const clock = wallClockOffset();
  const due = new Map<string, number[]>(ids.map((id) => [id, []]));
  const everyMs = (1_000 * eventsPerAnswer) / rate;
  const startedAt = performance.now();
  for (let sent = 0; sent < answers; ) {
    for (; sent < answers && performance.now() >= startedAt + sent * everyMs; sent++) {
      const id = ids[sent % sessions]!;
      const index = expected.get(id)!;
      expected.set(id, index + 1);
      due.get(id)!.push(startedAt + sent * everyMs);
      arm.submit(id, index).catch(failed);
    }
    await delay(1);
  }
  const late = delay(20_000, null, { ref: false }).then(() => failed(new Error(`${missing} events did not come`)));
  await Promise.race([all, late.then(() => all)]);
  for (const socket of watching) socket.terminate();

  const commits = await arm.commits(ids);
  if (commits.length !== answers * eventsPerAnswer) throw new Error(`${commits.length} events were stored`);
  return commits.map(({ id, seq, at }) => {
    const arrival = arrived.get(id)![seq - 3]!;
    return { request: arrival - due.get(id)![Math.floor((seq - 3) / 2)]!, commit: arrival + clock - at };
  });
}

/** What to add to performance.now() for the time of day, found at the turn of a millisecond. */
function wallClockOffset(): number {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  return now - performance.now();
}

async function startOurs(servers: Servers): Promise<Arm> {
  const databaseUrl = await createDatabase(servers, "nodes_ours");
  const options = { databaseUrl, cores: "0,1", env: { ROLE: "api" } };
  const nodes = [await startProduct(servers, options), await startProduct(servers, options)] as const;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const authorization = await bearer("candidate");
  const post = poster(`${nodes[0].url}/graphql`, { authorization });
  const numbers = new Map<string, number>();
  let group = 0;
  return {
    async prepare() {
      group++;
      await fill(databaseUrl, { sessions, answers: 0, planned: answersPerSession, ownerId: "candidate", group });
      return Array.from({ length: sessions }, (_, n) => {
        numbers.set(sessionId(n + 1, group), n + 1);
        return sessionId(n + 1, group);
      });
    },
    async watch(ids, onEvent) {
      const socket = new WebSocket(`${nodes[1].url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
      await opened(socket);
      socket.send(JSON.stringify({ type: "connection_init", payload: { authorization } }));
      await new Promise((resolve) => socket.once("message", resolve));
      let open = 0;
      const ready = new Promise<void>((resolve) => {
        socket.on("message", (data: Buffer) => {
          const message = JSON.parse(data.toString());
          if (message.type !== "next" || message.payload.errors) throw new Error(data.toString());
          const { cursor } = message.payload.data.sessionEvents;
          // The replayed first question shows that the stream is open.
          if (Number(cursor) > 2) onEvent(ids[Number(message.id)]!, Number(cursor));
          else if (++open === ids.length) resolve();
        });
      });
      for (const [n, id] of ids.entries()) {
        const variables = { sessionId: globalSessionId(numbers.get(id)!, group), after: "1" };
        socket.send(JSON.stringify({ id: String(n), type: "subscribe", payload: { query: watch, variables } }));
      }
      await ready;
      return socket;
    },
    async submit(id, index) {
      const variables = { sessionId: globalSessionId(numbers.get(id)!, group), index, answer };
      const reply = await post({ query: submit, variables });
      if (!reply.includes('"SubmitAnswerPayload"')) throw new Error(reply);
    },
    async commits(ids) {
      const { rows } = await client.query(commitsOf("session_event"), [ids]);
      return rows;
    },
    stop: async () => void (await Promise.all([...nodes.map((node) => node.stop()), client.end()])),
  };
}

const submit = `mutation ($sessionId: ID!, $index: Int!, $answer: String!) {
  submitAnswer(input: { sessionId: $sessionId, questionIndex: $index, answer: $answer }) {
    __typename
    ... on SubmitAnswerPayload { session { status } }
  }
}`;
const watch = `subscription ($sessionId: ID!, $after: ID) {
  sessionEvents(sessionId: $sessionId, after: $after) {
    __typename
    cursor
    sessionId
    ... on AnswerSubmitted { question { index answer { text } } }
    ... on QuestionAsked { question { index text } }
  }
}`;

async function startTheirs(servers: Servers): Promise<Arm> {
  const databaseUrl = await createDatabase(servers, "nodes_theirs");
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: servers.redis.url };
  const nodes: Program[] = [];
  for (const file of ["chain-api", "chain-ws"]) {
    nodes.push(await startProgram(`baselines/${file}.mjs`, { cores: "0,1", env }));
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const post = poster(nodes[0]!.url, {});
  let group = 0;
  return {
    async prepare() {
      group++;
      return Array.from({ length: sessions }, (_, n) => sessionId(n + 1, group));
    },
    async watch(ids, onEvent) {
      const socket = new WebSocket(nodes[1]!.url.replace("http", "ws"));
      await opened(socket);
      let open = 0;
      const ready = new Promise<void>((resolve) => {
        socket.on("message", (data: Buffer) => {
          const message = JSON.parse(data.toString());
          if ("seq" in message) onEvent(message.sessionId, message.seq);
          else if (++open === ids.length) resolve();
        });
      });
      for (const id of ids) socket.send(id);
      await ready;
      return socket;
    },
    async submit(sessionId, index) {
      const reply = await post({ sessionId, index, answer });
      if (!reply.includes('"seq"')) throw new Error(reply);
    },
    async commits(ids) {
      const { rows } = await client.query(commitsOf("event"), [ids]);
      return rows;
    },
    stop: async () => void (await Promise.all([...nodes.map((node) => node.stop()), client.end()])),
  };
}

function commitsOf(table: string): string {
  return `SELECT session_id AS id, seq, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS at
    FROM ${table} WHERE session_id = ANY($1::uuid[]) AND seq > 2`;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
}

/** Posts JSON over kept connections. */
function poster(url: string, headers: Record<string, string>): (body: object) => Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return (body) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const all = { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(text) };
      const sent = request(url, { agent, method: "POST", headers: all }, (response) => {
        let reply = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (reply += chunk));
        response.once("end", () => resolve(reply));
      });
      sent.once("error", reject);
      sent.end(text);
    });
}
