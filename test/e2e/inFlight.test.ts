import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("pglite", { AUTH_JWT_SECRET: testSecret, MAX_IN_FLIGHT_PER_VIEWER: "2" });
});
afterAll(() => world.close());

const query = "{ viewer { id } }";
const body = JSON.stringify({ query });

/** A request whose body is not complete. */
async function begin(authorization: string): Promise<Socket> {
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  const headers = `Content-Type: application/json\r\nAuthorization: ${authorization}\r\nContent-Length: ${body.length}`;
  socket.write(`POST /graphql HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body.slice(0, -1)}`);
  await once(socket, "connect");
  return socket;
}

async function untilInFlight(count: number): Promise<void> {
  for (let found = ""; found !== `vivavoce_http_requests_in_flight ${count}`; ) {
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    found = /^vivavoce_http_requests_in_flight \d+$/m.exec(metrics)![0];
  }
}

it("a viewer has a share of the requests that are answered at once, and others are still served", async () => {
  const [ada, bob] = await Promise.all(["ada", "bob"].map(async (viewer) => `Bearer ${await mintToken(viewer)}`));
  const begun = [await begin(ada!), await begin(ada!)];
  await untilInFlight(2);

  const refused = await fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { authorization: ada!, "content-type": "application/json" },
    body,
  });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await refused.text()).toContain("SERVICE_UNAVAILABLE");
  expect(await world.watch(query, {}, { authorization: ada! }).ended).toMatchObject([
    { extensions: { code: "SERVICE_UNAVAILABLE" } },
  ]);
  expect((await world.gql(query, {}, { authorization: bob! })).data).toEqual({ viewer: { id: "bob" } });

  for (const socket of begun) {
    const answer = once(socket, "data");
    socket.write(body.slice(-1));
    expect(String((await answer)[0])).toContain("HTTP/1.1 200");
    socket.destroy();
  }
  await untilInFlight(0);
  expect((await world.gql(query, {}, { authorization: ada! })).status).toBe(200);
  const socket = world.watch(query, {}, { authorization: ada! });
  await socket.ended;
  expect(socket.events).toEqual([{ id: "ada" }]);
});

it("a request behind another one on a connection is not counted any longer than the connection lives", async () => {
  const authorization = `Bearer ${await mintToken("ada")}`;
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  const post = (accept: string, body: string): string =>
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: ${accept}\r\n` +
    `Authorization: ${authorization}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const stream = JSON.stringify({ query: "subscription { viewerEvents { cursor } }" });
  socket.write(post("text/event-stream", stream) + post("*/*", body));
  await untilInFlight(1);
  socket.destroy();
  await untilInFlight(0);
});
