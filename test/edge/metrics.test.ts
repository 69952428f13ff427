import pg from "pg";
import { Histogram, Registry } from "prom-client";
import { expect, it } from "vitest";
import { Delays } from "../../src/edge/delays.ts";
import { create, sessionEvents } from "../support/interview.ts";
import { openWorld, type World } from "../support/world.ts";

it("counts delays as prom-client does", async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const buckets = [0.001, 0.25, 1];
  const delays = new Delays("delay_seconds", "How late", buckets, ours);
  const histogram = new Histogram({ name: "delay_seconds", help: "How late", buckets, registers: [theirs] });
  expect(await ours.metrics()).toBe(await theirs.metrics());
  for (const seconds of [0, 0.001, 0.0011, 0.25, 0.75, 1, 3]) {
    delays.add(seconds);
    histogram.observe(seconds);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
});

it("tells how late events are delivered, and leaves out what was missed before and what only passes", async () => {
  const world = await openWorld("pglite");
  const figure = (name: string): Promise<number> => figureOf(world, name);
  const { session } = await create(world, { questionCount: 3 });
  expect(session.currentQuestion).not.toBeNull();
  const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
  // Made before anybody watched.
  const first = await watch.until((event) => event.__typename === "QuestionAsked");
  expect(await figure("deliveries_total")).toBe(Number(first.cursor));
  expect(await figure("delivery_seconds_count")).toBe(0);
  for (let n = 1; n <= 5; n++) {
    const input = { sessionId: session.id, questionIndex: 0, answer: `Draft ${n}` };
    await world.gql("mutation($i: SaveDraftInput!) { saveDraft(input: $i) { __typename } }", { i: input });
  }
  await watch.until((event) => event.question?.answer?.text === "Draft 5");
  expect(await figure("deliveries_total")).toBe(Number(first.cursor) + 5);
  expect(await figure("delivery_seconds_count")).toBe(5);
  const sum = await figure("delivery_seconds_sum");
  expect(sum).toBeGreaterThanOrEqual(0);
  expect(sum).toBeLessThan(25);
  expect(await figure('delivery_seconds_bucket\\{le="\\+Inf"\\}')).toBe(5);
  await world.close();
});

it("counts the subscriptions on sockets, and not what else is asked there", async () => {
  const world = await openWorld("postgres");
  const { session } = await create(world, { questionCount: 3 });
  const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
  await watch.until(() => true);
  expect(await figureOf(world, "subscriptions")).toBe(1);

  const database = new pg.Client({ connectionString: world.databaseUrl! });
  await database.connect();
  await database.query("BEGIN; LOCK TABLE resume IN ACCESS EXCLUSIVE MODE");
  const query = world.watch("{ viewer { resumes { totalCount } } }");
  const waits = "SELECT FROM pg_locks WHERE relation = 'resume'::regclass AND NOT granted";
  await expect.poll(async () => (await database.query(waits)).rowCount).toBeGreaterThan(0);
  expect(await figureOf(world, "subscriptions")).toBe(1);
  await database.end();
  expect(await query.ended).toBeNull();

  await world.gql("mutation ($id: ID!) { deleteSession(input: { sessionId: $id }) { __typename } }", {
    id: session.id,
  });
  expect(await watch.ended).toBeNull();
  expect(await figureOf(world, "subscriptions")).toBe(0);
  await world.close();
});

async function figureOf(world: World, name: string): Promise<number> {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  return Number(new RegExp(`^vivavoce_${name} (\\S+)$`, "m").exec(text)![1]);
}
