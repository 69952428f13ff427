/** The product's job queue, woken as the product wakes it, with jobs that do nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createJobQueue } from "../../src/adapters/pgboss/jobs.ts";
import { openServer } from "../../src/adapters/postgres/server.ts";
import { openRedis } from "../../src/adapters/redis/connect.ts";
import { type Config, readConfig } from "../../src/config.ts";
import type { Job } from "../../src/interview/events.ts";
import type { JobHandlers } from "../../src/ports/jobs.ts";
import { wakeUps } from "../../src/wakeUps.ts";

const config: Config = readConfig(process.env);
const fail = (error: unknown): void => {
  console.error(error);
  process.exit(1);
};
const database = await openServer({
  url: config.databaseUrl!,
  directUrl: null,
  poolSize: config.databasePool,
  timeoutMs: config.databaseTimeout,
  onError: fail,
});
const queue = createJobQueue({
  boss: { ...database.boss, schema: "pgboss" },
  query: database.query,
  concurrency: config.jobConcurrency,
  pollMs: 1_000,
  retries: 5,
  supervises: true,
  onError: fail,
});
await queue.open();
const redis = openRedis({ url: config.redisUrl!, cluster: false, onLost: fail });
await wakeUps(database, redis, queue, config.role);

let started: [string, number][] = [];
const work = async ({ sessionId }: Job): Promise<void> => {
  started.push([sessionId, Number(process.hrtime.bigint())]);
};
const kinds = ["PREPARE_QUESTIONS", "WRITE_QUESTION", "EVALUATE", "SCORE_ANSWERS", "SUMMARIZE", "PRINT_REPORT"];
const handlers = { handle: Object.fromEntries(kinds.map((kind) => [kind, work])), abandon: fail };

/** POST /start begins to work; GET /started tells of each job begun since the last time, with its moment. */
const server = createServer(async (request, response) => {
  if (request.url === "/start") await queue.start(handlers as unknown as JobHandlers);
  response.end(JSON.stringify(started));
  started = [];
});
server.listen(0, "127.0.0.1", () => {
  console.log(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
