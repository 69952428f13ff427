import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("postgres");
});
afterAll(() => world.close());

/** As Java's HttpClient and `curl --http2` begin where there is no TLS. */
const offer = {
  connection: "Upgrade, HTTP2-Settings",
  upgrade: "h2c",
  "http2-settings": "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
};

const local = '{"data":{"viewer":{"id":"local"}}}';

it.each([
  ["POST", "/graphql", '{"query":"{ viewer { id } }"}', local],
  ["GET", "/graphql?query=%7Bviewer%7Bid%7D%7D", "", local],
  ["GET", "/health/ready", "", "ready\n"],
])("passes over an offer to go on in HTTP/2: %s %s", async (method, path, body, answer) => {
  const asked = request(`${world.url}${path}`, { method, headers: { ...offer, "content-type": "application/json" } });
  asked.end(body);
  const [response]: IncomingMessage[] = await once(asked, "response");
  expect([response!.statusCode, await text(response!)]).toEqual([200, answer]);
});
