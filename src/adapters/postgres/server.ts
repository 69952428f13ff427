import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { StoreUnavailable } from "../../ports/store.ts";
import type { Database, Sql } from "./database.ts";
import { withRetries } from "./transient.ts";

export interface ServerOptions {
  url: string;
  /** Bypasses the pooler that `url` may name: for locks, LISTEN and pg-boss. */
  directUrl: string | null;
  poolSize: number;
  /** Longest wait for a connection, a statement or a lock. */
  timeoutMs: number;
  onError(error: Error): void;
}

/** How many statements may wait for a connection. */
const queueLimit = 1_000;

/**
 * PostgreSQL keeps the plan of a prepared statement until its statistics change, a minute or more. Sequential scans are
 * off, because one that was planned while a table had a page would still be used when it has a thousand.
 */
const planSettings = "-c enable_seqscan=off -c jit=off";

/** A PostgreSQL server. */
export async function openServer(options: ServerOptions): Promise<Database> {
  const { url, timeoutMs, poolSize, onError } = options;
  const directUrl = options.directUrl ?? url;
  const prepare = options.directUrl === null;
  // A frozen or unreachable server does not break the connection: only a timeout notices it.
  const timeouts = { connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs + 1_000, keepAlive: true };
  // pg-boss runs longer statements to create and maintain its schema.
  const bossTimeouts = { ...timeouts, query_timeout: Math.max(30_000, timeoutMs) };
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    ...timeouts,
    application_name: "vivavoce",
    types: { getTypeParser: typeParser as never },
    // A pooler in transaction mode does not pass session settings on.
    ...(prepare
      ? {
          options: planSettings,
          statement_timeout: timeoutMs,
          lock_timeout: timeoutMs,
          idle_in_transaction_session_timeout: timeoutMs,
        }
      : {}),
  });
  pool.on("error", onError);
  const names = new Map<string, string>();

  function queryOf(target: pg.Pool | pg.PoolClient): Sql["query"] {
    return async <Row>(text: string, values: readonly unknown[] = []) => {
      // Failing at once is better than waiting behind so many others.
      if (pool.waitingCount >= queueLimit) throw new StoreUnavailable(new Error("Too many statements wait"));
      const name = prepare ? nameOf(names, text) : undefined;
      const result = await target.query({ text, values: [...values], ...(name ? { name } : {}) });
      return result.rows as Row[];
    };
  }

  const query = queryOf(pool);

  async function transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    // The pool does not listen to a client that is checked out: without a listener, a lost connection ends the process.
    client.on("error", onError);
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      const result = await work({ query: queryOf(client) });
      await client.query("COMMIT");
      return result;
    } catch (error) {
      // A connection that cannot even roll back is discarded.
      await client.query("ROLLBACK").catch((cause: Error) => (broken = cause));
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  return {
    kind: "postgres",
    query: <Row>(text: string, values?: readonly unknown[]) =>
      withRetries(() => query<Row>(text, values), { forMs: 3_000, repeatable: /^\s*SELECT/.test(text) }),

    transaction: (work) => withRetries(() => transaction(work), { forMs: 3_000, repeatable: false }),

    async script(text) {
      const client = new pg.Client({ connectionString: directUrl, connectionTimeoutMillis: timeoutMs });
      await client.connect();
      try {
        await client.query(text);
      } finally {
        await client.end();
      }
    },

    async exclusively(lock, work) {
      const client = new pg.Client({ connectionString: directUrl, connectionTimeoutMillis: timeoutMs });
      client.on("error", onError);
      await client.connect();
      try {
        await client.query("SELECT pg_advisory_lock($1)", [lock]);
        return await work();
      } finally {
        await client.end();
      }
    },

    listen(channel, onNotice, onGap) {
      const server = { connectionString: directUrl, connectionTimeoutMillis: timeoutMs, keepAlive: true };
      return listenTo(server, channel, onNotice, onGap, onError);
    },

    prismaAdapter: new PrismaPg({
      connectionString: url,
      max: Math.max(2, Math.ceil(poolSize / 2)),
      ...timeouts,
      ...(prepare ? { statement_timeout: timeoutMs } : {}),
    }),
    boss: { connectionString: directUrl, max: Math.max(2, Math.ceil(poolSize / 3)), ...bossTimeouts },
    stats: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

/** Throws if the database at `url` cannot be reached or does not accept the login. */
export async function tryAddress(url: string, timeoutMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  await client.connect();
  await client.end();
}

const comeBackMs = 500;

/** Keeps one listening connection and reopens it when it breaks. */
async function listenTo(
  server: pg.ClientConfig,
  channel: string,
  onNotice: (payload: string) => void,
  onGap: () => void,
  onError: (error: Error) => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new pg.Client({ ...server, application_name: "vivavoce listener" });
    next.on("error", onError);
    next.on("end", () => {
      if (client === next) comeBack();
    });
    next.on("notification", (notice) => onNotice(notice.payload ?? ""));
    client = next;
    await next.connect();
    await next.query(`LISTEN "${channel}"`);
  }

  /** A failing connection may emit both an error and its end: only one reconnect follows. */
  function comeBack(): void {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      connect().then(onGap, (error) => {
        onError(error);
        comeBack();
      });
    }, comeBackMs);
  }

  await connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end();
  };
}

/** Parses bigint as number, which our counts fit into; everything else as pg does. */
function typeParser(oid: number, format: "text" | "binary"): (value: string) => unknown {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as "text");
}

/** A name for a prepared statement, so that the same text is planned once per connection. */
function nameOf(names: Map<string, string>, text: string): string | undefined {
  const known = names.get(text);
  if (known) return known;
  // Generated statements have many different texts: past this number they are not prepared.
  if (names.size >= 500) return undefined;
  const name = createHash("sha1").update(text).digest("base64url");
  names.set(text, name);
  return name;
}
