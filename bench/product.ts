import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startPostgres, startRedis, type TestServer } from "../test/support/servers.ts";
import { mintToken, testSecret } from "../test/support/tokens.ts";
import { type Program, type ProgramOptions, startProgram } from "./harness.ts";

/** The product as people run it: production mode, tokens, limits, masking, metrics and logging on, real servers. */

export interface Servers {
  postgres: TestServer;
  redis: TestServer;
  stop(): Promise<void>;
}

/** PostgreSQL and Redis on the load's core. `durable`: PostgreSQL on a disk, and it waits for it. */
export async function startServers(options: { durable?: boolean; settings?: string[] } = {}): Promise<Servers> {
  const folder = options.durable ? mkdtempSync(join(tmpdir(), "vivavoce-bench-")) : null;
  const { settings = [] } = options;
  const [postgres, redis] = await Promise.all([
    startPostgres(folder === null ? { settings } : { durable: true, folder, settings }),
    startRedis(),
  ]);
  return {
    postgres,
    redis,
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fresh database on a server. */
export async function createDatabase({ postgres }: Servers, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return postgres.url.replace(/\/postgres$/, `/${name}`);
}

/** Every limit is on, with figures that a load generator, which is one viewer at one address, does not reach. */
const limits = {
  RATE_LIMIT_CREATE: "100000000/60s",
  RATE_LIMIT_SUBMIT: "100000000/1s",
  MAX_FRAME_RATE: "1000000/1s",
  MAX_SUBSCRIPTIONS: "100000",
  MAX_SOCKETS_PER_VIEWER: "100000",
  MAX_SOCKETS_PER_ADDRESS: "100000",
  MAX_IN_FLIGHT: "10000",
  MAX_IN_FLIGHT_PER_VIEWER: "10000",
};

export interface ProductOptions extends ProgramOptions {
  /** Another database than the server's first one. */
  databaseUrl?: string;
}

/** One node of the product. `env` adds settings: `ROLE`, pools, a model. */
export function startProduct(servers: Servers, options: ProductOptions = {}): Promise<Program> {
  const { databaseUrl, env, ...program } = options;
  return startProgram("../src/main.ts", {
    ...program,
    env: {
      NODE_ENV: "production",
      PORT: "0",
      DATABASE_URL: databaseUrl ?? servers.postgres.url,
      REDIS_URL: servers.redis.url,
      AUTH_JWT_SECRET: testSecret,
      ...limits,
      ...env,
    },
  });
}

/** What the header `authorization` holds for a viewer. */
export async function bearer(viewer: string, role = "candidate"): Promise<string> {
  return `Bearer ${await mintToken(viewer, role)}`;
}

/** One operation, outside of what is measured. Errors are thrown. */
export async function ask<Data>(
  url: string,
  authorization: string,
  query: string,
  variables: object = {},
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors) throw new Error(errors.map(({ message }) => message).join("\n"));
  return data;
}
