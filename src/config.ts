import {
  address,
  callRate,
  drainTime,
  duration,
  failpoint,
  flag,
  headerSecret,
  list,
  longestTimer,
  nodeEnv,
  oneOf,
  onOff,
  optional,
  optionalAge,
  optionalWhole,
  origins,
  type Parse,
  publicAddress,
  rate,
  redisAddress,
  type Secret,
  SettingsFault,
  secret,
  share,
  text,
  time,
  whole,
  wholeOrAuto,
} from "./settingParsers.ts";

export { type RateLimit, SettingsFault } from "./settingParsers.ts";

interface Setting<T> {
  name: string;
  /** The default, as a person would write it; "" means unset. */
  fallback: string;
  meaning: string;
  parse(text: string, name: string): T;
}

const kib = 1024;

/** Every setting, in the order of the docs. */
export const settings = {
  nodeEnv: setting(
    "NODE_ENV",
    "",
    nodeEnv,
    "`production` turns introspection, GraphiQL and field suggestions off; `development` and `test` do not",
  ),
  host: setting("HOST", "127.0.0.1", text, "Address to listen on"),
  port: setting("PORT", "4000", whole(0, 65_535), "Port to listen on; 0 takes a free one"),
  publicUrl: setting(
    "PUBLIC_URL",
    "",
    publicAddress,
    "Begins every address that is handed out (default: http://HOST:PORT); without authentication its name is answered to",
  ),
  allowedOrigins: setting("ALLOWED_ORIGINS", "", origins, "Other origins whose pages may call, for CORS and sockets"),
  role: setting("ROLE", "all", oneOf("all", "api", "worker"), "What this process does: serve, work, or both"),
  dataDir: setting("DATA_DIR", "./data", text, "Folder of the embedded database"),

  databaseUrl: setting(
    "DATABASE_URL",
    "",
    address("postgres:", "postgresql:"),
    "PostgreSQL; unset: the embedded database",
  ),
  databaseDirectUrl: setting(
    "DATABASE_DIRECT_URL",
    "",
    address("postgres:", "postgresql:"),
    "PostgreSQL without the pooler that DATABASE_URL names, for migrations, locks and LISTEN",
  ),
  databasePool: setting(
    "DATABASE_POOL",
    "10",
    whole(1, 1_000),
    "Connections to PostgreSQL per process for most statements. Beside them half as many serve some reads, a third as many " +
      "the jobs (each at least 2), and one listens unless ROLE is api: 20 in all with 10",
  ),
  databaseTimeout: setting("DATABASE_TIMEOUT", "10s", duration, "Longest wait for a connection or a statement"),
  redisUrl: setting(
    "REDIS_URL",
    "",
    redisAddress,
    "Redis for live events and limits over all nodes; unset: in-process",
  ),
  redisCluster: setting("REDIS_CLUSTER", "false", flag, "Redis is a cluster: sharded pub/sub is used"),

  llmProviders: setting(
    "LLM_PROVIDERS",
    "",
    list,
    "Language model providers in the order to try: names, each with NAME_BASE_URL, NAME_API_KEY and NAME_MODEL",
  ),
  llmConcurrency: setting("LLM_CONCURRENCY", "16", whole(1, 10_000), "Calls of one process at once to one provider"),
  llmConnectTimeout: setting("LLM_CONNECT_TIMEOUT", "5s", duration, "Longest wait for a provider to accept a call"),
  llmFirstTokenTimeout: setting(
    "LLM_FIRST_TOKEN_TIMEOUT",
    "12s",
    duration,
    "Longest wait for the first token; for a reply that is not streamed 5 ms more for each token that it may have",
  ),
  llmIdleTimeout: setting("LLM_IDLE_TIMEOUT", "15s", duration, "Longest silence between tokens"),
  llmTotalTimeout: setting("LLM_TOTAL_TIMEOUT", "120s", duration, "Longest call"),
  llmTries: setting("LLM_TRIES", "4", whole(1, 20), "Tries of one call at one provider"),
  llmDailyCalls: setting("LLM_DAILY_CALLS", "off", optionalWhole, "Model calls per viewer and day"),
  llmDailyTokens: setting("LLM_DAILY_TOKENS", "off", optionalWhole, "Model tokens per viewer and day"),
  llmDailyCallsGlobal: setting("LLM_DAILY_CALLS_GLOBAL", "off", optionalWhole, "Model calls per day in all"),
  llmDailyTokensGlobal: setting("LLM_DAILY_TOKENS_GLOBAL", "off", optionalWhole, "Model tokens per day in all"),
  fallback: setting("FALLBACK", "on", flag, "Ask from the question bank when the language model fails"),

  followUps: setting("FOLLOW_UPS", "1", whole(0, 2), "Follow-ups per main question where a session does not say"),
  waitLimit: setting(
    "WAIT_LIMIT",
    "25s",
    time("0s", longestTimer),
    "How long a mutation waits for a question that is being written",
  ),
  evaluationBatchSize: setting(
    "EVALUATION_BATCH_SIZE",
    "8",
    wholeOrAuto(1, 100),
    "Answers scored by one model call, at most; `auto`: at most 8, and no more than keeps LLM_CONCURRENCY busy",
  ),
  evaluationEager: setting("EVALUATION_EAGER", "true", flag, "Score answers while the interview runs"),
  jobConcurrency: setting("JOB_CONCURRENCY", "32", whole(1, 1_000), "Jobs at once per worker"),
  retention: setting("RETENTION", "off", optionalAge, "Events of finished sessions are removed after this time"),
  sessionRetention: setting(
    "SESSION_RETENTION",
    "off",
    optionalAge,
    "Whole finished sessions are removed after this time",
  ),

  authJwtSecret: setting("AUTH_JWT_SECRET", "", secret, "Secret of HS256 bearer tokens, at least 32 bytes"),
  authJwksUrl: setting("AUTH_JWKS_URL", "", address("http:", "https:"), "Key set of bearer tokens"),
  authIssuer: setting("AUTH_ISSUER", "", optional, "Issuer that tokens must name"),
  authAudience: setting("AUTH_AUDIENCE", "", optional, "Audience that tokens must name"),
  encryptionKey: setting("ENCRYPTION_KEY", "", secret, "Seals résumés and answers at rest: 32 bytes in base64"),
  reportUrlSecret: setting(
    "REPORT_URL_SECRET",
    "",
    secret,
    "Signs report addresses; unset: made once and kept in the database",
  ),
  metricsToken: setting(
    "METRICS_TOKEN",
    "",
    secret,
    "Bearer token that /metrics asks for; unset: open on loopback only",
  ),

  rateLimitCreate: setting(
    "RATE_LIMIT_CREATE",
    "5/60s",
    callRate,
    "createSession, retryEvaluation, createResume and updateResume, per address and per viewer",
  ),
  rateLimitSubmit: setting("RATE_LIMIT_SUBMIT", "10/1s", callRate, "submitAnswer, per viewer"),
  rateLimitCreateGlobal: setting(
    "RATE_LIMIT_CREATE_GLOBAL",
    "off",
    callRate,
    "The same calls as RATE_LIMIT_CREATE, in all",
  ),
  rateLimitSubmitGlobal: setting("RATE_LIMIT_SUBMIT_GLOBAL", "off", callRate, "submitAnswer, in all"),
  trustProxy: setting("TRUST_PROXY", "0", whole(0, 10), "Number of proxies in front whose X-Forwarded-For counts"),

  introspection: setting("INTROSPECTION", "", onOff, "`on` or `off`; default: on except in production"),
  graphiql: setting("GRAPHIQL", "", onOff, "`on` or `off`; default: on except in production"),
  trustedDocuments: setting(
    "TRUSTED_DOCUMENTS",
    "",
    optional,
    "File of allowed operations (hash to text, JSON); unset: all are allowed",
  ),
  maxDepth: setting("MAX_DEPTH", "12", whole(1, 1_000), "Nesting of an operation"),
  maxBreadth: setting("MAX_BREADTH", "300", whole(1, 100_000), "Fields of an operation"),
  maxAliases: setting("MAX_ALIASES", "15", whole(0, 10_000), "Aliases of an operation"),
  maxDirectives: setting("MAX_DIRECTIVES", "50", whole(0, 10_000), "Directives of an operation"),
  maxTokens: setting("MAX_TOKENS", "1000", whole(10, 1_000_000), "Tokens of a document"),
  maxCost: setting("MAX_COST", "20000", whole(10, 100_000_000), "Cost of an operation, list sizes counted"),
  maxResponse: setting(
    "MAX_RESPONSE",
    String(32 * 1024 * kib),
    whole(kib, 1024 * 1024 * kib),
    "Bytes of the texts in a response; the data of exportMyData is not counted",
  ),
  maxBody: setting("MAX_BODY", String(1024 * kib), whole(kib, 1024 * 1024 * kib), "Bytes of a request body"),
  maxUpload: setting(
    "MAX_UPLOAD",
    String(6 * 1024 * kib),
    whole(kib, 1024 * 1024 * kib),
    "Bytes of a request body that carries a file",
  ),
  maxFrame: setting("MAX_FRAME", String(512 * kib), whole(kib, 1024 * 1024 * kib), "Bytes of a socket message"),
  maxFrameRate: setting("MAX_FRAME_RATE", "500/1s", rate, "Messages that one socket may send"),
  maxSubscriptions: setting("MAX_SUBSCRIPTIONS", "100", whole(1, 1_000_000), "Subscriptions of one socket"),
  maxSocketsPerViewer: setting(
    "MAX_SOCKETS_PER_VIEWER",
    "50",
    whole(1, 1_000_000),
    "Sockets and streams of one viewer, with authentication",
  ),
  maxSocketsPerAddress: setting(
    "MAX_SOCKETS_PER_ADDRESS",
    "1000",
    whole(1, 10_000_000),
    "Sockets and streams of one address, with authentication",
  ),
  initTimeout: setting("INIT_TIMEOUT", "3s", duration, "Longest wait for connection_init"),
  headersTimeout: setting("HEADERS_TIMEOUT", "15s", duration, "Longest wait for a request's headers"),
  bodyTimeout: setting(
    "BODY_TIMEOUT",
    "30s",
    duration,
    "Longest wait for a request's body, and for a client to read more of an answer",
  ),
  maxInFlight: setting("MAX_IN_FLIGHT", "1000", whole(1, 1_000_000), "Requests at once before 503 is answered"),
  maxInFlightPerViewer: setting(
    "MAX_IN_FLIGHT_PER_VIEWER",
    "100",
    whole(1, 1_000_000),
    "Requests of one viewer at once, and operations on their sockets, with authentication",
  ),
  drainDelay: setting("DRAIN_DELAY", "0s", drainTime, "How long a stopping process still takes requests, not ready"),
  drainTimeout: setting("DRAIN_TIMEOUT", "15s", drainTime, "How long a stopping process finishes what is under way"),
  failAt: setting(
    "FAIL_AT",
    "",
    failpoint,
    "For fault tests: the named point (`:n`, its n-th time) that ends the process",
  ),
  otlpEndpoint: setting(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "",
    address("http:", "https:"),
    "OTLP/HTTP receiver of traces, from mutation to job to event; unset: none are made",
  ),
  otlpRatio: setting("OTEL_TRACES_SAMPLER_ARG", "1", share, "Share of the requests that are traced, from 0 to 1"),
  logLevel: setting(
    "LOG_LEVEL",
    "info",
    oneOf("trace", "debug", "info", "warn", "error", "silent"),
    "How much is logged",
  ),
} as const satisfies Record<string, Setting<unknown>>;

type Parsed = { [K in keyof typeof settings]: ReturnType<(typeof settings)[K]["parse"]> };

export interface ProviderSettings {
  name: string;
  baseUrl: string | null;
  apiKey: Secret | null;
  model: string | null;
}

export interface Config extends Parsed {
  production: boolean;
  /** Whether bearer tokens are required. */
  authenticated: boolean;
  providers: ProviderSettings[];
}

/** Reads the environment, or throws a SettingsFault. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = Object.fromEntries(
    Object.entries(settings).map(([key, { name, fallback, parse }]) => [
      key,
      parse(env[name]?.trim() || fallback, name),
    ]),
  ) as Parsed;
  if (env.AUTH_JWT_SECRET !== undefined) checkSecret("AUTH_JWT_SECRET", env.AUTH_JWT_SECRET);
  if (env.REPORT_URL_SECRET) checkSecret("REPORT_URL_SECRET", env.REPORT_URL_SECRET);
  checkEncryptionKey(parsed.encryptionKey);

  if (parsed.authJwtSecret !== null && parsed.authJwksUrl !== null) {
    throw new SettingsFault("AUTH_JWKS_URL", "cannot be set beside AUTH_JWT_SECRET: tokens come from one place");
  }
  const authenticated = parsed.authJwtSecret !== null || parsed.authJwksUrl !== null;
  if (!authenticated) checkUnauthenticated(env, parsed);
  if (!authenticated && !isLoopback(parsed.host)) {
    throw new SettingsFault("AUTH_JWT_SECRET", `(or AUTH_JWKS_URL) must be set to listen on ${parsed.host}`);
  }
  if (parsed.headersTimeout > parsed.bodyTimeout) {
    throw new SettingsFault("HEADERS_TIMEOUT", "cannot be more than BODY_TIMEOUT, which counts from the same moment");
  }
  if (parsed.databaseDirectUrl !== null && parsed.databaseUrl === null) {
    throw new SettingsFault("DATABASE_DIRECT_URL", "needs DATABASE_URL beside it: the embedded database would be used");
  }
  if (parsed.role !== "all" && parsed.databaseUrl === null) {
    throw new SettingsFault(
      "DATABASE_URL",
      `must be set for ROLE=${parsed.role}: the embedded database serves one process`,
    );
  }
  return {
    ...parsed,
    production: parsed.nodeEnv === "production",
    authenticated,
    providers: readProviders(env, parsed.llmProviders),
  };
}

/** A setting of authentication without a key is a mistake: everybody would be let in. */
function checkUnauthenticated(env: Record<string, string | undefined>, { authIssuer, authAudience }: Parsed): void {
  if (env.AUTH_JWKS_URL !== undefined) throw new SettingsFault("AUTH_JWKS_URL", "cannot be blank");
  const half = authIssuer !== null ? "AUTH_ISSUER" : authAudience !== null ? "AUTH_AUDIENCE" : null;
  if (half !== null) throw new SettingsFault(half, "is of no use without AUTH_JWT_SECRET or AUTH_JWKS_URL");
}

/** Whether a name or an address can only be this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A lone OPENAI_API_KEY is enough; otherwise each named provider brings its own variables. */
function readProviders(env: Record<string, string | undefined>, names: string[]): ProviderSettings[] {
  const chosen = names.length === 0 && env.OPENAI_API_KEY ? ["openai"] : names;
  if (new Set(chosen.map(prefixOf)).size < chosen.length) {
    throw new SettingsFault("LLM_PROVIDERS", "names a provider twice");
  }
  return chosen.map((name) => {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
      throw new SettingsFault("LLM_PROVIDERS", `must be names of letters, digits, - and _, not "${name}"`);
    }
    const prefix = prefixOf(name);
    return {
      name: name.toLowerCase(),
      baseUrl: address("http:", "https:")((env[`${prefix}_BASE_URL`] ?? "").trim(), `${prefix}_BASE_URL`),
      apiKey: headerSecret((env[`${prefix}_API_KEY`] ?? "").trim(), `${prefix}_API_KEY`),
      model: optional((env[`${prefix}_MODEL`] ?? "").trim(), `${prefix}_MODEL`),
    };
  });
}

/** The prefix of a provider's variables. */
export function prefixOf(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

function checkSecret(name: string, value: string): void {
  if (Buffer.byteLength(value.trim()) < 32) throw new SettingsFault(name, "must be at least 32 bytes long");
}

function checkEncryptionKey(key: Secret | null): void {
  if (key !== null && Buffer.from(key.reveal(), "base64").length !== 32) {
    throw new SettingsFault("ENCRYPTION_KEY", "must be 32 bytes in base64");
  }
}

function setting<T>(name: string, fallback: string, parse: Parse<T>, meaning: string): Setting<T> {
  return { name, fallback, meaning, parse };
}
