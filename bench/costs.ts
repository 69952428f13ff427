/**
 * node bench/costs.ts: what a socket, an answer, a delivered event and a stored interview cost on this machine, as
 * `npm run capacity` takes them. One node answers, another one delivers, so that each cost stands alone; what an idle
 * process uses by itself is taken off. Costs are processor time and bytes, which a busy machine changes little.
 */
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { Answering } from "./answering.ts";
import { cpuSeconds, residentBytes } from "./cpu.ts";
import { loadCore, pin } from "./harness.ts";
import { collectGarbage, inspectable } from "./inspector.ts";
import { load } from "./load.ts";
import { ask, bearer, createDatabase, type Servers, startProduct, startServers } from "./product.ts";
import { fill, globalSessionId } from "./sessions.ts";
import { gather, graphqlDialect } from "./sockets.ts";

const { values } = parseArgs({
  options: { sockets: { type: "string", default: "4000" }, interviews: { type: "string", default: "60" } },
});
const sockets = Number(values.sockets);
const interviews = Number(values.interviews);
const ownerId = "ann";
const seconds = 10;
const answersPerSecond = 200;

pin(process.pid, loadCore);
const servers = await startServers({ durable: true });
const authorization = await bearer(ownerId);
const costs = { ...(await answersAndDeliveries(servers)), ...(await storage(servers)) };
for (const [name, value] of Object.entries(costs)) console.log(`${name}=${value.toFixed(value < 10 ? 2 : 0)}`);
await servers.stop();

/** Memory of a socket that waits, and processor time of each process for answers and their events. */
async function answersAndDeliveries({ postgres, redis }: Servers): Promise<Record<string, number>> {
  const answering = await startProduct(servers, { env: { ROLE: "api" } });
  await fill(postgres.url, { sessions: sockets, answers: 0, ownerId, planned: 12 });
  const delivering = await startProduct(servers, { env: { ROLE: "api" }, nodeOptions: inspectable });
  const watching = (after: number) =>
    graphqlDialect(
      `subscription ($id: ID!, $after: ID) { sessionEvents(sessionId: $id, after: $after) {
        __typename cursor
        ... on AnswerSubmitted { question { index answer { text } } }
        ... on QuestionAsked { question { index text type category } } } }`,
      {
        authorization,
        variables: (index) => ({ id: globalSessionId(index + 1), after: String(after) }),
        joinedWith: `"cursor":"2"`,
      },
    );
  // Whatever is made at the first use is made before.
  const first = await gather(delivering.url, 200, watching(1));
  await first.leave();
  await collectGarbage(delivering);
  const before = residentBytes(delivering.child.pid!);
  const crowd = await gather(delivering.url, sockets, watching(1));
  await wait(2_000);
  await collectGarbage(delivering);
  const socketKb = (residentBytes(delivering.child.pid!) - before) / sockets / 1024;

  const answers = new Answering(sockets, authorization).load(`${answering.url}/graphql`);
  let delivered = 0;
  crowd.onMessage = () => delivered++;
  // Connections are opened, statements prepared, code compiled.
  await load({ ...answers, connections: 16, seconds: 3, rate: answersPerSecond });
  await wait(1_000);
  const pids = {
    mutationMicros: [answering.child.pid!],
    deliveryMicros: [delivering.child.pid!],
    databaseMicros: [postgres.process.pid!, ...childrenOf(postgres.process.pid!)],
    redisMicros: [redis.process.pid!],
  };
  const used = (of: number[]): number => of.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const measure = async (work: () => Promise<unknown>): Promise<Record<string, number>> => {
    const earlier = Object.entries(pids).map(([name, of]) => [name, used(of)] as const);
    const startedAt = performance.now();
    await work();
    const took = (performance.now() - startedAt) / 1_000;
    return Object.fromEntries(
      earlier.map(([name, start]) => [name, (used(pids[name as keyof typeof pids]) - start) / took]),
    );
  };
  const idle = await measure(() => wait(seconds * 1_000));
  delivered = 0;
  const busy = await measure(() => load({ ...answers, connections: 16, seconds, rate: answersPerSecond }));
  await wait(2_000);
  const given = seconds * answersPerSecond;
  if (delivered !== 2 * given) throw new Error(`${given} answers, ${delivered} deliveries`);
  await crowd.leave();
  await answering.stop();
  await delivering.stop();
  const each = (name: string, count: number): number => ((busy[name]! - idle[name]!) * seconds * 1e6) / count;
  return {
    socketKb,
    mutationMicros: each("mutationMicros", given),
    deliveryMicros: each("deliveryMicros", delivered),
    databaseMicros: each("databaseMicros", given),
    redisMicros: each("redisMicros", delivered),
  };
}

/** What whole interviews of five questions leave behind, their reports printed. */
async function storage(servers: Servers): Promise<Record<string, number>> {
  const databaseUrl = await createDatabase(servers, "storage");
  const product = await startProduct(servers, { databaseUrl });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const number = async (sql: string): Promise<number> => Number((await client.query(sql)).rows[0].number);
  const size = () =>
    number(
      "SELECT sum(pg_total_relation_size(oid)) AS number FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
  const before = await size();
  for (let n = 0; n < interviews; n += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, k) => interview(product.url, n + k)));
  }
  while ((await number("SELECT count(*) AS number FROM report_file")) < 2 * interviews) await wait(200);
  await client.query("VACUUM ANALYZE");
  const events = await number("SELECT count(*) AS number FROM session_event");
  const answers = await number("SELECT count(*) AS number FROM answer");
  const result = {
    eventBytes: (await number("SELECT pg_total_relation_size('session_event') AS number")) / events,
    eventsPerAnswer: events / answers,
    interviewKb: ((await size()) - before) / interviews / 1024,
    answersPerInterview: answers / interviews,
  };
  await client.end();
  await product.stop();
  return result;
}

async function interview(url: string, n: number): Promise<void> {
  const { createSession } = await ask<any>(
    url,
    authorization,
    `mutation ($input: CreateSessionInput!) { createSession(input: $input) { ... on CreateSessionPayload { session { id } } } }`,
    { input: { resumeText: `${"Java engineer with Spring, MySQL and Redis. ".repeat(40)} Number ${n}` } },
  );
  const answer = "I would measure it first, change one thing at a time, and look at the same figures again. ".repeat(4);
  for (let questionIndex = 0, more = true; more; questionIndex++) {
    const { submitAnswer } = await ask<any>(
      url,
      authorization,
      `mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { ... on SubmitAnswerPayload { hasNextQuestion } } }`,
      { input: { sessionId: createSession.session.id, questionIndex, answer } },
    );
    more = submitAnswer.hasNextQuestion;
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}
