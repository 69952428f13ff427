import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { create } from "../support/interview.ts";
import { testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
let id: string;
beforeAll(async () => {
  world = await openWorld("postgres", { AUTH_JWT_SECRET: testSecret });
  const authorization = await tokenUntil(8.64e12);
  const own: World = { ...world, gql: (query, variables) => world.gql(query, variables, { authorization }) };
  id = (await create(own, {})).session.id;
});
afterAll(() => world.close());

/** A token that ends at a second of the clock. */
async function tokenUntil(exp: number): Promise<string> {
  const claims = new SignJWT({ exp }).setProtectedHeader({ alg: "HS256" }).setSubject("ada");
  return `Bearer ${await claims.sign(new TextEncoder().encode(testSecret))}`;
}

const query = `subscription($id: ID!) { sessionEvents(sessionId: $id, after: "0") { __typename } }`;

function stream(authorization: string, id: string): Promise<Response> {
  return fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query, variables: { id } }),
  });
}

it.each([8.64e12, 1e13, 1e300])("a token whose end no clock reaches, %s, is good on every transport", async (exp) => {
  const authorization = await tokenUntil(exp);
  const watch = world.watch(query, { id }, { authorization });
  await watch.until((event) => event.__typename === "SessionCreated");
  const response = await stream(authorization, id);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let told = ""; !told.includes("SessionCreated"); ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream ended: ${told}`);
    told += value;
  }
  await reader.cancel();
});

it("a stream of Server-Sent Events ends with its token as a whole answer, and is not complete", async () => {
  const response = await stream(await tokenUntil(Math.floor(Date.now() / 1_000) + 2), id);
  expect(response.status).toBe(200);
  // As long as the stream is cut, this fails.
  expect(await response.text()).not.toContain("complete");
});

it("a stream is not begun with a token that is taken for a little longer only", async () => {
  const response = await stream(await tokenUntil(Math.floor(Date.now() / 1_000) - 5), id);
  expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
});
