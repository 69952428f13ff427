import type { JWTPayload, JWTVerifyGetKey } from "jose";
import type { Config } from "../config.ts";
import type { Viewer, ViewerRole } from "../graphql/context.ts";

/**
 * Turns an Authorization header into a viewer; null if it is refused, without a reason. Fails with KeySetUnavailable if
 * the token cannot be checked at the moment.
 */
export type Authenticate = (authorization: string | null | undefined) => Viewer | null | Promise<Viewer | null>;

export interface Authenticator {
  authenticate: Authenticate;
  /** Fetches the keys that tokens are checked with, if necessary; fails with KeySetUnavailable. */
  prepare(): Promise<void>;
}

/** The identity provider is unavailable or returned no key set, which says nothing about the token. */
export class KeySetUnavailable extends Error {
  constructor(cause: unknown) {
    super("The key set of AUTH_JWKS_URL cannot be had", { cause });
    this.name = "KeySetUnavailable";
  }
}

const localViewer: Viewer = { id: "local", role: "ADMIN", expiresAt: null };
/** Tolerance for clock skew before and after a token's validity. */
const leewaySeconds = 60;

export function createAuthenticator(config: Config): Authenticator {
  if (!config.authenticated) return { authenticate: () => localViewer, prepare: async () => {} };
  const options = {
    clockTolerance: leewaySeconds,
    requiredClaims: ["sub"],
    ...(config.authIssuer ? { issuer: config.authIssuer } : {}),
    ...(config.authAudience ? { audience: config.authAudience } : {}),
  };
  const loading = loadVerifier(config, options);
  // Keys of a set may be withdrawn at any time; a single secret does not change during the process.
  const known = config.authJwksUrl === null ? new KnownViewers() : null;

  async function check(authorization: string): Promise<Viewer | null> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (!token || token.length > 16_384) return null;
    try {
      const viewer = toViewer(await (await loading).verify(token));
      if (viewer !== null) known?.add(authorization, viewer);
      return viewer;
    } catch (error) {
      if (error instanceof KeySetUnavailable) throw error;
      return null;
    }
  }

  return {
    authenticate: (authorization) => (authorization ? (known?.get(authorization) ?? check(authorization)) : null),
    prepare: async () => (await loading).prepare(),
  };
}

/** Caches verified headers: verifying a signature takes longer than answering many a query. */
class KnownViewers {
  readonly #viewers = new Map<string, Viewer>();

  get(authorization: string): Viewer | null {
    const viewer = this.#viewers.get(authorization);
    if (viewer === undefined) return null;
    if (viewer.expiresAt === null || Date.now() < viewer.expiresAt.getTime() + leewaySeconds * 1_000) return viewer;
    this.#viewers.delete(authorization);
    return null;
  }

  add(authorization: string, viewer: Viewer): void {
    if (authorization.length > 2_000) return;
    this.#viewers.set(authorization, viewer);
    if (this.#viewers.size > 10_000) this.#viewers.delete(this.#viewers.keys().next().value!);
  }
}

interface Verifier {
  verify(token: string): Promise<JWTPayload>;
  prepare(): Promise<void>;
}

/** jose is loaded only if tokens are checked. */
async function loadVerifier(config: Config, options: object): Promise<Verifier> {
  const { createRemoteJWKSet, errors, jwtVerify } = await import("jose");
  if (config.authJwksUrl !== null) {
    const set = createRemoteJWKSet(new URL(config.authJwksUrl), { cooldownDuration: 5_000, timeoutDuration: 5_000 });
    const aboutToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
    // Every other error while looking for a key is about the key set: fetching it, its status, its content.
    const keys: JWTVerifyGetKey = async (header, token) => {
      try {
        return await set(header, token);
      } catch (error) {
        throw aboutToken.some((kind) => error instanceof kind) ? error : new KeySetUnavailable(error);
      }
    };
    const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
    return {
      verify: async (token) => (await jwtVerify(token, keys, { ...options, algorithms })).payload,
      async prepare() {
        if (set.jwks() !== undefined) return;
        await set.reload().catch((error) => {
          throw new KeySetUnavailable(error);
        });
      },
    };
  }
  const secret = new TextEncoder().encode(config.authJwtSecret!.reveal());
  return {
    verify: async (token) => (await jwtVerify(token, secret, { ...options, algorithms: ["HS256"] })).payload,
    prepare: async () => {},
  };
}

/** The latest time of a Date. */
const lastDate = 8.64e15;

function toViewer({ sub, role, exp }: JWTPayload): Viewer | null {
  if (typeof sub !== "string" || sub.trim() === "" || sub.length > 255) return null;
  // The database can store neither unchanged: two subjects that differ in a lone surrogate would be one owner.
  if (sub.includes("\0") || !sub.isWellFormed()) return null;
  return {
    id: sub,
    role: toRole(role),
    expiresAt: exp === undefined ? null : new Date(Math.min(exp * 1_000, lastDate)),
  };
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
