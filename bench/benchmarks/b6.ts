import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import { createJobQueue } from "../../src/adapters/pgboss/jobs.ts";
import { type Benchmark, interleave, type Program, percentile, type Row, startProgram } from "../harness.ts";
import { createDatabase, type Servers, startServers } from "../product.ts";

/** How soon a worker in another process begins a job, and how fast many jobs that do nothing are done. */
export const benchmark: Benchmark = {
  id: "B6",
  title: "jobs: pick-up and drain",
  async run(bench) {
    const servers = await startServers();
    try {
      const ours = await prepareOurs(servers);
      const theirs = await prepareTheirs(servers);
      const pickUps = await interleave(bench, {
        ours: await pickUp(ours, bench.quick ? 100 : 200),
        theirs: await pickUp(theirs, bench.quick ? 100 : 200),
      });
      await Promise.all([ours.stop(), theirs.stop()]);
      const drains = await interleave(bench, {
        ours: () => drain(ours, bench.quick ? 5_000 : 20_000),
        theirs: () => drain(theirs, bench.quick ? 5_000 : 20_000),
      });
      await Promise.all([ours.close(), theirs.close()]);
      const of = (arm: { ms: number[] }[], share: number): number[] => arm.map(({ ms }) => percentile(ms, share));
      const rows = [0.5, 0.99].map(
        (share): Row => ({
          id: `B6.p${share * 100}`,
          what: `from enqueueing one job to its beginning in another process, p${share * 100}, ms`,
          ours: of(pickUps.ours, share),
          baseline: of(pickUps.theirs, share),
          baselineName: "graphile-worker, local queue 500",
          goal: { atMost: 0.5 },
        }),
      );
      return [
        ...rows,
        {
          id: "B6.drain",
          what: `${bench.quick ? "5,000" : "20,000"} jobs that do nothing, jobs/s`,
          ours: drains.ours,
          baseline: drains.theirs,
          baselineName: "graphile-worker, local queue 500",
          goal: { atLeast: 0.85 },
        },
      ];
    } finally {
      await servers.stop();
    }
  },
};

interface Arm {
  /** A worker that has begun to work, or waits for /start. */
  start(): Promise<Program>;
  /** Enqueues one job as the product does in a mutation: commit, then wake. */
  enqueue(number: string): Promise<void>;
  enqueueMany(numbers: string[]): Promise<void>;
  unfinished: string;
  client: pg.Client;
  stop(): Promise<void>;
  close(): Promise<void>;
}

async function prepareOurs(servers: Servers): Promise<Arm> {
  const url = await createDatabase(servers, "jobs_ours");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const redis = new Redis(servers.redis.url);
  const queue = createJobQueue({
    boss: { connectionString: url, schema: "pgboss", max: 2 },
    query: async (text, values) => (await client.query(text, values as unknown[])).rows,
    concurrency: 1,
    pollMs: 60_000,
    retries: 5,
    supervises: false,
    onError: (error) => console.error(error),
  });
  await queue.open();
  const programs: Program[] = [];
  async function enqueueMany(numbers: string[]): Promise<void> {
    const jobs = numbers.map((sessionId) => ({ kind: "PRINT_REPORT" as const, sessionId, version: 1 }));
    for (const { text, values } of await queue.enqueueSql(queue.stamp(jobs))) {
      await client.query({ text, values, name: "enqueue" });
    }
    await redis.publish("vivavoce:vivavoce_jobs", "");
  }
  return {
    client,
    async start() {
      const env = { DATABASE_URL: url, REDIS_URL: servers.redis.url, ROLE: "worker", JOB_CONCURRENCY: "500" };
      const program = await startProgram("programs/worker.ts", { env });
      programs.push(program);
      return program;
    },
    enqueue: (number) => enqueueMany([number]),
    enqueueMany,
    unfinished: "SELECT 1 FROM pgboss.job WHERE name = 'interview' AND state < 'completed' LIMIT 1",
    stop: async () => void (await Promise.all(programs.splice(0).map((program) => program.stop()))),
    async close() {
      await queue.stop(1_000);
      redis.disconnect();
      await client.end();
    },
  };
}

async function prepareTheirs(servers: Servers): Promise<Arm> {
  const url = await createDatabase(servers, "jobs_theirs");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // The library lives with the baselines.
  const library = new URL("../node_modules/graphile-worker/dist/index.js", import.meta.url).href;
  const { makeWorkerUtils } = await import(library);
  const utils = await makeWorkerUtils({ connectionString: url });
  await utils.migrate();
  const programs: Program[] = [];
  return {
    client,
    async start() {
      const program = await startProgram("baselines/graphile-worker.mjs", { env: { DATABASE_URL: url } });
      programs.push(program);
      return program;
    },
    enqueue: (number) => utils.addJob("work", { number }),
    enqueueMany: (numbers) =>
      utils.addJobs(numbers.map((number) => ({ identifier: "work", payload: { number }, maxAttempts: 6 }))),
    unfinished: "SELECT 1 FROM graphile_worker.jobs LIMIT 1",
    stop: async () => void (await Promise.all(programs.splice(0).map((program) => program.stop()))),
    async close() {
      await utils.release();
      await client.end();
    },
  };
}

async function pickUp(arm: Arm, jobs: number): Promise<() => Promise<{ ms: number[] }>> {
  const worker = await arm.start();
  await fetch(`${worker.url}/start`);
  return async () => {
    const sent = new Map<string, number>();
    for (let number = 0; number < jobs; number++) {
      await delay(10 + 10 * Math.random());
      sent.set(String(number), Number(process.hrtime.bigint()));
      await arm.enqueue(String(number));
    }
    await untilDone(arm);
    const started = (await (await fetch(`${worker.url}/started`)).json()) as [string, number][];
    if (started.length !== jobs) throw new Error(`${started.length} of ${jobs} jobs were begun`);
    return { ms: started.map(([number, at]) => (at - sent.get(number)!) / 1e6) };
  };
}

async function drain(arm: Arm, jobs: number): Promise<number> {
  const worker = await arm.start();
  const numbers = Array.from({ length: jobs }, (_, number) => String(number));
  for (let from = 0; from < jobs; from += 1_000) await arm.enqueueMany(numbers.slice(from, from + 1_000));
  await arm.client.query("VACUUM ANALYZE");
  const startedAt = performance.now();
  await fetch(`${worker.url}/start`);
  await untilDone(arm);
  const seconds = (performance.now() - startedAt) / 1_000;
  const started = (await (await fetch(`${worker.url}/started`)).json()) as [string, number][];
  if (new Set(started.map(([number]) => number)).size !== jobs) throw new Error("not every job was done once");
  await arm.stop();
  return jobs / seconds;
}

/** Every job is marked as done. */
async function untilDone({ client, unfinished }: Arm): Promise<void> {
  while ((await client.query(unfinished)).rowCount !== 0) await delay(5);
}
