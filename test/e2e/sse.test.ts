import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { create, submit } from "../support/interview.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("postgres");
});
afterAll(() => world.close());

const query = `subscription($id: ID!, $after: ID) { sessionEvents(sessionId: $id, after: $after) { __typename cursor } }`;

it("streams events over Server-Sent Events and resumes by cursor", async () => {
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  const first = await open(session.id, "0");
  expect(await first.take(2)).toEqual([
    { __typename: "SessionCreated", cursor: "1" },
    { __typename: "QuestionAsked", cursor: "2" },
  ]);
  await first.close();

  await submit(world, session.id, 0, "Said while nobody watched");
  const second = await open(session.id, "2");
  expect(await second.take(2)).toEqual([
    { __typename: "AnswerSubmitted", cursor: "3" },
    { __typename: "QuestionAsked", cursor: "4" },
  ]);
  await second.close();
});

it("asks whoever is on the way to leave a stream as it is, in words that are registered", async () => {
  const response = await request((await create(world, {})).session.id, "0");
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
  await response.body!.cancel();
});

it.each([
  ["SESSION_NOT_FOUND", "nonsense", "0"],
  ["INVALID_CURSOR", null, "99"],
  ["INVALID_CURSOR", null, "-1"],
  ["INVALID_CURSOR", null, "one"],
])("ends with %s for session %s and cursor %s", async (code, id, after) => {
  const sessionId = id ?? (await create(world, {})).session.id;
  const response = await request(sessionId, after);
  expect(await response.text()).toContain(`"code":"${code}"`);
});

it.each([
  ["zh-CN", "会话不存在", "nonsense", "0"],
  ["zh-CN", "参数after中的游标格式不正确，或超出了该会话的最后一个事件", null, "99"],
  ["en", "The cursor in `after` is malformed or past the end of the session's events", null, "99"],
])("says in the reader's language (%s) why it ends: %s", async (language, message, id, after) => {
  const sessionId = id ?? (await create(world, {})).session.id;
  const response = await request(sessionId, after, language);
  expect(await response.text()).toContain(`"message":"${message}"`);
});

describe.each(["text/event-stream", "application/json, text/event-stream"])("who accepts %s", (accept) => {
  it.each([
    ["a field that is not there", { query: "subscription { nothing }" }],
    ["a variable that is missing", { query, variables: {} }],
    ["a variable of another type", { query, variables: { id: {} } }],
    ["an operation that is not there", { query, operationName: "B" }],
  ])("is told of %s in an answer that is read: what a 400 says is thrown away", async (_, asked) => {
    const response = await fetch(`${world.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify(asked),
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`"code":"BAD_USER_INPUT"`);
  });
});

function request(id: string, after: string, language = "en"): Promise<Response> {
  return fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", "accept-language": language },
    body: JSON.stringify({ query, variables: { id, after } }),
  });
}

async function open(id: string, after: string) {
  const response = await request(id, after);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  return {
    async take(count: number): Promise<unknown[]> {
      const events: unknown[] = [];
      while (events.length < count) {
        const end = buffer.indexOf("\n\n");
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error(`The stream ended: ${buffer}`);
          buffer += value;
          continue;
        }
        const data = /^data: (.*)$/m.exec(buffer.slice(0, end))?.[1];
        buffer = buffer.slice(end + 2);
        if (data) events.push(JSON.parse(data).data.sessionEvents);
      }
      return events;
    },
    close: () => reader.cancel(),
  };
}

it.each([
  "application/json, text/event-stream",
  // As urql asks for everything.
  "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
])("streams subscriptions alone to who takes answers too: %s", async (accept) => {
  const small = await openWorld("postgres", { AUTH_JWT_SECRET: testSecret, MAX_SOCKETS_PER_VIEWER: "1" });
  const authorization = `Bearer ${await mintToken("ada")}`;
  const headers = { authorization, "content-type": "application/json", accept };
  const ask = (query: string) =>
    fetch(`${small.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  const stream = await ask("subscription { viewerEvents { cursor } }");
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  const answer = await ask("{ viewer { id } }");
  expect([answer.status, await answer.text()]).toEqual([200, `{"data":{"viewer":{"id":"ada"}}}`]);
  const search = new URLSearchParams({ query: "{ viewer { id } }" });
  expect((await fetch(`${small.url}/graphql?${search}`, { headers })).status).toBe(200);
  expect((await ask("subscription { viewerEvents { cursor } }")).status).toBe(503);
  await stream.body!.cancel();
  await small.close();
});
