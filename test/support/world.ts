import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { readConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { start } from "../../src/server.ts";
import { createEmbeddedTables, createTables } from "./databases.ts";

export type DatabaseKind = "pglite" | "postgres";

/** A server in this process, on a database of its own unless it is given one. */
export interface World {
  url: string;
  databaseUrl: string | null;
  dataDir: string;
  gql<T = any>(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer<T>>;
  /** A subscriber over graphql-transport-ws. */
  watch(query: string, variables?: object, options?: { authorization?: string }): Watch;
  close(): Promise<void>;
}

export interface Answer<T> {
  status: number;
  data: T;
  errors?: { message: string; path?: unknown[]; extensions: { code: string; [key: string]: unknown } }[];
}

export async function openWorld(
  kind: DatabaseKind,
  env: Record<string, string> = {},
  log = createLog(process.env.TEST_LOG ?? "silent"),
): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-"));
  const databaseUrl = env.DATABASE_URL ?? (kind === "postgres" ? await createTables() : null);
  if (databaseUrl === null) await createEmbeddedTables(dataDir);
  const config = readConfig({
    PORT: "0",
    DATA_DIR: dataDir,
    RATE_LIMIT_CREATE: "off",
    RATE_LIMIT_SUBMIT: "off",
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    ...env,
  });
  const running = await start(config, log);
  const clients: Client[] = [];
  return {
    url: running.url,
    databaseUrl,
    dataDir,
    gql: (query, variables, headers) => post(running.url, query, variables, headers),
    watch(query, variables, options = {}) {
      const client = createClient({
        url: `${running.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(options.authorization ? { connectionParams: { authorization: options.authorization } } : {}),
      });
      clients.push(client);
      return watch(client, query, variables);
    },
    async close() {
      for (const client of clients) await client.dispose();
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function post<T>(
  url: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer<T>, "status">) };
}

/** What one subscription brings, to be waited for. */
export interface Watch {
  readonly events: any[];
  /** Resolves with the first event, also an earlier one, that fits. */
  until(fits: (event: any) => boolean): Promise<any>;
  /** Resolves when the stream has ended; with the errors when it ended with some. */
  readonly ended: Promise<any>;
  stop(): void;
}

function watch(client: Client, query: string, variables: object = {}): Watch {
  const events: any[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  let settle: (value: unknown) => void = () => {};
  const ended = new Promise<unknown>((resolve) => {
    settle = (value) => {
      over = true;
      for (const look of [...waiting]) look();
      resolve(value);
    };
  });
  const stop = client.subscribe(
    { query, variables: variables as Record<string, unknown> },
    {
      next(result) {
        const value = result.errors ? result : Object.values(result.data as object)[0];
        events.push(value);
        for (const look of [...waiting]) look();
      },
      error: settle,
      complete: () => settle(null),
    },
  );
  return {
    events,
    ended,
    stop,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(fits);
          if (found === undefined && !over) return;
          waiting.delete(look);
          if (found === undefined)
            reject(new Error(`The stream ended without it: ${JSON.stringify(events.slice(-3))}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
