import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { readConfig } from "../../src/config.ts";
import { createTextOf } from "../../src/edge/trustedDocuments.ts";
import { openWorld, type World } from "../support/world.ts";

const trusted = "query Who { viewer { id } }";
const watched = "subscription Watch { viewerEvents { __typename } }";
const other = "query Other { viewer { role } }";
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const persisted = (text: string): object => ({ persistedQuery: { version: 1, sha256Hash: hash(text) } });
const file = join(mkdtempSync(join(tmpdir(), "trusted-")), "documents.json");

let world: World;
beforeAll(async () => {
  writeFileSync(file, JSON.stringify({ [hash(trusted)]: trusted, [`sha256:${hash(watched)}`]: watched }));
  world = await openWorld("postgres", { TRUSTED_DOCUMENTS: file });
});
afterAll(() => world.close());

/** One operation over each transport: what came back, as text. */
const transports: Record<string, (body: Record<string, unknown>) => Promise<string>> = {
  POST: (body) => send({ method: "POST", body: JSON.stringify(body) }),
  SSE: (body) => send({ method: "POST", body: JSON.stringify(body), headers: { accept: "text/event-stream" } }),
  GET: (body) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(body)) {
      search.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    return send({}, `?${search}`);
  },
  WebSocket: (body) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${world.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
      socket.on("open", () => socket.send('{"type":"connection_init"}'));
      socket.on("message", (data) => {
        const message = JSON.parse(String(data));
        if (message.type === "connection_ack") {
          socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: body }));
        } else {
          resolve(JSON.stringify(message.payload));
          socket.close();
        }
      });
      socket.on("error", reject);
    }),
};

async function send(init: RequestInit, search = ""): Promise<string> {
  const headers = { "content-type": "application/json", ...(init.headers as object) };
  const response = await fetch(`${world.url}/graphql${search}`, { ...init, headers });
  return response.text();
}

describe.each(Object.keys(transports))("trusted documents over %s", (name) => {
  const run = transports[name]!;

  it.each([
    ["the hash that Apollo and urql send", { extensions: persisted(trusted) }],
    ["a documentId", { documentId: hash(trusted) }],
    ["a documentId with its algorithm", { documentId: `sha256:${hash(trusted)}` }],
    ["the whole text", { query: trusted }],
    ["the text and its hash", { query: trusted, extensions: persisted(trusted) }],
  ])("runs what is named by %s", async (_, body) => {
    expect(await run(body)).toContain('"id":"local"');
  });

  it.each([
    ["a text that is not in the file", { query: other }],
    ["the same text with one space more", { query: `${trusted} ` }],
    ["an unknown hash", { extensions: persisted(other) }],
    ["registering by hash and text", { query: other, extensions: persisted(other) }],
    ["a word that objects have", { documentId: "constructor" }],
    ["introspection", { query: "{ __schema { queryType { name } } }" }],
  ])("refuses %s", async (_, body) => {
    expect(await run(body)).toContain('"code":"FORBIDDEN"');
  });

  it("refuses another text under a trusted hash", async () => {
    const answer = await run({ query: other, extensions: persisted(trusted) });
    expect(answer).toContain('"code":"BAD_USER_INPUT"');
    expect(answer).not.toContain('"role":');
  });
});

it("still closes a socket that names no document at all", async () => {
  const socket = new WebSocket(`${world.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  socket.on("message", () => socket.send('{"id":"1","type":"subscribe","payload":{"documentId":7}}'));
  expect((await once(socket, "close"))[0]).toBe(4400);
});

it("asks who calls also where only a hash is sent", async () => {
  const guarded = await openWorld("postgres", { TRUSTED_DOCUMENTS: file, AUTH_JWT_SECRET: "x".repeat(32) });
  expect((await fetch(`${guarded.url}/graphql?documentId=${hash(trusted)}`)).status).toBe(401);
  await guarded.close();
});

it.each([
  ["that is missing", null],
  ["without JSON", "query { viewer { id } }"],
  ["with a wrong hash", JSON.stringify({ [hash(other)]: trusted })],
])("does not start with a file %s", (_, content) => {
  const path = join(mkdtempSync(join(tmpdir(), "trusted-")), "documents.json");
  if (content !== null) writeFileSync(path, content);
  const config = readConfig({ TRUSTED_DOCUMENTS: path });
  expect(() => createTextOf(config.trustedDocuments)).toThrow(/^TRUSTED_DOCUMENTS /);
});
