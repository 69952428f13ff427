import { on, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { encodeFrames } from "../../src/edge/frames.ts";

const server = createServer();
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it("writes messages of any length as any client reads them", async () => {
  const lengths = [0, 1, 80, 125, 126, 200, 65_535, 65_536, 200_000];
  const head = '{"id":"é","payload":';
  const results = lengths.map((length) => `"${"é".repeat(length / 2)}"`).flatMap((text) => [text, Buffer.from(text)]);
  const wss = new WebSocketServer({ server });
  server.once("upgrade", (_, stream) => stream.write(encodeFrames(head, results)));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const messages = on(client, "message");
  for (const result of results) {
    const { value } = await messages.next();
    expect(String(value?.[0])).toBe(`${head}${result}}`);
  }
  client.close();
  wss.close();
}, 60_000);
