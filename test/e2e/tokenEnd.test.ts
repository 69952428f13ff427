import { SignJWT } from "jose";
import { afterAll, beforeAll, it } from "vitest";
import { create } from "../support/interview.ts";
import { testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("postgres", { AUTH_JWT_SECRET: testSecret });
});
afterAll(() => world.close());

/** A token that ends at a second of the clock. */
async function tokenUntil(exp: number): Promise<string> {
  const claims = new SignJWT({ exp }).setProtectedHeader({ alg: "HS256" }).setSubject("ada");
  return `Bearer ${await claims.sign(new TextEncoder().encode(testSecret))}`;
}

function stream(authorization: string): Promise<Response> {
  return fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: "subscription { viewerEvents { __typename } }" }),
  });
}

it.each([8.64e12, 1e13, 1e300])("a token whose end no clock reaches, %s, is good on every transport", async (exp) => {
  const authorization = await tokenUntil(exp);
  const watch = world.watch("subscription { viewerEvents { __typename } }", {}, { authorization });
  const response = await stream(authorization);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const own: World = { ...world, gql: (query, variables) => world.gql(query, variables, { authorization }) };
  await create(own, {});
  await watch.until((event) => event.__typename === "SessionCreated");
  for (let told = ""; !told.includes("SessionCreated"); ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream ended: ${told}`);
    told += value;
  }
  await reader.cancel();
});
