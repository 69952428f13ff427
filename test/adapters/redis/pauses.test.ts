import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { connectRedis, type RedisConnection } from "../../../src/adapters/redis/connect.ts";
import { createRedisPauses } from "../../../src/adapters/redis/pauses.ts";
import { startWire } from "../../faults/wire.ts";
import { startRedis, startRedisCluster } from "../../support/servers.ts";
import { interviewerAt, listen, scoreRequest, serve, summaryRequest } from "../openai/model.ts";

it.each([
  ["one server", false],
  ["a cluster of three", true],
])("Redis as %s: every node knows for how long a provider is to be left alone", async (_, cluster) => {
  const server = cluster ? await startRedisCluster() : await startRedis();
  onTestFinished(() => server.stop());
  const here = createRedisPauses(await connect(server.url, cluster));
  const there = createRedisPauses(await connect(server.url, cluster));
  expect(await there.left("openai")).toBe(0);
  here.tell("openai", 60_000);
  // A shorter one does not end it.
  here.tell("openai", 1_000);
  here.tell("gemini", 1e15);
  while ((await there.left("openai")) === 0 || (await there.left("gemini")) === 0);
  expect(await there.left("openai")).toBeGreaterThan(30_000);
  expect(await there.left("openai")).toBeLessThanOrEqual(60_000);
  expect(await there.left("other")).toBe(0);
  here.tell("other", 1_000.5);
  while ((await there.left("other")) === 0);
  while ((await there.left("other")) > 0);
});

it("a provider that asks one node to wait is left alone by the others, also by one that starts later", async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const node = async () => {
    const pauses = createRedisPauses(await connect(server.url, false));
    return { pauses, ...interviewerAt([model], { retryAfterMaxMs: 5_000 }, {}, pauses) };
  };
  const model = await serve();
  const [one, other] = [await node(), await node()];
  model.next({ kind: "status", status: 429, retryAfter: "1" });
  const first = one.interviewer.summarize(summaryRequest(), listen().call);
  while ((await other.pauses.left("first")) === 0);
  const late = await node();
  await Promise.all([
    first,
    other.interviewer.scoreAnswers(scoreRequest(), listen().call),
    late.interviewer.summarize(summaryRequest(), listen().call),
  ]);
  const [refused, ...served] = model.requests.map(({ at }) => at);
  expect(served).toHaveLength(3);
  // Redis counts in whole milliseconds.
  for (const at of served) expect(at - refused!).toBeGreaterThanOrEqual(990);
});

it("while Redis is away or says nothing, nobody waits for it", async () => {
  const server = await startRedis();
  const wire = await startWire(server.port);
  onTestFinished(async () => {
    await wire.close();
    await server.stop();
  });
  const redis = await connect(`redis://127.0.0.1:${wire.port}`, false);
  const pauses = createRedisPauses(redis);
  const model = await serve();
  const { interviewer } = interviewerAt([model], {}, {}, pauses);
  pauses.tell("first", 60_000);
  while ((await pauses.left("first")) === 0);
  wire.set("stall");
  const startedAt = performance.now();
  expect(await pauses.left("first")).toBe(0);
  // Four times what is waited for it: the machine may be busy.
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  model.next({ kind: "status", status: 429, retryAfter: "0.1" });
  await interviewer.summarize(summaryRequest(), listen().call);
  if (redis.status === "ready") await new Promise((resolve) => redis.once("close", resolve));
  await interviewer.summarize(summaryRequest(), listen().call);
  expect(model.requests).toHaveLength(3);
});

async function connect(url: string, cluster: boolean): Promise<RedisConnection> {
  const redis = connectRedis({ url, cluster, onLost() {} });
  onTestFinished(() => redis.disconnect());
  if (redis.status !== "ready") await once(redis, "ready");
  return redis;
}
