import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { createReportRenderer } from "./adapters/pdfkit/reportRenderer.ts";
import { createJobQueue } from "./adapters/pgboss/jobs.ts";
import type { Database } from "./adapters/postgres/database.ts";
import { createEventLog } from "./adapters/postgres/eventLog.ts";
import { opensDatabase } from "./adapters/postgres/keyCheck.ts";
import { migrate } from "./adapters/postgres/migrate.ts";
import { openPrisma } from "./adapters/postgres/prisma.ts";
import { readOrMakeSetting } from "./adapters/postgres/settings.ts";
import { createStore } from "./adapters/postgres/store.ts";
import { isUnavailable } from "./adapters/postgres/transient.ts";
import { createResumeReader } from "./adapters/resumes/resumeReader.ts";
import { createCipher, plainCipher } from "./adapters/system/cipher.ts";
import { createClock } from "./adapters/system/clock.ts";
import { addressOf, checkAddress, hostCheck, listen, ownOrigins } from "./addresses.ts";
import { tailRegularly, trimRegularly } from "./background.ts";
import { type Config, SettingsFault } from "./config.ts";
import { createAuthenticator, KeySetUnavailable } from "./edge/auth.ts";
import { Connections, Share } from "./edge/connections.ts";
import { Downloads } from "./edge/downloads.ts";
import { FlushQueue } from "./edge/flushQueue.ts";
import { createGraphQLServer, maskError, type Services } from "./edge/graphql.ts";
import { createHttpServer } from "./edge/http.ts";
import { Metrics } from "./edge/metrics.ts";
import { observeMutations } from "./edge/observeMutations.ts";
import { createRateLimits } from "./edge/rateLimits.ts";
import { Selections } from "./edge/selections.ts";
import { StaticFiles } from "./edge/staticFiles.ts";
import { createTextOf, type TextOf } from "./edge/trustedDocuments.ts";
import { waitUntil } from "./edge/waitUntil.ts";
import { type Sockets, serveSockets } from "./edge/ws.ts";
import { createSchema } from "./graphql/schema.ts";
import { createSessionReader } from "./graphql/sessionReader.ts";
import { chainOf, openInterviewers } from "./interviewers.ts";
import { createJobHandlers } from "./jobs/handlers.ts";
import { logOncePerMinute } from "./log.ts";
import { openBus, openDatabase, openLimiter, openPauses, openRedis, openTracer } from "./openAdapters.ts";
import type { Reach } from "./ports/failpoints.ts";
import type { Budget, Deps } from "./usecases/deps.ts";
import { wakeUps } from "./wakeUps.ts";

/** A running server. */
export interface Running {
  url: string;
  /** Finishes running work and closes everything. */
  stop(): Promise<void>;
}

/** Builds everything from the settings, and listens. */
export async function start(config: Config, log: Logger): Promise<Running> {
  // Mistakes in the settings are found before anything is opened or changed.
  const providers = chainOf(config);
  const textOf = createTextOf(config.trustedDocuments);
  await checkAddress(config);
  const opened = await open(config, log);
  const working = await work(opened, providers, config, log);
  const serving = await serve(opened, working, textOf, config, log);
  return { url: serving.url, stop: () => stop(opened, working, serving, config) };
}

/** Opens the outside world: the database with its migrations, Redis, metrics, tracing, the queue. */
async function open(config: Config, log: Logger) {
  const database = await openDatabase(config, log);
  const applied = await migrate(database);
  if (applied.length > 0) log.info({ migrations: applied }, "database migrated");

  const redis = await openRedis(config, log);
  const metrics: Metrics = new Metrics({
    database: () => database.stats(),
    jobs: () => queue.depth(),
    redis: () => redis === null || redis.connection.status === "ready",
  });
  const tracer = await openTracer(config);
  const logQueueFault = logOncePerMinute(log, "job queue failed");
  const queue = createJobQueue({
    tracer,
    boss: { ...database.boss, schema: "pgboss" },
    query: database.query,
    concurrency: config.jobConcurrency,
    pollMs: 1_000,
    retries: 5,
    // Left to workers: an api node need not add to the database's load.
    supervises: config.role !== "api",
    onError(error, job) {
      if (job === null) return logQueueFault(error);
      log.error({ err: error, job: job.kind, sessionId: job.sessionId }, "job failed");
    },
    onJob(record) {
      metrics.job(record);
      const { kind, sessionId, outcome, attempt, waitedMs, ms } = record;
      log.info({ job: kind, sessionId, outcome, attempt, waitedMs, ms: Math.round(ms) });
    },
  });
  await queue.open();
  if (database.kind === "pglite") await queue.reclaim();
  return { database, redis, metrics, tracer, queue };
}
type Opened = Awaited<ReturnType<typeof open>>;

/** Builds the use cases with all their dependencies, and starts to listen to events, run jobs and remove old data. */
async function work(opened: Opened, providers: ReturnType<typeof chainOf>, config: Config, log: Logger) {
  const { database, redis, metrics, queue } = opened;
  const clock = createClock();
  const cipher = config.encryptionKey
    ? createCipher(Buffer.from(config.encryptionKey.reveal(), "base64"))
    : plainCipher;
  if (!(await opensDatabase(cipher, database))) {
    throw new SettingsFault(
      "ENCRYPTION_KEY",
      config.encryptionKey === null
        ? "must be set: this database is sealed"
        : "is not the one this database is sealed with",
    );
  }
  const store = createStore(database, queue, cipher);
  const eventLog = createEventLog(database, cipher);
  const bus = await openBus(opened, store, config, log);
  const stopTail = database.kind === "postgres" ? tailRegularly({ log: eventLog, bus }, log) : () => {};
  const wake = await wakeUps(database, redis, queue, config.role);
  const {
    interviewer,
    fallback,
    hasModel,
    warm,
    close: closeInterviewer,
  } = await openInterviewers(config, providers, observeModel(opened, log), await openPauses(redis?.connection ?? null));
  const stopping = new AbortController();
  const deps: Deps = {
    store,
    log: eventLog,
    bus,
    interviewer,
    fallback,
    renderer: createReportRenderer(),
    resumeReader: createResumeReader({ timeoutMs: 10_000, memoryMiB: 512, atOnce: 2 }),
    clock,
    wakeWorkers: wake.wake,
    onBudgetSpent: () => metrics.budgetRefusals.inc(),
    reach: failAt(config.failAt),
    stopping: stopping.signal,
    settings: {
      followUps: config.followUps,
      waitLimitMs: config.waitLimit,
      evaluationBatchSize: config.evaluationBatchSize ?? 8,
      evaluationPlaces:
        config.evaluationBatchSize === null ? Math.min(config.llmConcurrency, config.jobConcurrency) : null,
      evaluationEager: config.evaluationEager,
      budget: hasModel ? budgetOf(config) : null,
    },
  };
  if (config.role !== "api") await queue.start(createJobHandlers(deps));
  const stopTrimming = config.role === "api" ? () => {} : trimRegularly(deps, config, log);
  return { deps, cipher, store, bus, wake, stopping, stopTail, stopTrimming, warm, closeInterviewer };
}
type Working = Awaited<ReturnType<typeof work>>;

function observeModel({ metrics, tracer }: Opened, log: Logger): Parameters<typeof openInterviewers>[2] {
  return (record) => {
    metrics.modelCall(record);
    if (tracer !== null) {
      const { task, ms, provider, outcome, inputTokens, outputTokens } = record;
      tracer.record(`model ${task}`, { provider, outcome, inputTokens, outputTokens }, ms);
    }
    if (record.outcome === "ok" || record.outcome === "cancelled") log.debug(record, "model called");
    else log.warn(record, "model call failed");
  };
}

/** Builds the transports and listens. */
async function serve(opened: Opened, working: Working, textOf: TextOf, config: Config, log: Logger) {
  const { database, metrics } = opened;
  const { store, warm } = working;
  let url = "";
  let draining = false;
  const ownOrigin = (): string => config.publicUrl ?? url;
  const secret =
    config.reportUrlSecret?.reveal() ??
    (await readOrMakeSetting(database, "report_url_secret", () => randomBytes(32).toString("base64url")));
  const downloads = new Downloads(secret, ownOrigin, store);
  const connections = new Connections({
    perViewer: config.authenticated ? config.maxSocketsPerViewer : Number.POSITIVE_INFINITY,
    perAddress: config.authenticated ? config.maxSocketsPerAddress : Number.POSITIVE_INFINITY,
  });
  const requests = new Share(config.authenticated ? config.maxInFlightPerViewer : Number.POSITIVE_INFINITY);
  const origins = new Set(config.allowedOrigins);
  const isOwnHost = hostCheck(config);
  const { graphql, services, mask, prisma, rateLimits } = buildGraphQL(
    opened,
    working,
    downloads,
    origins,
    textOf,
    config,
    log,
  );
  const { authenticate, prepare } = createAuthenticator(config);
  // A worker receives no tokens.
  let canAuthenticate = config.role === "worker";
  if (!canAuthenticate)
    void retryUntilDone(prepare, working.stopping.signal, log).then((done) => (canAuthenticate = done));
  const examples = resolve(import.meta.dirname, "../examples");
  const server = createHttpServer({
    config,
    authenticate,
    graphql: config.role === "worker" ? null : graphql,
    mask,
    origins,
    isOwnHost,
    downloads,
    connections,
    requests,
    metrics,
    files: new StaticFiles([
      { path: "/", folder: resolve(examples, "interview-room/dist") },
      { path: "/dashboard", folder: resolve(examples, "live-dashboard/dist") },
    ]),
    isReady: async () => !draining && canAuthenticate && (await isAlive(database)),
    isDraining: () => draining,
  });
  const sockets: Sockets = serveSockets(server, {
    config,
    authenticate,
    graphql,
    selections: new Selections(services, mask),
    flushQueue: new FlushQueue(),
    mask,
    connections,
    requests,
    metrics,
    origins,
    isOwnHost,
  });

  await listen(server, config);
  url = addressOf(server.address(), config.host);
  for (const origin of ownOrigins(ownOrigin(), url, config.host)) origins.add(origin);
  // Modules that the first requests need are loaded shortly after the start, or on first use.
  const warming = setTimeout(() => {
    if (config.role !== "worker") rateLimits.warm();
    if (config.role !== "api") warm();
  }, 1_000);
  return {
    url,
    server,
    sockets,
    prisma,
    /** Reports itself as not ready, so that load balancers stop sending requests. */
    markNotReady() {
      draining = true;
      clearTimeout(warming);
    },
  };
}
type Serving = Awaited<ReturnType<typeof serve>>;

/** Builds the schema and the GraphQL server, between the transports and the use cases. */
function buildGraphQL(
  { database, redis, metrics, tracer }: Opened,
  { deps, cipher, store }: Working,
  downloads: Downloads,
  origins: ReadonlySet<string>,
  textOf: TextOf,
  config: Config,
  log: Logger,
) {
  const rateLimits = createRateLimits(config, () => openLimiter(config, redis?.connection ?? null));
  const services: Services = {
    deps,
    sessions: createSessionReader(store),
    limit: rateLimits.check,
    reportUrl: (reportId, format) => downloads.address(reportId, format),
    onGap: () => metrics.gaps.inc(),
  };
  const isAway = (error: unknown): boolean => error instanceof KeySetUnavailable || isUnavailable(error);
  const mask = (error: unknown): Error => maskError(error, log, isAway);
  const prisma = openPrisma(database);
  const schema = createSchema({
    prisma,
    cipher,
    limits: { depth: config.maxDepth, breadth: config.maxBreadth, complexity: config.maxCost },
  });
  // Before the GraphQL server is made, which may use a mutation's outcome twice: it is logged once.
  observeMutations(schema, log, tracer);
  const graphql = createGraphQLServer({ schema, config, textOf, mask, origins, services });
  return { graphql, services, mask, prisma, rateLimits };
}

/** Finishes running work and closes everything, in order of dependency. */
async function stop(opened: Opened, working: Working, serving: Serving, config: Config): Promise<void> {
  const { database, redis, metrics, tracer, queue } = opened;
  const { server, sockets, prisma } = serving;
  serving.markNotReady();
  // Mutations that wait for a question return: their clients go on at another node.
  working.stopping.abort();
  await new Promise((resolve) => setTimeout(resolve, config.drainDelay));
  server.close();
  server.closeIdleConnections();
  await Promise.all([
    sockets.drain(Math.min(2_000, config.drainTimeout / 3), config.drainTimeout),
    queue.stop(config.drainTimeout),
    waitUntil(() => metrics.inFlight() === 0, config.drainTimeout),
  ]);
  server.closeAllConnections();
  working.stopTail();
  working.stopTrimming();
  await working.wake.stop();
  await working.bus.close();
  redis?.connection.disconnect();
  await prisma.$disconnect();
  await database.close();
  working.closeInterviewer();
  await tracer?.close();
}

function budgetOf(config: Config): Budget {
  return {
    callsPerOwner: config.llmDailyCalls,
    tokensPerOwner: config.llmDailyTokens,
    callsInAll: config.llmDailyCallsGlobal,
    tokensInAll: config.llmDailyTokensGlobal,
  };
}

/** Kills the process at the named point, like a power cut. */
function failAt(chosen: Config["failAt"]): Reach {
  let times = 0;
  return (point) => {
    if (point === chosen?.point && ++times === chosen.time) process.kill(process.pid, "SIGKILL");
  };
}

/** Retries until it succeeds or `signal` aborts; returns whether it succeeded. */
async function retryUntilDone(prepare: () => Promise<void>, signal: AbortSignal, log: Logger): Promise<boolean> {
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      await prepare();
      return true;
    } catch (error) {
      if (tries === 0) log.warn({ err: error }, "not ready yet");
      await wait(1_000, null, { ref: false });
    }
  }
  return false;
}

async function isAlive(database: Database): Promise<boolean> {
  const answer = database.query("SELECT 1").then(
    () => true,
    () => false,
  );
  // A database that takes long to answer counts as unavailable.
  return Promise.race([answer, new Promise<false>((resolve) => setTimeout(resolve, 1_500, false).unref())]);
}
