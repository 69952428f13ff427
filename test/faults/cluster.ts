import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SignJWT } from "jose";
import pg from "pg";
import { type ModelServer, startModelServer } from "../support/modelServer.ts";
import { type ServerProcess, startProcess } from "../support/process.ts";
import { freePort, startPostgres, startRedis, stopProcess, type TestServer } from "../support/servers.ts";
import { startWire, type Wire } from "./wire.ts";

const secret = "a secret of the fault tests, long enough";

/** One node, which comes back by itself when it ends, as under any supervisor. */
export interface Node {
  name: string;
  url: string;
  /** Between this node and PostgreSQL, and between it and Redis. */
  postgres: Wire;
  redis: Wire;
  /** Its present life; null from the end of one until the next is ready. */
  process: ServerProcess | null;
  kill(): Promise<void>;
  /** Ends it properly; resolves with its exit code. */
  terminate(): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** Settings of its next lives; with `once`, of the next that comes about. */
  env(env: Record<string, string>, once?: boolean): void;
  ready(): Promise<void>;
}

export interface Cluster {
  apis: Node[];
  workers: Node[];
  nodes: Node[];
  model: ModelServer;
  kills: number;
  query<Row = any>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Statements one by one on one connection. */
  run(...statements: string[]): Promise<void>;
  /** What PostgreSQL and Redis are told, and how they are ended and started again. */
  redis: { port: number; stop(): Promise<void>; start(): Promise<void> };
  postgres: { url: string; restart(): Promise<void>; signal(signal: NodeJS.Signals): void };
  token(viewer: string, role?: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** The source tree to run: another one where a guard was taken out. */
  source?: string;
  env?: Record<string, string>;
}

/** Real PostgreSQL, real Redis, two api nodes, two workers, the test model, and a proxy between any two of them. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  let redisServer: TestServer = await startRedis();
  let postgresServer = await startPostgres({ durable: true });
  const model = await startModelServer({ firstTokenMs: 30, tokensPerSecond: 4_000 });
  const databaseUrl = postgresServer.url;
  const nodes: Node[] = [];
  /** What each node's last start comes to. */
  const lives = new Map<string, Promise<void>>();
  let stopping = false;

  const cluster: Cluster = {
    apis: [],
    workers: [],
    nodes,
    model,
    kills: 0,
    async query<Row>(text: string, values: unknown[] = []) {
      const client = new pg.Client({ connectionString: databaseUrl });
      client.on("error", () => {});
      await client.connect();
      try {
        return (await client.query(text, values)).rows as Row[];
      } finally {
        await client.end();
      }
    },
    async run(...statements) {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    },
    redis: {
      port: redisServer.port,
      stop: () => redisServer.stop(),
      async start() {
        redisServer = await startRedis({ port: redisServer.port });
      },
    },
    postgres: {
      url: databaseUrl,
      async restart() {
        const { folder, port } = postgresServer;
        // SIGQUIT: at once, as if the power had failed.
        await stopProcess(postgresServer.process, "SIGQUIT");
        postgresServer = { ...(await startPostgres({ durable: true, folder, port })), folder };
      },
      signal(signal) {
        const pid = postgresServer.process.pid!;
        const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
        for (const one of [pid, ...children.map(Number)]) process.kill(one, signal);
      },
    },
    token: (viewer, role = "candidate") =>
      new SignJWT({ role })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(viewer)
        .setExpirationTime("2h")
        .sign(Buffer.from(secret)),
    async stop() {
      stopping = true;
      await Promise.all(lives.values());
      await Promise.all(nodes.map((node) => node.process?.kill()));
      await Promise.all(nodes.flatMap((node) => [node.postgres.close(), node.redis.close()]));
      await model.close();
      await redisServer.stop();
      await stopProcess(postgresServer.process, "SIGINT");
    },
  };

  async function startNode(name: string, role: string): Promise<Node> {
    const port = await freePort();
    const postgres = await startWire(postgresServer.port);
    const redis = await startWire(redisServer.port);
    let own: Record<string, string> = {};
    let next: Record<string, string> | null = null;
    let ending = false;
    const node: Node = {
      name,
      url: `http://127.0.0.1:${port}`,
      postgres,
      redis,
      process: null,
      async kill() {
        if (node.process === null) return;
        cluster.kills++;
        await node.process.kill();
      },
      async terminate() {
        ending = true;
        const code = (await node.process?.terminate()) ?? null;
        ending = false;
        live();
        return code;
      },
      signal: (signal) => void node.process?.child.kill(signal),
      env(env, once = false) {
        if (once) next = env;
        else own = env;
      },
      async ready() {
        // Without a process it is somebody's last life that answers, or a next one that cannot be killed yet.
        while (node.process === null || !(await answers(node.url))) await pause(50);
      },
    };

    function live(): void {
      lives.set(name, start());
    }

    async function start(): Promise<void> {
      const once = next ?? {};
      try {
        const started = await startProcess(
          {
            ROLE: role,
            PORT: String(port),
            DATABASE_URL: databaseUrl.replace(`:${postgresServer.port}`, `:${postgres.port}`),
            REDIS_URL: `redis://127.0.0.1:${redis.port}`,
            AUTH_JWT_SECRET: secret,
            LLM_PROVIDERS: "test",
            TEST_BASE_URL: model.url,
            // Tells the model whose requests are whose.
            TEST_API_KEY: name,
            TEST_MODEL: "model",
            DATABASE_TIMEOUT: "5s",
            WAIT_LIMIT: "10s",
            LOG_LEVEL: "info",
            ...options.env,
            ...own,
            ...once,
          },
          options.source ? resolve(options.source, "main.ts") : undefined,
        );
        if (next === once) next = null;
        node.process = started;
        started.child.once("exit", () => {
          node.process = null;
          if (process.env.FAULT_LOG && started.output()) console.error(`${name}: ${started.output().slice(-2_000)}`);
          if (!stopping && !ending) live();
        });
      } catch (error) {
        if (stopping) return;
        if (process.env.FAULT_LOG) console.error(`${name} did not start: ${String(error).slice(0, 500)}`);
        await pause(200);
        await start();
      }
    }

    live();
    nodes.push(node);
    return node;
  }

  // All four at once on an empty database.
  const [a, b, c, d] = await Promise.all([
    startNode("api 1", "api"),
    startNode("api 2", "api"),
    startNode("worker 1", "worker"),
    startNode("worker 2", "worker"),
  ]);
  cluster.apis.push(a!, b!);
  cluster.workers.push(c!, d!);
  await Promise.all(nodes.map((node) => node.ready()));
  return cluster;
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}
