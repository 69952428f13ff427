import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findProgram } from "./programs.ts";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
    redisUrl: string;
    /** For files that tests share. */
    folder: string;
  }
}

/** vitest's global setup: one real PostgreSQL, one real Redis and one folder for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  project.provide("postgresUrl", postgres.url);
  project.provide("redisUrl", redis.url);
  const folder = mkdtempSync(join(tmpdir(), "vivavoce-tests-"));
  project.provide("folder", folder);
  // What one process has compiled of the code need not be compiled by the next hundred.
  process.env.NODE_COMPILE_CACHE = join(folder, "compiled");
  // A worker that ends still writes what it has compiled: not before this process ends is the last one gone.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
  };
}

export interface TestServer {
  url: string;
  port: number;
  process: ChildProcess;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL on a folder of its own. `durable`: it really waits for the disk, and tidies up; otherwise it would go
 * round hundreds of databases that nobody comes back to.
 */
export async function startPostgres(
  options: { durable?: boolean; port?: number; folder?: string; settings?: string[] } = {},
): Promise<TestServer & { folder: string }> {
  const folder = options.folder ?? mkdtempSync(join(fastFolder(), "vivavoce-postgres-"));
  const port = options.port ?? (await freePort());
  const user = process.getuid?.() === 0 ? serverUser() : null;
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  if (user !== null) chownSync(folder, user.uid, user.gid);
  if (!existsSync(join(folder, "PG_VERSION"))) {
    const initdb = ["-D", folder, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"];
    execFileSync(findProgram("initdb")!, initdb, { ...as, stdio: "ignore", cwd: "/" });
  }
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    "max_connections=300",
    "shared_buffers=128MB",
    ...(options.durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]),
    ...(options.settings ?? []),
  ];
  const child = spawn(findProgram("postgres")!, ["-D", folder, ...settings.flatMap((setting) => ["-c", setting])], {
    ...as,
    cwd: "/",
    stdio: "ignore",
  });
  await untilListening(port, child);
  await untilAccepting(port);
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    port,
    folder,
    process: child,
    async stop() {
      await stopProcess(child, "SIGINT");
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startRedis(options: { port?: number } = {}): Promise<TestServer> {
  const port = options.port ?? (await freePort());
  const child = spawn(
    findProgram("redis-server")!,
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    { cwd: tmpdir(), stdio: "ignore" },
  );
  await untilListening(port, child);
  return { url: `redis://127.0.0.1:${port}`, port, process: child, stop: () => stopProcess(child, "SIGTERM") };
}

/** Three nodes that share the slots; with a password each asks for it. */
export async function startRedisCluster(password?: string): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "redis-cluster-"));
  const nodes = await Promise.all(
    [0, 1, 2].map(async (n) => {
      const port = await freePort();
      const args = [
        "--port",
        port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--cluster-enabled",
        "yes",
      ];
      args.push("--cluster-port", await freePort(), "--cluster-config-file", `${n}.conf`, "--dir", folder);
      if (password) args.push("--requirepass", password);
      const child = spawn(findProgram("redis-server")!, args.map(String), { stdio: "ignore" });
      await untilListening(port, child);
      return { port, child, busPort: Number(args[args.indexOf("--cluster-port") + 1]) };
    }),
  );
  const { Redis } = await import("ioredis");
  const clients = nodes.map(({ port }) => new Redis(port, "127.0.0.1", { password }));
  const edges = [0, 5_461, 10_923, 16_384];
  for (const [n, client] of clients.entries()) {
    await client.cluster("ADDSLOTSRANGE", edges[n]!, edges[n + 1]! - 1);
    const first = nodes[0]!;
    if (n > 0) await client.call("CLUSTER", "MEET", "127.0.0.1", first.port, first.busPort);
  }
  for (const client of clients) while (!/cluster_state:ok/.test(await client.cluster("INFO")));
  for (const client of clients) client.disconnect();
  const account = password ? `default:${encodeURIComponent(password)}@` : "";
  return {
    url: `redis://${account}127.0.0.1:${nodes[0]!.port}`,
    async stop() {
      await Promise.all(nodes.map(({ child }) => stopProcess(child, "SIGKILL")));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Below those that the system hands out: nobody is given it by chance before it is used, or while a node restarts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

/** Resolves when something accepts connections there. */
export async function untilListening(port: number, child?: ChildProcess): Promise<void> {
  for (;;) {
    if (child && child.exitCode !== null) throw new Error(`The server for port ${port} ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      socket.once("connect", () => socket.end());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilAccepting(port: number): Promise<void> {
  const { default: pg } = await import("pg");
  for (;;) {
    const client = new pg.Client({ connectionString: `postgresql://postgres@127.0.0.1:${port}/postgres` });
    client.on("error", () => {});
    const ready = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function fastFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** PostgreSQL does not start as root: whoever owns /var/lib/postgresql, else nobody. */
function serverUser(): { uid: number; gid: number } {
  const home = "/var/lib/postgresql";
  if (existsSync(home)) {
    const { uid, gid } = statSync(home);
    if (uid !== 0) return { uid, gid };
  }
  return { uid: 65_534, gid: 65_534 };
}
