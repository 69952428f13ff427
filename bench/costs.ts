/**
 * node bench/costs.ts: what a socket, an answer, a delivered event and a stored interview cost on this machine, as
 * `npm run capacity` takes them. One node answers, another one delivers, so that each cost stands alone; what an idle
 * process uses by itself is taken off. Costs are processor time and bytes, which a busy machine changes little.
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { Answering } from "./answering.ts";
import { familySeconds, residentBytes } from "./cpu.ts";
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
const measuredSeconds = 10;
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

  const answers = new Answering(sockets, authorization);
  const answer = (seconds: number) =>
    load({ ...answers.load(`${answering.url}/graphql`), connections: 16, seconds, rate: answersPerSecond });
  let delivered = 0;
  crowd.onMessage = () => delivered++;
  // Connections are opened, statements prepared, code compiled.
  await answer(3);
  await wait(1_000);
  const processes = {
    mutationMicros: answering.child.pid!,
    deliveryMicros: delivering.child.pid!,
    databaseMicros: postgres.process.pid!,
    redisMicros: redis.process.pid!,
  };
  const used = () => map(processes, familySeconds);
  const idleFrom = used();
  await wait(measuredSeconds * 1_000);
  const idleTo = used();
  delivered = 0;
  const given = measuredSeconds * answersPerSecond;
  const startedAt = performance.now();
  await answer(measuredSeconds);
  while (delivered < 2 * given && performance.now() - startedAt < 60_000) await wait(20);
  const busyTo = used();
  const idleShare = (performance.now() - startedAt) / 1_000 / measuredSeconds;
  if (delivered !== 2 * given) throw new Error(`${given} answers, ${delivered} deliveries`);
  await crowd.leave();
  await answering.stop();
  await delivering.stop();
  const counts = { mutationMicros: given, deliveryMicros: delivered, databaseMicros: given, redisMicros: delivered };
  const micros = map(counts, (count, name) => {
    const idle = (idleTo[name] - idleFrom[name]) * idleShare;
    return ((busyTo[name] - idleTo[name] - idle) * 1e6) / count;
  });
  return { socketKb, ...micros };
}

function map<Key extends string>(
  values: Record<Key, number>,
  to: (value: number, key: Key) => number,
): Record<Key, number> {
  const entries = Object.entries(values) as [Key, number][];
  return Object.fromEntries(entries.map(([key, value]) => [key, to(value, key)])) as Record<Key, number>;
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
