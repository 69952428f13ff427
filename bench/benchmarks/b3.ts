import { setTimeout as wait } from "node:timers/promises";
import { residentBytes } from "../cpu.ts";
import { type Benchmark, type Program, startProgram, takeTurns } from "../harness.ts";
import { collectGarbage, inspectable } from "../inspector.ts";
import { bearer, type Servers, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId } from "../sessions.ts";
import { type Dialect, gather, graphqlDialect } from "../sockets.ts";

const ownerId = "watched";
/** The newest event of each session: that it was made and that its first question was asked. */
const newest = 2;

const query = `subscription ($id: ID!, $after: ID) {
  sessionEvents(sessionId: $id, after: $after) { __typename cursor sessionId occurredAt }
}`;

interface Idle {
  connectsPerSecond: number;
  bytesEach: number;
}

export const benchmark: Benchmark = {
  id: "B3",
  title: "idle sockets with a subscription each: memory, and how fast they come",
  async run(bench) {
    const sockets = bench.quick ? 2_000 : 8_000;
    const idleMs = bench.quick ? 1_000 : 60_000;
    const servers = await startServers();
    try {
      const maker = await startProduct(servers);
      await fill(servers.postgres.url, { sessions: sockets, answers: 0, ownerId });
      await maker.stop();
      const authorization = await bearer(ownerId);
      const watching = (session: (index: number) => string): Dialect =>
        graphqlDialect(query, {
          authorization,
          // The one event that was missed shows that the subscription is there.
          variables: (index) => ({ id: session(index), after: String(newest - 1) }),
          joinedWith: `"cursor":"${newest}"`,
        });
      const bare: Dialect = {
        path: () => "/?session=all",
        onOpen: () => {},
        onGreeting: (_, message) => message.toString() === "joined",
      };
      const stock = graphqlDialect(query, { variables: () => ({ id: "all" }), joinedWith: "connection_ack" });
      const nodeOptions = inspectable;
      const env = { REDIS_URL: servers.redis.url };

      const measured = await takeTurns(bench, {
        ours: () =>
          measure(
            startWarmProduct(servers),
            watching((index) => globalSessionId(index + 1)),
            sockets,
            idleMs,
          ),
        "ours, one session": () =>
          measure(
            startWarmProduct(servers),
            watching(() => globalSessionId(1)),
            sockets,
            idleMs,
          ),
        ws: () => measure(startProgram("baselines/ws.mjs", { nodeOptions }), bare, sockets, idleMs),
        "graphql-ws": () =>
          measure(startProgram("baselines/graphqlWs.mjs", { nodeOptions, env }), stock, sockets, idleMs),
      });

      const bytes = (arm: keyof typeof measured): number[] => measured[arm].map(({ bytesEach }) => bytesEach);
      const rate = (arm: keyof typeof measured): number[] =>
        measured[arm].map(({ connectsPerSecond }) => connectsPerSecond);
      const compared = { baseline: bytes("ws"), baselineName: "bare ws" };
      return [
        { ...compared, id: "B3", what: "bytes each, a session each", ours: bytes("ours"), goal: { atMost: 2 } },
        {
          ...compared,
          id: "B3.one",
          what: "bytes each, one session",
          ours: bytes("ours, one session"),
          goal: { atMost: 2 },
        },
        {
          id: "B3.graphql-ws",
          what: "bytes each, a session each",
          ours: bytes("ours"),
          baseline: bytes("graphql-ws"),
          baselineName: "stock graphql-ws",
          goal: { atMost: 0.42 },
        },
        {
          id: "B3.connects",
          what: "connects/s, each with a token, a session and an event that it missed",
          ours: rate("ours"),
          baseline: rate("ws"),
          baselineName: "bare ws",
          goal: { atLeast: 0.75 },
        },
        {
          id: "B3.one.connects",
          what: "connects/s to one session, each with a token and an event that it missed",
          ours: rate("ours, one session"),
          baseline: rate("ws"),
          baselineName: "bare ws",
          goal: { atLeast: 0.75 },
        },
      ];
    } finally {
      await servers.stop();
    }
  },
};

/** A node loads what its first requests will need a second after it listens. */
async function startWarmProduct(servers: Servers): Promise<Program> {
  const product = await startProduct(servers, { nodeOptions: inspectable });
  await wait(2_500);
  return product;
}

async function measure(starting: Promise<Program>, dialect: Dialect, sockets: number, idleMs: number): Promise<Idle> {
  const program = await starting;
  try {
    const pid = program.child.pid!;
    // Whatever is made at the first use is made before.
    const first = await gather(program.url, 200, dialect);
    await first.leave();
    await collectGarbage(program);
    const before = residentBytes(pid);
    const idle = await gather(program.url, sockets, dialect);
    await wait(idleMs);
    await collectGarbage(program);
    const bytesEach = Math.round((residentBytes(pid) - before) / sockets);
    await idle.leave();
    // They were the warm-up of what follows: code runs fast once it has run some thousand times.
    const startedAt = performance.now();
    const crowd = await gather(program.url, sockets, dialect);
    const seconds = (performance.now() - startedAt) / 1_000;
    await crowd.leave();
    return { connectsPerSecond: Math.round(sockets / seconds), bytesEach };
  } finally {
    await program.stop();
  }
}
