import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("postgres");
});
afterAll(() => world.close());

it("carries 100 subscriptions that were asked for at once; one more is refused, and the socket lives on", async () => {
  const socket = new WebSocket(`${world.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const messages = new Map<string, { type: string; payload: any }>();
  const until = (id: string): Promise<{ type: string; payload: any }> =>
    new Promise((resolve, reject) => {
      socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
      socket.on("message", (data) => {
        const message = JSON.parse(String(data));
        messages.set(message.id ?? message.type, message);
        if (messages.has(id)) resolve(messages.get(id)!);
      });
    });
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const subscribe = (id: string, query: string): void => send({ id, type: "subscribe", payload: { query } });

  socket.on("open", () => send({ type: "connection_init" }));
  await until("connection_ack");
  const refused = until("101");
  for (let id = 1; id <= 101; id++) subscribe(String(id), "subscription { viewerEvents { cursor } }");
  const { type, payload } = await refused;
  expect([type, payload[0].extensions.code]).toEqual(["error", "QUERY_TOO_EXPENSIVE"]);
  const alive = until("pong");
  send({ type: "ping" });
  await alive;
  expect(messages.has("100")).toBe(false);
  socket.terminate();
});
