import { type Failpoint, failpoints } from "./ports/failpoints.ts";

/** The environment, parsed once. A fault ends the start with one line that names the variable. */

export class SettingsFault extends Error {
  constructor(name: string, complaint: string) {
    super(`${name} ${complaint}`);
    this.name = "SettingsFault";
  }
}

export interface RateLimit {
  calls: number;
  windowMs: number;
}

/** A secret that cannot slip into a log or an error. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
}

interface Setting<T> {
  name: string;
  /** As a person would write it; "" means unset. */
  fallback: string;
  meaning: string;
  parse(text: string, name: string): T;
}

const text: Parse<string> = (value) => value;
const optional: Parse<string | null> = (value) => (value === "" ? null : value);
const secret: Parse<Secret | null> = (value) => (value === "" ? null : new Secret(value));
const flag: Parse<boolean> = (value, name) => {
  if (["true", "on", "1"].includes(value)) return true;
  if (["false", "off", "0"].includes(value)) return false;
  throw new SettingsFault(name, `must be on or off (or true or false), not "${value}"`);
};
const onOff: Parse<boolean | null> = (value, name) => (value === "" ? null : flag(value, name));
const list: Parse<string[]> = (value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
type Parse<T> = (value: string, name: string) => T;

function whole(min: number, max: number): Parse<number> {
  return (value, name) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || number < min || number > max) {
      throw new SettingsFault(name, `must be a whole number from ${min} to ${max}, not "${value}"`);
    }
    return number;
  };
}

const share: Parse<number> = (value, name) => {
  const number = Number(value);
  if (!/^[\d.]+$/.test(value) || !(number >= 0 && number <= 1)) {
    throw new SettingsFault(name, `must be a number from 0 to 1, not "${value}"`);
  }
  return number;
};

/** null: as the program sees fit. */
function wholeOrAuto(min: number, max: number): Parse<number | null> {
  return (value, name) => (value === "auto" ? null : whole(min, max)(value, name));
}

function oneOf<T extends string>(...values: T[]): Parse<T> {
  return (value, name) => {
    if (!values.includes(value as T)) throw new SettingsFault(name, `must be ${values.join(" or ")}, not "${value}"`);
    return value as T;
  };
}

/** Anything else is a slip, which would leave open what production closes. */
const nodeEnv: Parse<string> = (value, name) =>
  value === "" ? value : oneOf("production", "development", "test")(value, name);

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time, between two that are themselves allowed. */
function time(shortest: string, longest: string): Parse<number> {
  const [min, max] = [readDuration(shortest)!, readDuration(longest)!];
  return (value, name) => {
    const ms = readDuration(value);
    if (ms === null) throw new SettingsFault(name, `must be a time like 25s, 500ms or 10m, not "${value}"`);
    if (ms < min || ms > max) throw new SettingsFault(name, `must be from ${shortest} to ${longest}, not "${value}"`);
    return ms;
  };
}

/** "25s", "500ms", "10m"; in milliseconds. */
function readDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match && Math.round(Number(match[1]) * units[match[2]!]!);
}

/** What a timer is set to: one that is set to more than some 24 days goes off at once. */
const longestTimer = "24d";
const duration = time("1ms", longestTimer);

/** Both of them together are one timer. */
const drainTime = time("0s", "12d");

/** PostgreSQL counts back from now, and has no dates before 4713 BC. None at all is not meant: all would go at once. */
const age = time("1ms", "36500d");
const optionalAge: Parse<number | null> = (value, name) => (value === "" || value === "off" ? null : age(value, name));

/** "5/60s": calls in a window. "off": no limit. */
const rate: Parse<RateLimit | null> = (value, name) => {
  if (value === "off" || value === "") return null;
  const match = /^([1-9]\d{0,8})\/(.+)$/.exec(value);
  const windowMs = match && readDuration(match[2]!);
  if (!windowMs) throw new SettingsFault(name, `must look like 5/60s or be off, not "${value}"`);
  return { calls: Number(match[1]), windowMs };
};

/** The counters of calls keep whole seconds, by timers. */
const callRate: Parse<RateLimit | null> = (value, name) => {
  const limit = rate(value, name);
  if (limit !== null && (limit.windowMs % 1_000 > 0 || limit.windowMs > readDuration(longestTimer)!)) {
    throw new SettingsFault(name, `must count over whole seconds, from 1s to ${longestTimer}, not "${value}"`);
  }
  return limit;
};

function address(...protocols: string[]): Parse<string | null> {
  return (value, name) => {
    if (value === "") return null;
    const complaint = `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) throw new SettingsFault(name, complaint);
    return value.replace(/\/+$/, "");
  };
}

/** Of its account and password every node makes plain text. */
const redisAddress: Parse<string | null> = (value, name) => {
  const found = address("redis:", "rediss:")(value, name);
  try {
    if (found !== null) decodeURIComponent(new URL(found).username + new URL(found).password);
    return found;
  } catch {
    throw new SettingsFault(name, "must have a % in its account or password written as %25");
  }
};

/** Paths are put behind it. */
const publicAddress: Parse<string | null> = (value, name) => {
  const found = address("http:", "https:")(value, name);
  if (found !== null && /[?#]/.test(found)) throw new SettingsFault(name, "cannot have a query or a fragment");
  return found;
};

const origins: Parse<string[]> = (value, name) =>
  list(value, name).map((given) => {
    if (given === "*") return given;
    // As it is copied from a browser's address bar.
    const origin = given.replace(/\/$/, "");
    if (URL.parse(origin)?.origin === origin) return origin;
    throw new SettingsFault(name, `must be origins like https://app.example.com, not "${given}"`);
  });

const kib = 1024;

/** Every setting there is, in the order in which the docs list them. */
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
    "Longest wait for a request's body, and for more of an answer to be taken",
  ),
  maxInFlight: setting("MAX_IN_FLIGHT", "1000", whole(1, 1_000_000), "Requests at once before 503 is answered"),
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
  /** Bearer tokens are asked for. */
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

/** Whoever sets a part of authentication means to have it: without a key everybody would be let in. */
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

/** What the names of a provider's variables begin with. */
export function prefixOf(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/** A key that no header can carry would fail each call instead of the start. */
function headerSecret(value: string, name: string): Secret | null {
  if (/[^\x20-\x7e]/.test(value)) throw new SettingsFault(name, "must be one line of plain ASCII");
  return secret(value, name);
}

function checkSecret(name: string, value: string): void {
  if (Buffer.byteLength(value.trim()) < 32) throw new SettingsFault(name, "must be at least 32 bytes long");
}

function checkEncryptionKey(key: Secret | null): void {
  if (key !== null && Buffer.from(key.reveal(), "base64").length !== 32) {
    throw new SettingsFault("ENCRYPTION_KEY", "must be 32 bytes in base64");
  }
}

/** "after-commit", "after-commit:3". */
function failpoint(value: string, name: string): { point: Failpoint; time: number } | null {
  if (value === "") return null;
  const [point, time = "1"] = value.split(":");
  if (!failpoints.includes(point as Failpoint)) {
    throw new SettingsFault(name, `must be one of ${failpoints.join(", ")}, not "${value}"`);
  }
  return { point: point as Failpoint, time: whole(1, 1_000_000)(time, name) };
}

function optionalWhole(value: string, name: string): number | null {
  return value === "off" || value === "" ? null : whole(1, Number.MAX_SAFE_INTEGER)(value, name);
}

function setting<T>(name: string, fallback: string, parse: Parse<T>, meaning: string): Setting<T> {
  return { name, fallback, meaning, parse };
}
