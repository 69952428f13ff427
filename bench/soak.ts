/**
 * node bench/soak.ts [--quick]: half an hour (three minutes) of 500 events a second and 20 reconnects a second. Memory
 * must not grow, every subscriber gets each event once and in order, and what belonged to those who left is given back.
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import pg from "pg";
import { residentBytes } from "./cpu.ts";
import { loadCore, pin } from "./harness.ts";
import { bearer, startProduct, startServers } from "./product.ts";
import { fill, globalSessionId, sessionId } from "./sessions.ts";
import { type Client, type Crowd, gather, graphqlDialect } from "./sockets.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const minutes = values.quick ? 3 : 30;
/** Until everything has its size. */
const settlingMinutes = values.quick ? 1 : 10;
const eventsPerSecond = 500;
const reconnectsPerSecond = 20;
const sessions = 500;
const ticksPerSecond = 20;
const ownerId = "watched";

pin(process.pid, loadCore);
const servers = await startServers();
const product = await startProduct(servers);
await fill(servers.postgres.url, { sessions, answers: 0, ownerId });
const database = new pg.Client({ connectionString: servers.postgres.url });
await database.connect();
const redis = new Redis(servers.redis.url);
const authorization = await bearer(ownerId);
const query = `subscription ($id: ID!, $after: ID) {
  sessionEvents(sessionId: $id, after: $after) { __typename cursor sessionId occurredAt }
}`;

/** Whoever watches a session, and the last event it has seen. */
const watchers: { crowd: Crowd; seen: number }[] = [];
let delivered = 0;
let broken: Error | null = null;

async function watch(session: number, seen: number): Promise<void> {
  const place = { crowd: null as unknown as Crowd, seen };
  const see = (_: Client, message: Buffer): boolean => {
    const cursor = /"cursor":"(\d+)"/.exec(message.toString())?.[1];
    if (cursor === undefined) return false;
    if (Number(cursor) !== place.seen + 1) broken ??= new Error(`Session ${session}: ${cursor} after ${place.seen}`);
    place.seen = Number(cursor);
    delivered++;
    return true;
  };
  const dialect = graphqlDialect(query, {
    authorization,
    variables: () => ({ id: globalSessionId(session + 1), after: String(seen) }),
    joinedWith: '"cursor"',
  });
  const greeting = {
    ...dialect,
    onGreeting: (client: Client, message: Buffer) => dialect.onGreeting(client, message) && see(client, message),
  };
  const crowd = await gather(product.url, 1, greeting, 1, see);
  crowd.onBroken = (error) => (broken ??= error);
  place.crowd = crowd;
  watchers[session] = place;
}

/** As another node would: into the log with the next number, then told. */
async function publish(from: number, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => sessionId(((from + n) % sessions) + 1));
  const { rows } = await database.query<{ id: string; seq: number; at: Date }>({
    name: "publish",
    text: `WITH moved AS (
      UPDATE interview_session SET seq = seq + 1 WHERE id = ANY($1::uuid[]) RETURNING id, seq
    ) INSERT INTO session_event (session_id, seq, kind, data)
      SELECT id, seq, 'DraftSaved', '{"index": 0}' FROM moved RETURNING session_id AS id, seq, occurred_at AS at`,
    values: [ids],
  });
  const pipeline = redis.pipeline();
  for (const { id, seq, at } of rows) {
    const event = { kind: "DraftSaved", index: 0, sessionId: id, ownerId, seq, occurredAt: at };
    pipeline.publish(`vivavoce:session:${id}`, JSON.stringify({ events: [event] }));
  }
  await pipeline.exec();
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${product.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
}

const joining = Array.from({ length: sessions }, (_, session) => watch(session, 0));
await Promise.all(joining);
await fetch(`${product.url}/metrics`);

const samples: { minute: number; bytes: number; delay: number }[] = [];
const startedAt = performance.now();
const endsAt = startedAt + minutes * 60_000;
let published = 0;
let reconnected = 0;
let reported = 0;
for (let tick = 1; performance.now() < endsAt && broken === null; tick++) {
  const count = eventsPerSecond / ticksPerSecond;
  await publish(published, count);
  published += count;
  // Whoever comes back says what it has seen; one event at least is missed meanwhile or comes soon.
  for (let n = 0; n < reconnectsPerSecond / ticksPerSecond; n++) {
    const session = (reconnected++ * 7) % sessions;
    const watcher = watchers[session]!;
    await watcher.crowd.leave();
    watch(session, watcher.seen).catch((error) => (broken ??= error));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  if (seconds - reported >= 10) {
    reported = seconds;
    const bytes = residentBytes(product.child.pid!);
    const delay = await metric("vivavoce_event_loop_delay_p99_seconds");
    samples.push({ minute: seconds / 60, bytes, delay });
    console.log(
      `${(seconds / 60).toFixed(1)} min: ${(bytes / 2 ** 20).toFixed(0)} MB, ${delivered} delivered, loop p99 ${(delay * 1_000).toFixed(1)} ms`,
    );
  }
  await wait(Math.max(0, startedAt + (tick * 1_000) / ticksPerSecond - performance.now()));
}
// One more for everybody: whoever came back after the last one has joined when something comes.
await publish(published, sessions);
published += sessions;
await wait(3_000);

const settled = samples.filter(({ minute }) => minute >= settlingMinutes);
const growth = slope(settled.map(({ minute, bytes }) => [minute, bytes / 2 ** 20]));
const delays = settled.map(({ delay }) => delay * 1_000).sort((a, b) => a - b);
const channels = ((await redis.pubsub("CHANNELS", "vivavoce:session:*")) as string[]).length;
const checks: [string, boolean][] = [
  [broken === null ? "each event once and in order" : String(broken), broken === null],
  // Three minutes are too short to tell growth from what has not found its size yet.
  [`${growth.toFixed(2)} MB a minute after ${settlingMinutes} minutes (below 1)`, values.quick || growth < 1],
  [
    `event loop p99 ${delays[Math.floor(delays.length / 2)]?.toFixed(1)} ms (below 20)`,
    delays[Math.floor(delays.length / 2)]! < 20,
  ],
  [`${channels} Redis subscriptions for ${sessions} sessions`, channels === sessions],
  [`${await metric("vivavoce_subscriptions")} subscriptions`, (await metric("vivavoce_subscriptions")) === sessions],
  [`${await metric("vivavoce_sockets")} sockets`, (await metric("vivavoce_sockets")) === sessions],
];
for (const [text, holds] of checks) console.log(holds ? "holds " : "FAILED", text);
console.log(`${published} events, ${delivered} deliveries, ${reconnected} reconnects in ${minutes} minutes`);

for (const { crowd } of watchers) await crowd.leave();
await database.end();
redis.disconnect();
await product.stop();
await servers.stop();
process.exit(checks.every(([, holds]) => holds) ? 0 : 1);

/** Of the line that fits best. */
function slope(points: [number, number][]): number {
  const mean = (of: number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
