import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { type Benchmark, interleave, startProgram } from "../harness.ts";
import { bearer, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId, sessionId } from "../sessions.ts";
import { type Client, type Dialect, gather, graphqlDialect } from "../sockets.ts";

const ownerId = "watched";
const answers = 10;
const newest = 2 * answers + 2;
/** The last event that each of them has seen. */
const cursor = newest - 20;

const query = `subscription ($id: ID!, $after: ID) {
  sessionEvents(sessionId: $id, after: $after) { __typename cursor sessionId occurredAt }
}`;

export const benchmark: Benchmark = {
  id: "B8",
  title: "a node has died: its subscribers, each of another session, come to this one and miss 20 events each",
  async run(bench) {
    const subscribers = bench.quick ? 2_000 : 5_000;
    const servers = await startServers({ settings: ["shared_preload_libraries=pg_stat_statements"] });
    const product = await startProduct(servers);
    await fill(servers.postgres.url, { sessions: subscribers, answers, ownerId });
    const bare = await startProgram("baselines/ws.mjs", { env: { DATABASE_URL: servers.postgres.url } });
    const database = new pg.Client({ connectionString: servers.postgres.url });
    await database.connect();
    await database.query("CREATE EXTENSION pg_stat_statements");
    const authorization = await bearer(ownerId);
    const ours = caughtUp(
      graphqlDialect(query, {
        authorization,
        variables: (index) => ({ id: globalSessionId(index + 1), after: String(cursor) }),
        joinedWith: `"cursor":"${newest}"`,
      }),
    );
    const baseline = caughtUp({
      path: (index) => `/?session=${sessionId(index + 1)}&after=${cursor}`,
      onOpen: () => {},
      onGreeting: (_, message) => message.includes(`"cursor":"${newest}"`),
    });
    try {
      const { idle, before } = await idleRate(database);
      const startedAt = performance.now();
      const measured = await interleave(bench, {
        ours: () => storm(product.url, ours, subscribers),
        ws: () => storm(bare.url, baseline, subscribers),
      });
      const storms = bench.repeats + 1;
      const all = (await statements(database)) - before;
      const own = all - storms * subscribers - (idle * (performance.now() - startedAt)) / 1_000;
      return [
        {
          id: "B8",
          what: `seconds until the last of ${subscribers} has caught up`,
          ours: measured.ours,
          baseline: measured.ws,
          baselineName: "bare ws, one SELECT each",
          goal: { atMost: 0.8 },
        },
        {
          id: "B8.queries",
          what: "statements of the node beyond those that it asks anyway",
          ours: [Math.max(0, own)],
          baseline: [storms * subscribers],
          baselineName: "one a client",
          goal: { atMost: 0.02 },
        },
      ];
    } finally {
      await database.end();
      await Promise.all([product.stop(), bare.stop()]);
      await servers.stop();
    }
  },
};

/** Each event once and in order, or it fails. */
function caughtUp(dialect: Dialect): Dialect {
  return {
    ...dialect,
    onGreeting(client: Client, message: Buffer) {
      if (message.includes('"cursor"')) {
        const next = cursor + ++client.seen;
        if (!message.includes(`"cursor":"${next}"`)) throw new Error(`${message} instead of event ${next}`);
      }
      return dialect.onGreeting(client, message);
    },
  };
}

async function storm(url: string, dialect: Dialect, subscribers: number): Promise<number> {
  const startedAt = performance.now();
  const crowd = await gather(url, subscribers, dialect, 500);
  const seconds = (performance.now() - startedAt) / 1_000;
  await crowd.leave();
  return Number(seconds.toFixed(3));
}

/** Statements a second of a node that nobody asks for anything, and how many there have been by then. */
async function idleRate(database: pg.Client): Promise<{ idle: number; before: number }> {
  const first = await statements(database);
  await wait(idleMs);
  const before = await statements(database);
  return { idle: ((before - first) / idleMs) * 1_000, before };
}

const idleMs = 3_000;

/** All that were run in this database, but for those that ask here. */
async function statements(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `SELECT coalesce(sum(calls), 0) AS count FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
     WHERE d.datname = current_database() AND query NOT LIKE '%pg_stat_statements%'`,
  );
  return Number(rows[0]!.count);
}
