import { once } from "node:events";
import { connect } from "node:net";
import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("postgres");
});
afterAll(() => world.close());

describe("GraphQL over HTTP", () => {
  // Every line of the specification's own audit: MUST, SHOULD and MAY alike.
  for (const audit of serverAudits({ url: () => `${world.url}/graphql` })) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      if (result.status !== "ok") throw new Error(`${result.status}: ${result.reason}`);
      expect(result.status).toBe("ok");
    });
  }

  it("refuses a batch", async () => {
    const response = await send(JSON.stringify([{ query: "{ viewer { id } }" }, { query: "{ viewer { id } }" }]));
    expect(response.status).toBe(400);
  });

  it.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/graphql",
  ])("refuses a body of type %s", async (type) => {
    const response = await send("query=%7Bviewer%7Bid%7D%7D", { "content-type": type });
    expect(response.status).toBe(415);
  });

  it("refuses a body over the limit, with and without its length", async () => {
    const body = JSON.stringify({ query: `{ viewer { id } } #${"x".repeat(1024 * 1024)}` });
    expect((await send(body)).status).toBe(413);
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const response = await fetch(`${world.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: chunks,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it.each([
    ["with its length", "content-length: 33554432"],
    ["without", "transfer-encoding: chunked"],
    ["with its length on a connection that ends", "content-length: 33554432\r\nconnection: close"],
  ])("says that a body is too large to whoever reads only once all is sent: %s", async (_, header) => {
    const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    const closed = new Promise<boolean>((resolve) => socket.once("close", resolve));
    const sent = (data: string) => new Promise<void>((done) => socket.write(data, () => done()));
    await sent(`POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${header}\r\n\r\n`);
    const piece = "a".repeat(64 * 1024);
    const isChunked = header.startsWith("transfer-encoding");
    for (let i = 0; i < 512; i++) await sent(isChunked ? `10000\r\n${piece}\r\n` : piece);
    if (isChunked) await sent("0\r\n\r\n");
    expect(await closed).toBe(false);
    expect(answer).toContain("HTTP/1.1 413");
    expect(answer).toContain("A request body cannot exceed 1 MiB");
  });

  it.each(["application/json", "text/event-stream"])("refuses a body that is not UTF-8: %s", async (accept) => {
    const body = new Uint8Array(Buffer.from(JSON.stringify({ query: "{ viewer { id } } # café" }), "latin1"));
    const response = await send(body, { accept });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("The body is not valid UTF-8");
  });

  it.each([
    ["utf-8", 200],
    ['"UTF8"', 200],
    ["latin1", 415],
    ["utf-16", 415],
  ])("answers a body that is said to be in %s with %i", async (charset, status) => {
    const type = `application/json; charset=${charset}`;
    expect((await send(JSON.stringify({ query: "{ __typename }" }), { "content-type": type })).status).toBe(status);
  });

  it("refuses a mutation by GET", async () => {
    const query = encodeURIComponent(`mutation { deleteSession(input: { sessionId: "x" }) { __typename } }`);
    const response = await fetch(`${world.url}/graphql?query=${query}`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  const strict = "application/graphql-response+json";
  it.each([
    ["nothing", ""],
    ["an empty query", "query="],
    ["variables that are no JSON", "query=%7B__typename%7D&variables=%7Bid"],
    ["variables that are no object", "query=%7B__typename%7D&variables=5"],
    ["a subscription", "query=subscription%7BviewerEvents%7Bcursor%7D%7D"],
    ["an operation that is not there", "query=query%20A%7B__typename%7D&operationName=B"],
  ])("says by GET what is wrong with %s", async (_, search) => {
    const response = await fetch(`${world.url}/graphql?${search}`, { headers: { accept: strict } });
    expect(response.status === 400 || response.status === 405).toBe(true);
    expect(response.headers.get("content-type")).toContain(strict);
    expect(((await response.json()) as any).errors[0].extensions).toEqual({ code: "BAD_USER_INPUT" });
  });

  it.each([
    [`${strict};q=0.5, application/json`, "application/json"],
    [`${strict}, application/json`, strict],
    ["application/json;q=0.2, */*;q=0.1", "application/json"],
    ["application/json;q=0, */*", strict],
    ["*/*", "application/json"],
    ["", "application/json"],
  ])("answers who accepts %s with %s", async (accept, type) => {
    const response = await send(JSON.stringify({ query: "{ __typename }" }), { accept });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
  });

  it.each(["application/json;q=0", "image/png"])("has nothing for who accepts %s", async (accept) => {
    expect((await send(JSON.stringify({ query: "{ __typename }" }), { accept })).status).toBe(406);
  });

  it("takes an empty name of an operation for none", async () => {
    const asked = { query: "{ __typename }", operationName: "" };
    expect(await (await send(JSON.stringify(asked))).json()).toEqual({ data: { __typename: "Query" } });
    const two = { query: "query A { __typename } query B { __typename }", operationName: "" };
    expect(await (await send(JSON.stringify(two))).text()).toContain("Name one of the document's operations");
  });

  it("takes an empty name of an operation for none in streams too", async () => {
    const asked = { query: 'subscription { sessionEvents(sessionId: "x") { cursor } }', operationName: "" };
    const stream = await send(JSON.stringify(asked), { accept: "text/event-stream" });
    expect(await stream.text()).toContain("SESSION_NOT_FOUND");
    const socket = new WebSocket(`${world.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    await once(socket, "open");
    socket.send('{"type":"connection_init"}');
    await once(socket, "message");
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: asked }));
    expect(String((await once(socket, "message"))[0])).toContain("SESSION_NOT_FOUND");
    socket.terminate();
  });

  it.each([
    ["application/json", 400, "Batches are not supported"],
    [strict, 400, "Batches are not supported"],
    ["text/event-stream", 200, "Batching is not supported"],
  ])("refuses a batch and says why, to who accepts %s", async (accept, status, told) => {
    const response = await send(JSON.stringify([{ query: "{ __typename }" }]), { accept });
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(told)]);
  });

  it("marks no error with more than its code, over HTTP and sockets alike", async () => {
    const query = "query ($id: ID!) { session(id: $id) { id } }";
    for (const text of [query, "{ nothing }"]) {
      const { errors } = (await (await send(JSON.stringify({ query: text }))).json()) as any;
      expect(errors[0].extensions).toEqual({ code: "BAD_USER_INPUT" });
    }
    const watch = world.watch(query);
    const { errors } = await watch.until((event) => event.errors);
    expect(errors[0].extensions).toEqual({ code: "BAD_USER_INPUT" });
  });

  it.each(["application/json", "text/event-stream"])("refuses numbers that lost digits: %s", async (accept) => {
    const query = "query ($r: ID!) { unfinishedSession(resumeId: $r) { id } }";
    const ask = async (id: string) =>
      (await send(`{"query": "${query}", "variables": {"r": ${id}}}`, { accept })).text();
    const refused = await ask("9223372036854775807");
    expect(refused).toMatch(/"r: the number is too long to arrive with all its digits, send it as a string/);
    expect(refused).not.toContain("92233720368547758");
    expect(await ask("9007199254740991")).toContain('{"unfinishedSession":null}');
    expect(await ask('"9223372036854775807"')).toContain('{"unfinishedSession":null}');
  });

  it("tells clients that ask by a hash to send the text", async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } };
    const { errors } = (await (await send(JSON.stringify({ extensions }))).json()) as any;
    expect(errors[0].message).toBe("PersistedQueryNotSupported");
  });

  it("refuses a compressed body by its name", async () => {
    const body = JSON.stringify({ query: "{ __typename }" });
    expect((await send(body, { "content-encoding": "gzip" })).status).toBe(415);
  });

  it("gives pages to browsers only", async () => {
    const page = (path: string, accept: string) => fetch(`${world.url}${path}`, { headers: { accept } });
    expect((await page("/sessions/1", "text/html")).status).toBe(200);
    expect((await page("/sessions/1", "application/json")).status).toBe(404);
    expect((await page("/", "*/*")).status).toBe(200);
  });

  it("serves GraphiQL without any other host", async () => {
    const html = await (await fetch(`${world.url}/graphql`, { headers: { accept: "text/html" } })).text();
    expect(html).toContain("<html");
    expect(html).not.toMatch(/<(?:script|link)[^>]+(?:src|href)="(?:https?:)?\/\//);
  });

  it("tells its health and its metrics", async () => {
    expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    expect(metrics).toContain("vivavoce_http_request_seconds_bucket");
  });
});

function send(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}
