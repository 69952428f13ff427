import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("pglite");
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

  it("refuses a mutation by GET", async () => {
    const query = encodeURIComponent(`mutation { deleteSession(input: { sessionId: "x" }) { __typename } }`);
    expect((await fetch(`${world.url}/graphql?query=${query}`)).status).toBe(405);
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

function send(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}
