import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openWorld, type World } from "../support/world.ts";

const allowed = "https://app.example.org";
let world: World;
beforeAll(async () => {
  world = await openWorld("postgres", { AUTH_JWT_SECRET: "s".repeat(32), ALLOWED_ORIGINS: allowed });
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
  expect(own.headers.get("access-control-expose-headers")).toBe("retry-after");
  const foreign = await refused("https://evil.example.org");
  expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).toEqual([status, null]);
});

it("takes its own pages by every name of a machine on all of whose addresses it listens", async () => {
  const everywhere = await openWorld("postgres", { AUTH_JWT_SECRET: "s".repeat(32), HOST: "0.0.0.0" });
  const { port, hostname } = new URL(everywhere.url);
  expect(hostname).toBe("127.0.0.1");
  const opened = async (origin: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws", { origin });
    const answer = Promise.race([
      once(socket, "open").then(() => "open"),
      once(socket, "unexpected-response").then(([, response]) => response.statusCode),
    ]);
    return answer.finally(() => socket.terminate());
  };
  expect(await opened(`http://127.0.0.1:${port}`)).toBe("open");
  expect(await opened(`http://localhost:${port}`)).toBe("open");
  expect(await opened(`http://evil.example.org:${port}`)).toBe(403);
  expect(await opened("http://127.0.0.1:1")).toBe(403);
  await everywhere.close();
});
