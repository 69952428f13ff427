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
    "Base of every URL in responses (default: http://HOST:PORT). Without authentication its host is also accepted as `Host` header",
  ),
  allowedOrigins: setting(
    "ALLOWED_ORIGINS",
    "",
    origins,
    "Other origins whose pages may call the API, for CORS and WebSockets, separated by commas; `*`: all",
  ),
  role: setting(
    "ROLE",
    "all",
    oneOf("all", "api", "worker"),
    "What this process does: `api` serves clients, `worker` runs jobs, `all` does both",
  ),
  dataDir: setting("DATA_DIR", "./data", text, "Folder of the embedded database"),

  databaseUrl: setting(
    "DATABASE_URL",
    "",
    address("postgres:", "postgresql:"),
    "URL of the PostgreSQL database; unset: the embedded database",
  ),
  databaseDirectUrl: setting(
    "DATABASE_DIRECT_URL",
    "",
    address("postgres:", "postgresql:"),
    "URL of the same database that bypasses the pooler in DATABASE_URL, for migrations, locks and LISTEN",
  ),
  databasePool: setting(
    "DATABASE_POOL",
    "10",
    whole(1, 1_000),
    "Connections to PostgreSQL per process for most statements. In addition half as many serve some reads, a third as " +
      "many the jobs (at least 2 each), and one listens unless ROLE is `api`: with 10 they are 20 in total",
  ),
  databaseTimeout: setting(
    "DATABASE_TIMEOUT",
    "10s",
    duration,
    "Maximum time for getting a database connection and for one statement",
  ),
  redisUrl: setting(
    "REDIS_URL",
    "",
    redisAddress,
    "URL of the Redis that shares live events and rate limits among all nodes; unset: both are kept in the process",
  ),
  redisCluster: setting(
    "REDIS_CLUSTER",
    "false",
    flag,
    "REDIS_URL names a node of a Redis Cluster; sharded pub/sub is used",
  ),

  llmProviders: setting(
    "LLM_PROVIDERS",
    "",
    list,
    "Names of language model providers, separated by commas, in the order in which they are tried; each has NAME_BASE_URL, NAME_API_KEY and NAME_MODEL",
  ),
  llmConcurrency: setting(
    "LLM_CONCURRENCY",
    "16",
    whole(1, 10_000),
    "Maximum concurrent calls to one provider, per process",
  ),
  llmConnectTimeout: setting("LLM_CONNECT_TIMEOUT", "5s", duration, "Maximum time for connecting to a provider"),
  llmFirstTokenTimeout: setting(
    "LLM_FIRST_TOKEN_TIMEOUT",
    "12s",
    duration,
    "Maximum time until the first token; for a reply that is not streamed, plus 5 ms for each token that it may have",
  ),
  llmIdleTimeout: setting("LLM_IDLE_TIMEOUT", "15s", duration, "Maximum time between two tokens"),
  llmTotalTimeout: setting("LLM_TOTAL_TIMEOUT", "120s", duration, "Maximum duration of a call"),
  llmTries: setting("LLM_TRIES", "4", whole(1, 20), "Maximum attempts per call and provider"),
  llmDailyCalls: setting("LLM_DAILY_CALLS", "off", optionalWhole, "Maximum model calls per viewer and day"),
  llmDailyTokens: setting("LLM_DAILY_TOKENS", "off", optionalWhole, "Maximum model tokens per viewer and day"),
  llmDailyCallsGlobal: setting(
    "LLM_DAILY_CALLS_GLOBAL",
    "off",
    optionalWhole,
    "Maximum model calls per day by all viewers together",
  ),
  llmDailyTokensGlobal: setting(
    "LLM_DAILY_TOKENS_GLOBAL",
    "off",
    optionalWhole,
    "Maximum model tokens per day by all viewers together",
  ),
  fallback: setting(
    "FALLBACK",
    "on",
    flag,
    "Whether questions come from the built-in question bank when the language model fails",
  ),

  followUps: setting(
    "FOLLOW_UPS",
    "1",
    whole(0, 2),
    "Follow-up questions per main question, unless the session specifies it",
  ),
  waitLimit: setting(
    "WAIT_LIMIT",
    "25s",
    time("0s", longestTimer),
    "Maximum time that a mutation waits for a question that is being written",
  ),
  evaluationBatchSize: setting(
    "EVALUATION_BATCH_SIZE",
    "8",
    wholeOrAuto(1, 100),
    "Maximum answers scored by one model call; `auto`: up to 8, fewer if that makes better use of LLM_CONCURRENCY",
  ),
  evaluationEager: setting(
    "EVALUATION_EAGER",
    "true",
    flag,
    "Whether answers are scored while the interview is still running",
  ),
  jobConcurrency: setting("JOB_CONCURRENCY", "32", whole(1, 1_000), "Maximum concurrent jobs per worker"),
  retention: setting(
    "RETENTION",
    "off",
    optionalAge,
    "Events of finished sessions are deleted after this time; `off`: never",
  ),
  sessionRetention: setting(
    "SESSION_RETENTION",
    "off",
    optionalAge,
    "Finished sessions are deleted completely after this time; `off`: never",
  ),

  authJwtSecret: setting("AUTH_JWT_SECRET", "", secret, "Secret of HS256 bearer tokens, at least 32 bytes"),
  authJwksUrl: setting(
    "AUTH_JWKS_URL",
    "",
    address("http:", "https:"),
    "URL of the JSON Web Key Set that bearer tokens are verified with",
  ),
  authIssuer: setting("AUTH_ISSUER", "", optional, "Required `iss` claim of tokens"),
  authAudience: setting("AUTH_AUDIENCE", "", optional, "Required `aud` claim of tokens"),
  encryptionKey: setting(
    "ENCRYPTION_KEY",
    "",
    secret,
    "Key that encrypts résumés and answers at rest: 32 bytes in base64; unset: no encryption",
  ),
  reportUrlSecret: setting(
    "REPORT_URL_SECRET",
    "",
    secret,
    "Secret that signs report URLs, at least 32 bytes; unset: generated once and stored in the database",
  ),
  metricsToken: setting(
    "METRICS_TOKEN",
    "",
    secret,
    "Bearer token required by /metrics; unset: available from loopback only",
  ),

  rateLimitCreate: setting(
    "RATE_LIMIT_CREATE",
    "5/60s",
    callRate,
    "Rate limit of createSession, retryEvaluation, createResume and updateResume, per address and per viewer",
  ),
  rateLimitSubmit: setting("RATE_LIMIT_SUBMIT", "10/1s", callRate, "Rate limit of submitAnswer, per viewer"),
  rateLimitCreateGlobal: setting(
    "RATE_LIMIT_CREATE_GLOBAL",
    "off",
    callRate,
    "Rate limit of the same mutations as RATE_LIMIT_CREATE, for all viewers together",
  ),
  rateLimitSubmitGlobal: setting(
    "RATE_LIMIT_SUBMIT_GLOBAL",
    "off",
    callRate,
    "Rate limit of submitAnswer, for all viewers together",
  ),
  trustProxy: setting(
    "TRUST_PROXY",
    "0",
    whole(0, 10),
    "Number of trusted proxies in front of the server: determines which entry of X-Forwarded-For is the client's address",
  ),

  introspection: setting(
    "INTROSPECTION",
    "",
    onOff,
    "Whether introspection is allowed: `on` or `off`; default: on except in production",
  ),
  graphiql: setting(
    "GRAPHIQL",
    "",
    onOff,
    "Whether GraphiQL is served: `on` or `off`; default: on except in production",
  ),
  trustedDocuments: setting(
    "TRUSTED_DOCUMENTS",
    "",
    optional,
    "JSON file of the allowed operations, which maps SHA-256 hashes to texts; unset: all operations are allowed",
  ),
  maxDepth: setting("MAX_DEPTH", "12", whole(1, 1_000), "Maximum nesting depth of an operation"),
  maxBreadth: setting("MAX_BREADTH", "300", whole(1, 100_000), "Maximum number of fields in an operation"),
  maxAliases: setting("MAX_ALIASES", "15", whole(0, 10_000), "Maximum number of aliases in a document"),
  maxDirectives: setting("MAX_DIRECTIVES", "50", whole(0, 10_000), "Maximum number of directives in a document"),
  maxTokens: setting("MAX_TOKENS", "1000", whole(10, 1_000_000), "Maximum number of tokens in a document"),
  maxCost: setting(
    "MAX_COST",
    "20000",
    whole(10, 100_000_000),
    "Maximum cost of an operation: most fields cost 1, multiplied by the sizes of lists and pages",
  ),
  maxResponse: setting(
    "MAX_RESPONSE",
    String(32 * 1024 * kib),
    whole(kib, 1024 * 1024 * kib),
    "Maximum size of the texts in a response, in bytes; the data of exportMyData is not counted",
  ),
  maxBody: setting(
    "MAX_BODY",
    String(1024 * kib),
    whole(kib, 1024 * 1024 * kib),
    "Maximum size of a request body, in bytes",
  ),
  maxUpload: setting(
    "MAX_UPLOAD",
    String(6 * 1024 * kib),
    whole(kib, 1024 * 1024 * kib),
    "Maximum size of a request body with a file, in bytes",
  ),
  maxFrame: setting(
    "MAX_FRAME",
    String(512 * kib),
    whole(kib, 1024 * 1024 * kib),
    "Maximum size of a WebSocket message, in bytes",
  ),
  maxFrameRate: setting("MAX_FRAME_RATE", "500/1s", rate, "Rate limit of messages from one WebSocket"),
  maxSubscriptions: setting(
    "MAX_SUBSCRIPTIONS",
    "100",
    whole(1, 1_000_000),
    "Maximum operations at once on one WebSocket",
  ),
  maxSocketsPerViewer: setting(
    "MAX_SOCKETS_PER_VIEWER",
    "50",
    whole(1, 1_000_000),
    "Maximum open WebSockets and event streams per viewer, with authentication",
  ),
  maxSocketsPerAddress: setting(
    "MAX_SOCKETS_PER_ADDRESS",
    "1000",
    whole(1, 10_000_000),
    "Maximum open WebSockets and event streams per client address, with authentication",
  ),
  initTimeout: setting("INIT_TIMEOUT", "3s", duration, "Maximum time until a WebSocket sends `connection_init`"),
  headersTimeout: setting("HEADERS_TIMEOUT", "15s", duration, "Maximum time until a request's headers have arrived"),
  bodyTimeout: setting(
    "BODY_TIMEOUT",
    "30s",
    duration,
    "Maximum time until a request's body has arrived, and that a client may stop reading a response",
  ),
  maxInFlight: setting(
    "MAX_IN_FLIGHT",
    "1000",
    whole(1, 1_000_000),
    "Maximum concurrent requests; more are refused with 503",
  ),
  maxInFlightPerViewer: setting(
    "MAX_IN_FLIGHT_PER_VIEWER",
    "100",
    whole(1, 1_000_000),
    "Maximum concurrent requests per viewer, with authentication; queries and mutations over WebSockets count too",
  ),
  drainDelay: setting(
    "DRAIN_DELAY",
    "0s",
    drainTime,
    "How long a stopping process still accepts requests while it reports that it is not ready",
  ),
  drainTimeout: setting(
    "DRAIN_TIMEOUT",
    "15s",
    drainTime,
    "How long a stopping process may take to finish running requests and jobs",
  ),
  failAt: setting(
    "FAIL_AT",
    "",
    failpoint,
    "For fault tests: the point at which the process kills itself (`:n`: the n-th time it is reached)",
  ),
  otlpEndpoint: setting(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "",
    address("http:", "https:"),
    "Base URL of the OTLP/HTTP collector that receives traces; unset: no tracing",
  ),
  otlpRatio: setting("OTEL_TRACES_SAMPLER_ARG", "1", share, "Fraction of requests that are traced, from 0 to 1"),
  logLevel: setting(
    "LOG_LEVEL",
    "info",
    oneOf("trace", "debug", "info", "warn", "error", "silent"),
    "Minimum level of log lines",
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
