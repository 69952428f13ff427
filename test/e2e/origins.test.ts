import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, type World } from "../support/world.ts";

const allowed = "https://app.example.org";
let world: World;
beforeAll(async () => {
  world = await openWorld("pglite", { AUTH_JWT_SECRET: "s".repeat(32), ALLOWED_ORIGINS: allowed });
});
afterAll(() => world.close());

it.each([
  ["without a token", 401, "POST", "application/json"],
  ["with a form", 415, "POST", "text/plain"],
  ["for a stream", 401, "GET", "text/event-stream"],
])("lets a page of an allowed origin read why it was refused: %s", async (_, status, method, type) => {
  const refused = (origin: string) =>
    fetch(`${world.url}/graphql?query=%7B__typename%7D`, {
      method,
      headers: { origin, "content-type": type, accept: type === "text/event-stream" ? type : "application/json" },
      ...(method === "POST" ? { body: "{}" } : {}),
    });
  const own = await refused(allowed);
  expect([own.status, own.headers.get("access-control-allow-origin")]).toEqual([status, allowed]);
  const foreign = await refused("https://evil.example.org");
  expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).toEqual([status, null]);
});
