import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import type { Config } from "../config.ts";
import type { Viewer, ViewerRole } from "../graphql/context.ts";

/** Turns what a client shows into a viewer; null when it is refused. Why is never told. */
export type Authenticate = (authorization: string | null | undefined) => Promise<Viewer | null>;

const localViewer: Viewer = { id: "local", role: "ADMIN", expiresAt: null };
/** Clocks differ: a token is accepted this long after its end, and before its beginning. */
const leewaySeconds = 60;

export function createAuthenticator(config: Config): Authenticate {
  if (!config.authenticated) return async () => localViewer;
  const options = {
    clockTolerance: leewaySeconds,
    requiredClaims: ["sub"],
    ...(config.authIssuer ? { issuer: config.authIssuer } : {}),
    ...(config.authAudience ? { audience: config.authAudience } : {}),
  };
  const verify = verifier(config, options);

  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? "")?.[1];
    if (!token || token.length > 16_384) return null;
    try {
      return toViewer(await verify(token));
    } catch {
      return null;
    }
  };
}

function verifier(config: Config, options: object): (token: string) => Promise<JWTPayload> {
  if (config.authJwksUrl !== null) {
    const keys = createRemoteJWKSet(new URL(config.authJwksUrl), { cooldownDuration: 5_000, timeoutDuration: 5_000 });
    const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
    return async (token) => (await jwtVerify(token, keys, { ...options, algorithms })).payload;
  }
  const secret = new TextEncoder().encode(config.authJwtSecret!.reveal());
  return async (token) => (await jwtVerify(token, secret, { ...options, algorithms: ["HS256"] })).payload;
}

function toViewer({ sub, role, exp }: JWTPayload): Viewer | null {
  if (typeof sub !== "string" || sub.trim() === "" || sub.length > 255 || sub.includes("\0")) return null;
  return { id: sub, role: toRole(role), expiresAt: exp === undefined ? null : new Date(exp * 1_000) };
}

function toRole(role: unknown): ViewerRole {
  switch (typeof role === "string" ? role.toLowerCase() : "") {
    case "reviewer":
      return "REVIEWER";
    case "admin":
      return "ADMIN";
    default:
      return "CANDIDATE";
  }
}
