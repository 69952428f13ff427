import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

const worlds: World[] = [];
let alone: World;
let proxied: World;
let authenticated: World;
beforeAll(async () => {
  alone = await openWorld("postgres");
  proxied = await openWorld("postgres", {
    PUBLIC_URL: "https://Interviews.example.org/api",
    ALLOWED_ORIGINS: "https://app.example.org",
  });
  authenticated = await openWorld("postgres", { AUTH_JWT_SECRET: testSecret });
  worlds.push(alone, proxied, authenticated);
});
afterAll(() => Promise.all(worlds.map((world) => world.close())));

async function get(world: World, path: string, host: string, accept = "*/*"): Promise<[status: number, body: string]> {
  const asked = request(`${world.url}${path}`, { headers: { host, accept, origin: `http://${host}` } }).end();
  const [response]: IncomingMessage[] = await once(asked, "response");
  return [response!.statusCode!, await text(response!)];
}

const who = "/graphql?query=%7Bviewer%7Bid%7D%7D";
const mine = '{"data":{"viewer":{"id":"local"}}}';

describe("without authentication", () => {
  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil-localhost",
    "0.0.0.0",
    "192.168.0.10",
    "[2001:db8::1]",
    "not a name",
    "",
  ])('nothing is shown under the name "%s", as which a page would reach this machine', async (name) => {
    const host = `${name}:${new URL(alone.url).port}`;
    for (const accept of ["*/*", "text/event-stream", "text/html"]) {
      const [status, body] = await get(alone, who, host, accept);
      expect([status, body]).toEqual([400, expect.stringContaining("PUBLIC_URL")]);
    }
    expect(await get(alone, "/reports/x.pdf", host)).toEqual([400, expect.stringContaining("PUBLIC_URL")]);
    expect(await opened(alone, host)).toBe(400);
    // Probes go by the address of a pod.
    expect(await get(alone, "/health/ready", host)).toEqual([200, "ready\n"]);
    expect((await get(alone, "/metrics", host))[0]).toBe(200);
  });

  it.each(["localhost", "LOCALHOST", "localhost.", "app.localhost", "127.0.0.1", "127.1.2.3", "[::1]"])(
    "this machine goes by the name %s",
    async (name) => {
      for (const host of [name, `${name}:${new URL(alone.url).port}`]) {
        expect(await get(alone, who, host)).toEqual([200, mine]);
        expect(await opened(alone, host)).toBe("open");
      }
    },
  );

  it("the names in PUBLIC_URL and ALLOWED_ORIGINS are answered to, whatever the port", async () => {
    for (const host of ["interviews.example.org", "INTERVIEWS.example.org.:8443", "app.example.org", "localhost:1"]) {
      expect(await get(proxied, who, host)).toEqual([200, mine]);
      expect(await opened(proxied, host)).toBe("open");
    }
    expect((await get(proxied, who, "www.example.org"))[0]).toBe(400);
  });

  it("a request of HTTP/1.0 need not name a host", async () => {
    const { hostname, port } = new URL(alone.url);
    const socket = connect(Number(port), hostname).end(`GET ${who} HTTP/1.0\r\n\r\n`);
    expect(await text(socket)).toContain(mine);
  });
});

it("with authentication a server goes by any name: whoever has no token is refused anyway", async () => {
  expect((await get(authenticated, who, "evil.example"))[0]).toBe(401);
  expect(await opened(authenticated, "evil.example")).toBe("open");
});

/** What comes of a socket that names this host, and no Origin. */
function opened(world: World, host: string): Promise<"open" | number> {
  const socket = new WebSocket(`${world.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    headers: { host },
  });
  socket.on("error", () => {});
  const answer = Promise.race([
    once(socket, "open").then(() => "open" as const),
    once(socket, "unexpected-response").then(([, response]) => response.statusCode as number),
  ]);
  return answer.finally(() => socket.terminate());
}
