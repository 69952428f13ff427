import { afterEach, expect, it } from "vitest";
import { openWorld, type World } from "../support/world.ts";

let world: World;
afterEach(() => world.close());

const read = async (headers: Record<string, string>): Promise<number> =>
  (await fetch(`${world.url}/metrics`, { headers })).status;

it("shows metrics to this machine, not to whom a trusted proxy on it serves", async () => {
  world = await openWorld("postgres", { TRUST_PROXY: "1" });
  expect(await read({})).toBe(200);
  expect(await read({ "x-forwarded-for": "203.0.113.7" })).toBe(404);
  expect(await read({ "x-forwarded-for": "127.0.0.1, 203.0.113.7" })).toBe(404);
});

it("shows metrics to the token alone where there is one", async () => {
  world = await openWorld("postgres", { METRICS_TOKEN: "a-token-for-metrics" });
  expect(await read({})).toBe(404);
  expect(await read({ authorization: "Bearer a-token-for-metricz" })).toBe(404);
  expect(await read({ authorization: "Bearer a-token-for-metrics" })).toBe(200);
});
