import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Authenticate, createAuthenticator, KeySetUnavailable } from "../../src/edge/auth.ts";
import { openWorld } from "../support/world.ts";

/** A key server whose keys change, and which can be away or answer with something else. */
let server: Server;
let url: string;
let published: JWK[] = [];
let instead: readonly [status: number, body: string] | null = null;
let asked = 0;

interface Pair {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}
let old: Pair;
let fresh: Pair;

beforeAll(async () => {
  [old, fresh] = await Promise.all([pair("old"), pair("fresh")]);
  server = createServer((_, response) => {
    asked++;
    if (instead !== null) response.writeHead(instead[0]).end(instead[1]);
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
});
afterAll(() => void server.close());

async function pair(kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
}

function sign({ kid, privateKey }: Pair, header: object = {}): Promise<string> {
  const claims = new SignJWT({ role: "reviewer" }).setSubject("ada").setExpirationTime("1h");
  return claims.setProtectedHeader({ alg: "RS256", kid, ...header }).sign(privateKey);
}

const authenticator = (): Authenticate => createAuthenticator(readConfig({ AUTH_JWKS_URL: url })).authenticate;
const bearer = (token: string): string => `Bearer ${token}`;

describe("a key set", () => {
  it("is read once and lets its keys' tokens in", async () => {
    published = [old.jwk];
    asked = 0;
    const authenticate = authenticator();
    for (let n = 0; n < 5; n++) {
      expect(await authenticate(bearer(await sign(old)))).toMatchObject({ id: "ada", role: "REVIEWER" });
    }
    expect(asked).toBe(1);
  });

  it("may rotate: a new key is fetched when it is met, a withdrawn one ends with the set", async () => {
    published = [old.jwk];
    const rotating = authenticator();
    expect(await rotating(bearer(await sign(old)))).not.toBeNull();
    published = [fresh.jwk];
    // The set is asked for again at most every five seconds, whoever sends unknown keys.
    await expect.poll(async () => rotating(bearer(await sign(fresh)))).not.toBeNull();
    expect(await rotating(bearer(await sign(old)))).toBeNull();
  });

  it("is not asked again for every unknown key", async () => {
    published = [old.jwk];
    const authenticate = authenticator();
    await authenticate(bearer(await sign(old)));
    asked = 0;
    for (let n = 0; n < 50; n++)
      expect(await authenticate(bearer(await sign(fresh, { kid: `made-up-${n}` })))).toBeNull();
    expect(asked).toBeLessThanOrEqual(1);
  });

  it("cannot be played against itself: its public key is no secret of HS256", async () => {
    published = [old.jwk];
    const authenticate = authenticator();
    const secrets = [await exportSPKI(old.publicKey), JSON.stringify(old.jwk), old.jwk.n!];
    for (const secret of secrets) {
      const claims = new SignJWT({ role: "admin" }).setSubject("ada").setExpirationTime("1h");
      const forged = await claims
        .setProtectedHeader({ alg: "HS256", kid: "old" })
        .sign(new TextEncoder().encode(secret));
      expect(await authenticate(bearer(forged))).toBeNull();
    }
    const none = `${Buffer.from('{"alg":"none","kid":"old"}').toString("base64url")}.${Buffer.from('{"sub":"ada"}').toString("base64url")}.`;
    expect(await authenticate(bearer(none))).toBeNull();
  });

  it("is the only one: a token's own key or address of keys is not looked at", async () => {
    published = [old.jwk];
    const authenticate = authenticator();
    expect(await authenticate(bearer(await sign(fresh, { kid: "old", jwk: fresh.jwk })))).toBeNull();
    expect(await authenticate(bearer(await sign(fresh, { kid: "old", jku: url })))).toBeNull();
  });

  it("that cannot be had lets nobody in and refuses nobody, and those it knows stay in", async () => {
    published = [old.jwk];
    const known = authenticator();
    expect(await known(bearer(await sign(old)))).not.toBeNull();
    for (const answer of [
      [503, ""],
      [200, "<html>"],
      [200, '{"no":"keys"}'],
      [302, ""],
    ] as const) {
      instead = answer;
      const authenticate = authenticator();
      await expect(authenticate(bearer(await sign(old)))).rejects.toThrow(KeySetUnavailable);
      // What is no token at all needs no keys to be refused.
      expect(await authenticate("Bearer a.b.c")).toBeNull();
      expect(await known(bearer(await sign(old)))).not.toBeNull();
      instead = null;
      expect(await authenticate(bearer(await sign(old)))).not.toBeNull();
    }
    const nowhere = createAuthenticator(readConfig({ AUTH_JWKS_URL: "http://127.0.0.1:9/keys" }));
    await expect(nowhere.authenticate(bearer(await sign(old)))).rejects.toThrow(KeySetUnavailable);
  });

  it("that cannot be had is told as what it is, so that clients keep their tokens and come back", async () => {
    published = [old.jwk];
    instead = [503, ""];
    const world = await openWorld("postgres", { AUTH_JWKS_URL: url });
    try {
      const authorization = bearer(await sign(old));
      const response = await fetch(`${world.url}/graphql?query={viewer{id}}`, { headers: { authorization } });
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
      expect((await response.json()).errors[0].extensions.code).toBe("SERVICE_UNAVAILABLE");
      const watch = world.watch("subscription { viewerEvents { sessionId } }", {}, { authorization });
      expect(await watch.ended).toMatchObject({ code: 1013 });
      expect(await world.gql("{ viewer { id } }")).toMatchObject({ status: 401 });

      instead = null;
      const answer = await world.gql("{ viewer { id } }", {}, { authorization });
      expect(answer.data).toEqual({ viewer: { id: "ada" } });
    } finally {
      instead = null;
      await world.close();
    }
  });

  it("has been fetched before a node is ready, which stays so when the set is away later", async () => {
    published = [old.jwk];
    instead = [500, ""];
    const world = await openWorld("postgres", { AUTH_JWKS_URL: url });
    const probe = async (path: string) => (await fetch(`${world.url}/health/${path}`)).status;
    try {
      asked = 0;
      await expect.poll(() => asked).toBeGreaterThan(0);
      expect([await probe("live"), await probe("ready")]).toEqual([200, 503]);
      instead = null;
      await expect.poll(() => probe("ready")).toBe(200);
      instead = [500, ""];
      const authorization = bearer(await sign(old));
      expect(await world.gql("{ viewer { id } }", {}, { authorization })).toMatchObject({ status: 200 });
      expect(await probe("ready")).toBe(200);
    } finally {
      instead = null;
      await world.close();
    }
  });
});
