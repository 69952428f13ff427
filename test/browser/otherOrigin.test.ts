import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeInterview } from "../support/ask.ts";
import { openProduct, type Product } from "./product.ts";

let pages: Server[];
let origins: string[];
let product: Product;

/** Two pages of other origins, one of them allowed. */
beforeAll(async () => {
  pages = [emptyPage(), emptyPage()];
  origins = await Promise.all(pages.map(listen));
  product = await openProduct("postgres", { ALLOWED_ORIGINS: origins[0]! });
});
afterAll(async () => {
  await product.close();
  for (const server of pages) server.close();
});

function emptyPage(): Server {
  return createServer((_, response) => void response.setHeader("content-type", "text/html").end("<title>App</title>"));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("serves pages of an allowed origin over HTTP and sockets, and of no other", async () => {
  const sessionId = await makeInterview(product.url, "elsewhere");
  const context = await product.browser.newContext();
  for (const [origin, heard] of [
    [origins[0]!, { viewer: "local", event: "SessionCreated" }],
    [origins[1]!, { viewer: "refused", event: "refused" }],
  ] as const) {
    const page = await context.newPage();
    await page.goto(origin);
    expect(await page.evaluate(call, { url: product.url, sessionId })).toEqual(heard);
  }
});

/** In the page: one query, and one subscription by the bare protocol. */
async function call({
  url,
  sessionId,
}: {
  url: string;
  sessionId: string;
}): Promise<{ viewer: string; event: string }> {
  const viewer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ viewer { id } }" }),
  }).then(
    async (response) => (await response.json()).data.viewer.id as string,
    () => "refused",
  );
  const event = await new Promise<string>((resolve) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    const query = `subscription { sessionEvents(sessionId: "${sessionId}", after: "0") { __typename } }`;
    socket.onopen = () => socket.send(JSON.stringify({ type: "connection_init" }));
    socket.onerror = () => resolve("refused");
    socket.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data);
      if (type === "connection_ack") socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
      if (type === "next") resolve(payload.data.sessionEvents.__typename);
    };
  });
  return { viewer, event };
}
