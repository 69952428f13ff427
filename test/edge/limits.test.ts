import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { create } from "../support/interview.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("pglite", { MAX_TOKENS: "100", MAX_BREADTH: "10" });
});
afterAll(() => world.close());

const headers = { "content-type": "application/json", accept: "text/event-stream" };
const transports = {
  HTTP: async (query: string) => JSON.stringify(await world.gql(query)),
  SSE: async (query: string) =>
    (await fetch(`${world.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) })).text(),
  WebSocket: async (query: string) => {
    const watch = world.watch(query);
    return JSON.stringify([await watch.ended, watch.events]);
  },
};

const wide = "{ viewerEvents { session { id ownerId status mode turn resumeId locale cursor createdAt } } }";
const long = `{ viewer { ${"id ".repeat(100)} } }`;

describe.each(Object.entries(transports))("over %s", (_, send) => {
  it("the schema may be read in more words than anything else", async () => {
    expect(await send(getIntrospectionQuery())).toContain('"SessionEvent"');
    expect(await send(long)).toContain("The document has more than 100 tokens");
  });

  it.each([
    ["in a comment", `${long} # __schema`],
    ["in a string", long.replace("{ viewer", '{ node(id: "__schema") { id } viewer')],
    ["beside other fields", long.replace("viewer", "__schema { queryType { name } } viewer")],
    ["in another operation", `query One { __schema { queryType { name } } } query Other ${long}`],
    ["in no operation", `fragment F on Query { __schema { queryType { name } } ${long.slice(1)}`],
  ])("the name of the schema is no leave to be as long: %s", async (_, query) => {
    expect(await send(query)).toContain("The document has more than 100 tokens");
  });
});

it.each(["SSE", "WebSocket"] as const)("a subscription is weighed as it begins, over %s", async (transport) => {
  const answer = await transports[transport](`subscription ${wide}`);
  expect(answer).toContain("The operation's breadth exceeds the limit");
  expect(answer).toContain("QUERY_TOO_EXPENSIVE");
});

it("a page of résumé texts costs about half of what is allowed", async () => {
  const roomy = await openWorld("pglite");
  const page = "sessions(first: 100) { edges { node { resume { text } } } }";
  expect((await roomy.gql(`{ viewer { ${page} } }`)).errors).toBeUndefined();
  expect((await roomy.gql(`{ viewer { ${page} again: ${page} } }`)).errors?.[0]).toMatchObject({
    message: "The operation's complexity exceeds the limit",
  });
  await roomy.close();
});

describe("a response is no longer than MAX_RESPONSE", () => {
  const tooLong = "The response would be longer than 2.9 KiB";
  let small: World;
  const ids: string[] = [];
  beforeAll(async () => {
    small = await openWorld("pglite", { MAX_RESPONSE: "3000" });
    for (const answer of ["short", "long ".repeat(400)]) {
      const { id } = (await create(small, { forceCreate: true, questionCount: 3, followUps: 0 })).session;
      await small.gql("mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename } }", {
        input: { sessionId: id, questionIndex: 0, answer, wait: false },
      });
      ids.push(id);
    }
  });
  afterAll(() => small.close());

  const twice = (id: string): string =>
    `query { a: session(id: "${id}") { messages { content } } b: session(id: "${id}") { messages { content } } }`;

  it("over HTTP", async () => {
    expect((await small.gql(twice(ids[0]!))).errors).toBeUndefined();
    const { data, errors } = await small.gql(twice(ids[1]!));
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: "QUERY_TOO_EXPENSIVE", limit: 3_000 } }]);
    expect(errors![0]!.message).toContain(tooLong);
  });

  it("over WebSocket", async () => {
    const watch = small.watch(twice(ids[1]!));
    await watch.ended;
    expect(JSON.stringify(watch.events)).toContain(tooLong);
  });

  it("where the document has a plan", async () => {
    const query = twice("").replaceAll('""', "$id").replace("query", "query ($id: ID!)");
    expect((await small.gql(query, { id: ids[0] })).errors).toBeUndefined();
    expect((await small.gql(query, { id: ids[1] })).errors?.[0]?.message).toContain(tooLong);
  });

  it("but for the export of all that is stored", async () => {
    expect(JSON.stringify((await small.gql("{ exportMyData }")).data).length).toBeGreaterThan(3_000);
  });
});

describe("fragments that each spread the next one twice are looked into once", () => {
  const spread = (type: string, last: string) =>
    `...F0 } ${Array.from({ length: 28 }, (_, n) => `fragment F${n} on ${type} { ...F${n + 1} ...F${n + 1} }`).join(" ")}
    fragment F28 on ${type} { ${last} }`;
  let roomy: World;
  beforeAll(async () => {
    roomy = await openWorld("pglite");
  });
  afterAll(() => roomy.close());
  const soon = 30_000;

  it("of a query", { timeout: soon }, async () => {
    expect(await roomy.gql(`{ ${spread("Query", "__typename")}`)).toMatchObject({ data: { __typename: "Query" } });
  });

  it("of a subscription", { timeout: soon }, async () => {
    roomy.watch(`subscription { viewerEvents { ${spread("SessionEvent", "cursor")} }`);
    expect((await roomy.gql("{ viewer { id } }")).errors).toBeUndefined();
  });

  it("of a multipart request", { timeout: soon }, async () => {
    const body = new FormData();
    const query = `mutation { ${spread("Mutation", 'createResume(input: { text: "An engineer" }) { __typename }')}`;
    body.set("operations", JSON.stringify({ query }));
    body.set("map", "{}");
    const marked = { "x-vivavoce-upload": "1" };
    const response = await fetch(`${roomy.url}/graphql`, { method: "POST", headers: marked, body });
    expect(await response.text()).toContain("QUERY_TOO_EXPENSIVE");
  });
});
