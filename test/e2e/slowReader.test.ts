import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { create, sessionEvents } from "../support/interview.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("postgres", { BODY_TIMEOUT: "2s", HEADERS_TIMEOUT: "2s" });
});
afterAll(() => world.close());

const saveDraft = `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { __typename } }`;

it("closes a reader that takes nothing with a code after which it may come back, and holds nobody else up", async () => {
  const { session } = await create(world, { questionCount: 3 });
  const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
  const slow = await stopReading(session.id);

  // More than sockets and queues hold: the slow reader's share has to go somewhere.
  let drafts = 0;
  while (!(await hasStalled())) {
    for (const end = drafts + 100; drafts < end; drafts++) {
      const answer = `${drafts} ${"x".repeat(19_000)}`;
      await world.gql(saveDraft, { input: { sessionId: session.id, questionIndex: 0, answer } });
    }
  }
  // It reads on in time, and learns why it was closed.
  expect(await slow.resume()).toBe(1013);
  await watch.until((event) => event.question?.answer?.text.startsWith(`${drafts - 1} `));
  expect(watch.events.map(({ cursor }) => cursor).filter((cursor) => cursor !== null)).toEqual(
    Array.from({ length: drafts + 2 }, (_, n) => String(n + 1)),
  );
}, 120_000);

it("reads nothing more from a socket that takes no answers", async () => {
  const socket = await openSocket();
  socket.pause();
  const ping = JSON.stringify({ type: "ping", payload: { text: "x".repeat(200_000) } });
  const pings = 200;
  for (let sent = 0; sent < pings; sent++) socket.send(ping);
  // What the client sends stays in its own buffer, however much else the server does.
  let waits = socket.bufferedAmount;
  for (let unchanged = 0; unchanged < 20; ) {
    await fetch(`${world.url}/health/live`);
    unchanged = socket.bufferedAmount === waits ? unchanged + 1 : 0;
    waits = socket.bufferedAmount;
  }
  expect(waits).toBeGreaterThan(0);

  let pongs = 0;
  const answered = new Promise<void>((done) => socket.on("message", () => ++pongs === pings && done()));
  socket.resume();
  await answered;
  socket.terminate();
}, 120_000);

it("cuts off who takes nothing of an answer over HTTP, and gives the place to others", async () => {
  const createResume = "mutation($text: String!) { createResume(input: { text: $text }) { __typename } }";
  for (const name of ["Ada", "Bob"]) await world.gql(createResume, { text: `${name} ${"😀".repeat(90_000)}` });
  // More than fits into the buffers of a connection.
  const lists = Array.from({ length: 15 }, (_, n) => `a${n}: resumes(first: 2) { edges { node { text } } }`);
  const body = JSON.stringify({ query: `{ viewer { ${lists.join(" ")} } }` });
  const { port } = new URL(world.url);
  const client = connect({ port: Number(port), host: "127.0.0.1" }).pause();
  const headers = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  client.write(`POST /graphql HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
  await inFlight(1);
  await inFlight(0);
  const cut = new Promise<unknown>((done) => client.once("close", done).on("error", () => {}));
  client.resume();
  await cut;
}, 120_000);

async function inFlight(count: number): Promise<void> {
  let metrics: string;
  do metrics = await (await fetch(`${world.url}/metrics`)).text();
  while (!metrics.includes(`\nvivavoce_http_requests_in_flight ${count}\n`));
}

/** The server has given somebody up who takes nothing. */
async function hasStalled(): Promise<boolean> {
  const metrics = await (await fetch(`${world.url}/metrics`)).text();
  return /^vivavoce_stalled_connections_total 1$/m.test(metrics);
}

async function stopReading(id: string): Promise<{ resume(): Promise<number> }> {
  const socket = await openSocket();
  const closed = new Promise<number>((done) => socket.once("close", done));
  const payload = { query: sessionEvents, variables: { id, after: "0" } };
  socket.send(JSON.stringify({ type: "subscribe", id: "1", payload }));
  await new Promise((done) => socket.once("message", done));
  socket.pause();
  return {
    resume() {
      socket.resume();
      return closed;
    },
  };
}

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`${world.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await new Promise((done) => socket.once("open", done));
  socket.send(JSON.stringify({ type: "connection_init" }));
  await new Promise((done) => socket.once("message", done));
  return socket;
}
