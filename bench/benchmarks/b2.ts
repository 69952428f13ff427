import { Redis } from "ioredis";
import { cpuSeconds } from "../cpu.ts";
import { type Benchmark, interleave, type Program, type Row, startProgram } from "../harness.ts";
import { bearer, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId, sessionId } from "../sessions.ts";
import { type Client, type Crowd, type Dialect, gather, graphqlDialect, operationId, Tally } from "../sockets.ts";

const subscribers = 500;
/** Events on their way at the same time, each to its audience. */
const window = { shared: 8, distinct: 8 * subscribers };
const ownerId = "watched";
/** Answers of the sessions: so many that their newest event has this number. */
const answers = 1;
const newest = 2 * answers + 2;
/** The session that all watch is none of those that one watches each. */
const sharedGroup = 1;
const occurredAt = "2026-11-25T12:00:00.000Z";
const evaluation = { status: "PROCESSING", answersEvaluated: 3, answersTotal: 8, percent: 37, attempt: 1, error: null };

const query = `subscription ($id: ID!, $after: ID) {
  sessionEvents(sessionId: $id, after: $after) {
    __typename cursor sessionId occurredAt
    ... on EvaluationProgressed {
      evaluation { status answersEvaluated answersTotal percent attempt error }
    }
  }
}`;

type Spread = "shared" | "distinct";

/** One server with its crowd of 500, and what it is fed. */
interface Arm {
  program: Program;
  crowd: Crowd;
  spread: Spread;
  channel(session: number): string;
  /** What another node would publish. */
  message(session: number, seq: number): string;
  /** What each client must get for it. */
  expected(client: Client, session: number, seq: number): Buffer;
  seq: number;
}

export const benchmark: Benchmark = {
  id: "B2",
  title: "deliveries to 500 subscribers: of one session, and of a session each",
  async run(bench) {
    const servers = await startServers();
    const publisher = new Redis(servers.redis.url);
    const programs: Program[] = [];
    const start = async (program: Promise<Program>): Promise<Program> => {
      programs.push(await program);
      return programs.at(-1)!;
    };
    try {
      const env = { REDIS_URL: servers.redis.url };
      const product = await start(startProduct(servers));
      await fill(servers.postgres.url, { sessions: subscribers, answers, ownerId });
      await fill(servers.postgres.url, { sessions: 1, answers, ownerId, group: sharedGroup });
      const bare = await start(startProgram("baselines/ws.mjs", { env }));
      const stock = await start(
        startProgram("baselines/graphqlWs.mjs", { env: { ...env, DATABASE_URL: servers.postgres.url } }),
      );
      const arms: Record<string, Arm> = {};
      for (const spread of ["shared", "distinct"] as const) {
        arms[`ours ${spread}`] = await productArm(product, spread);
        arms[`ws ${spread}`] = await wsArm(bare, spread, spread === "shared" ? 0 : 1_000);
        arms[`graphql-ws ${spread}`] = await stockArm(stock, spread, spread === "shared" ? 2_000 : 3_000);
      }
      const events = bench.quick ? 120 : 600;
      const measured = await interleave(
        bench,
        Object.fromEntries(
          Object.entries(arms).map(([name, arm]) => [name, () => measure(publisher, arm, events)]),
        ) as Record<string, () => Promise<Deliveries>>,
      );
      for (const { crowd } of Object.values(arms)) await crowd.leave();
      return rowsOf(measured);
    } finally {
      publisher.disconnect();
      for (const program of programs) await program.stop();
      await servers.stop();
    }
  },
};

interface Deliveries {
  perSecond: number;
  /** Of the server's processor. */
  microseconds: number;
}

async function measure(publisher: Redis, arm: Arm, events: number): Promise<Deliveries> {
  const { crowd, spread } = arm;
  const total = events * subscribers;
  const all = new Tally(total);
  const first = arm.seq + 1;
  for (const client of crowd.clients) client.seen = arm.seq;
  crowd.onBroken = all.fail;
  let published = 0;
  let delivered = 0;
  const messages = spread === "shared" ? events : total;
  const audience = spread === "shared" ? subscribers : 1;

  const publish = (): void => {
    const pipeline = publisher.pipeline();
    while (published < messages && published * audience - delivered < window[spread] * audience) {
      const session = spread === "shared" ? 0 : published % subscribers;
      const seq = first + (spread === "shared" ? published : Math.floor(published / subscribers));
      pipeline.publish(arm.channel(session), arm.message(session, seq));
      published++;
    }
    if (pipeline.length > 0) pipeline.exec().catch(all.fail);
  };
  crowd.onMessage = (client, message) => {
    const session = spread === "shared" ? 0 : client.index;
    const expected = arm.expected(client, session, client.seen + 1);
    if (!message.equals(expected)) all.fail(new Error(`${message} is not ${expected}`));
    client.seen++;
    delivered++;
    all.step();
    if (delivered % (audience === 1 ? 100 : audience) === 0) publish();
  };
  const pid = arm.program.child.pid!;
  const cpu = cpuSeconds(pid);
  const startedAt = performance.now();
  publish();
  await all.done;
  arm.seq += events;
  return {
    perSecond: Math.round(total / ((performance.now() - startedAt) / 1_000)),
    microseconds: Number((((cpuSeconds(pid) - cpu) * 1e6) / total).toFixed(2)),
  };
}

async function productArm(program: Program, spread: Spread): Promise<Arm> {
  const group = spread === "shared" ? sharedGroup : 0;
  const id = (session: number): string => globalSessionId(session + 1, group);
  const crowd = await gather(program.url, subscribers, joining(spread, id, await bearer(ownerId)));
  return {
    program,
    crowd,
    spread,
    seq: newest,
    channel: (session) => `vivavoce:session:${sessionId(session + 1, group)}`,
    message: (session, seq) =>
      JSON.stringify({
        from: "another node",
        events: [
          {
            kind: "EvaluationProgressed",
            evaluation,
            sessionId: sessionId(session + 1, group),
            ownerId,
            seq,
            occurredAt,
          },
        ],
      }),
    expected: frames(id),
  };
}

async function stockArm(program: Program, spread: Spread, offset: number): Promise<Arm> {
  const channel = (session: number): string => sessionId(session + 1, offset);
  return {
    program,
    crowd: await gather(program.url, subscribers, justSubscribing(spread, channel)),
    spread,
    seq: newest,
    channel,
    message: (_, seq) => JSON.stringify({ kind: "EvaluationProgressed", evaluation, seq, occurredAt }),
    expected: frames(channel),
  };
}

async function wsArm(program: Program, spread: Spread, offset: number): Promise<Arm> {
  const channel = (session: number): string => sessionId(session + 1, offset);
  // As long as the frames of the others.
  const message = (session: number, seq: number): string =>
    `{"id":"${operationId(0)}","type":"next","payload":${payload(globalSessionId(session + 1), seq)}}`;
  const last = new Map<number, { seq: number; text: Buffer }>();
  return {
    program,
    crowd: await gather(program.url, subscribers, {
      path: (index) => `/?session=${channel(spread === "shared" ? 0 : index)}`,
      onOpen: () => {},
      onGreeting: (_, greeting) => greeting.toString() === "joined",
    }),
    spread,
    seq: newest,
    channel,
    message,
    expected(_, session, seq) {
      const known = last.get(session);
      if (known?.seq === seq) return known.text;
      const text = Buffer.from(message(session, seq));
      last.set(session, { seq, text });
      return text;
    },
  };
}

function joining(spread: Spread, id: (session: number) => string, authorization: string): Dialect {
  return graphqlDialect(query, {
    authorization,
    variables: (index) => ({ id: id(spread === "shared" ? 0 : index), after: String(newest - 1) }),
    joinedWith: `"cursor":"${newest}"`,
  });
}

/** The stock server reads no cursor here: its subscribers have joined when what they asked for a second time is there. */
function justSubscribing(spread: Spread, id: (session: number) => string): Dialect {
  return graphqlDialect(query, {
    variables: (index) => ({ id: id(spread === "shared" ? 0 : index) }),
    joinedWith: "connection_ack",
  });
}

function payload(id: string, seq: number): string {
  const event = { __typename: "EvaluationProgressed", cursor: String(seq), sessionId: id, occurredAt, evaluation };
  return JSON.stringify({ data: { sessionEvents: event } });
}

/** Frames, made once an event and checked byte for byte. */
function frames(id: (session: number) => string): Arm["expected"] {
  const bodies = new Map<number, { seq: number; text: string }>();
  return ({ index }, session, seq) => {
    let body = bodies.get(session);
    if (body?.seq !== seq) {
      body = { seq, text: payload(id(session), seq) };
      bodies.set(session, body);
    }
    return Buffer.from(`{"id":"${operationId(index)}","type":"next","payload":${body.text}}`);
  };
}

function rowsOf(measured: Record<string, Deliveries[]>): Row[] {
  const rate = (arm: string): number[] => measured[arm]!.map(({ perSecond }) => perSecond);
  const capacity = (arm: string): number[] => measured[arm]!.map(({ microseconds }) => 1e6 / microseconds);
  const row = (id: string, spread: Spread, baseline: string, atLeast: number): Row[] => [
    {
      id,
      what: `deliveries/s, ${spread === "shared" ? "one session" : "a session each"}`,
      ours: rate(`ours ${spread}`),
      baseline: rate(`${baseline} ${spread}`),
      baselineName: baseline === "ws" ? "bare ws" : "stock graphql-ws",
      goal: { atLeast },
    },
    {
      id: `${id}.cpu`,
      what: `deliveries per second of processor time, ${spread === "shared" ? "one session" : "a session each"}`,
      ours: capacity(`ours ${spread}`),
      baseline: capacity(`${baseline} ${spread}`),
      baselineName: baseline === "ws" ? "bare ws" : "stock graphql-ws",
      goal: { atLeast },
    },
  ];
  return [
    ...row("B2", "shared", "ws", 0.85),
    ...row("B2.distinct", "distinct", "ws", 0.7),
    ...row("B2.graphql-ws", "shared", "graphql-ws", 2),
    ...row("B2.distinct.graphql-ws", "distinct", "graphql-ws", 2),
  ];
}
