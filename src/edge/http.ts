import { isUtf8 } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { Config } from "../config.ts";
import type { Viewer } from "../graphql/context.ts";
import { languageAsked, sizeText } from "../interview/messages.ts";
import { clientAddress } from "./address.ts";
import type { Authenticate } from "./auth.ts";
import type { Connections } from "./connections.ts";
import type { Downloads } from "./downloads.ts";
import { type Caller, type GraphQLServer, isUnavailable } from "./graphql.ts";
import { Incoming } from "./incoming.ts";
import type { Metrics } from "./metrics.ts";
import {
  BodyTooLarge,
  negotiate,
  notUtf8,
  readBody,
  readParams,
  readSearch,
  serveOperation,
  toParams,
} from "./operation.ts";
import { securedResponse } from "./securedResponse.ts";
import { sendText } from "./sendText.ts";
import type { StaticFiles } from "./staticFiles.ts";
import {
  ClientGone,
  contentType,
  isInUtf8,
  isUpload,
  MalformedUpload,
  readUpload,
  uploadMutations,
} from "./uploads.ts";

export interface HttpParts {
  config: Config;
  authenticate: Authenticate;
  /** null on a worker: it answers health and metrics only. */
  graphql: GraphQLServer | null;
  /** What a client may read of an error. */
  mask(error: unknown): Error;
  origins: ReadonlySet<string>;
  /** Whether a Host header names this server. */
  isOwnHost(host: string | undefined): boolean;
  downloads: Downloads;
  connections: Connections;
  metrics: Metrics;
  files: StaticFiles;
  /** Whether a first request would succeed. */
  isReady(): Promise<boolean>;
  isDraining(): boolean;
}

export function createHttpServer(parts: HttpParts): Server {
  const { config } = parts;
  const serving: Serving = { ...parts, uploadsInFlight: 0 };
  const server = createServer(
    {
      headersTimeout: config.headersTimeout,
      requestTimeout: config.bodyTimeout,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      IncomingMessage: Incoming,
      ServerResponse: securedResponse(config),
    },
    (request, response) => {
      response.on("timeout", cutOffIfStalled);
      route(serving, request, response).catch((error) => {
        const masked = parts.mask(error);
        if (isUnavailable(masked)) return unavailable(response, 1, masked.message);
        fail(response, 500, "INTERNAL_SERVER_ERROR", masked.message);
      });
    },
  );
  server.keepAliveTimeout = 65_000;
  server.timeout = config.bodyTimeout;
  return server;
}

/**
 * Nothing has come or gone for a while. Whoever takes nothing of an answer would keep it in memory, and a place among the
 * requests at once, as long as it likes; whoever has none yet is waiting for us.
 */
function cutOffIfStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

interface Serving extends HttpParts {
  uploadsInFlight: number;
}

async function route(parts: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (parts.isDraining()) response.setHeader("connection", "close");
  const path = pathOf(request);
  if (path === "/health/live") return text(response, 200, "ok\n");
  if (path === "/health/ready") {
    const ready = await parts.isReady();
    return text(response, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
  }
  if (path === "/metrics") return serveMetrics(parts, request, response);
  if (parts.graphql === null) return text(response, 404, "Not found\n");
  const isReport = path.startsWith("/reports/");
  if ((isReport || path === "/graphql") && !parts.isOwnHost(request.headers.host)) {
    return fail(response, 400, "BAD_USER_INPUT", strangeHost);
  }
  if (path === "/graphql") return serveGraphQL(parts, parts.graphql, request, response);
  if (isReport) {
    // So that a page of an allowed origin may show the report itself, and read when to come back for it.
    setCorsHeaders(request, response, parts.origins);
    return parts.downloads.serve(request, response, urlOf(request));
  }
  return parts.files.serve(request, response, path);
}

const strangeHost = "This server is not known by that name: PUBLIC_URL has to be set to its address";

async function serveGraphQL(
  parts: Serving,
  graphql: GraphQLServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { config, metrics } = parts;
  // A page of an allowed origin may also read why it was refused.
  if (request.method !== "OPTIONS") setCorsHeaders(request, response, parts.origins);
  if (request.method === "POST" && !acceptsBody(request, response, config)) return;
  // The body is taken before anything is awaited: it may be arriving already.
  const uploads = isUpload(request);
  const reading = request.method === "POST" && !uploads ? readBody(request, config.maxBody) : null;
  reading?.catch(() => {});
  const accept = request.headers.accept ?? "";
  const opensGraphiQL = request.method === "GET" && graphql.graphiql && accept.includes("text/html");
  const viewer =
    request.method === "OPTIONS" || opensGraphiQL ? nobody : await parts.authenticate(request.headers.authorization);
  if (viewer === null) return unauthenticated(response);
  const mayStream = viewer !== nobody && !uploads && accept.includes("text/event-stream");
  const streams = mayStream && (negotiate(accept) === null || (await asksToSubscribe(graphql, request, reading)));
  // A token is taken a little longer than it is good, but it would end a stream at once.
  if (streams && hasEnded(viewer)) return unauthenticated(response);
  // Who went away meanwhile takes no place, which nothing would give back.
  if (response.destroyed) return;
  if (metrics.inFlight() >= config.maxInFlight) {
    return unavailable(response, 1, "The server is busy, please try again");
  }

  const address = clientAddress(request, config.trustProxy);
  const release = streams ? parts.connections.open(viewer.id, address) : metrics.startRequest();
  if (release === null) {
    return unavailable(response, 5, "Too many open streams");
  }
  if (streams) endWithToken(response, viewer);
  const endStream = streams ? metrics.startStream() : undefined;
  response.once("close", () => {
    endStream?.();
    release();
  });
  const language = languageAsked(request.headers["accept-language"]);
  const caller: Caller = {
    viewer,
    address,
    language,
    signal: () => goneSignal(response),
    breakOff: () => response.destroy(),
    requestId: request.headers["x-request-id"] as string | undefined,
    traceparent: request.headers.traceparent as string | undefined,
  };
  if (uploads) return serveUpload(parts, graphql, caller, request, response);
  if (request.method === "GET" && !opensGraphiQL) {
    const asked = readSearch(urlOf(request));
    if (!streams) return serveOperation(graphql, parts.mask, asked, caller, request, response);
    if (typeof asked === "string") return fail(response, 400, "BAD_USER_INPUT", asked);
  }
  if (reading === null) return void (await graphql.handle(request, response, { caller }));

  const body = await reading.catch((error: unknown) => error as Error);
  if (body instanceof BodyTooLarge) return tooLarge(request, response, config.maxBody);
  if (body instanceof Error) return;
  if (!streams) return serveOperation(graphql, parts.mask, readParams(body), caller, request, response);
  if (!isUtf8(body)) return fail(response, 400, "BAD_USER_INPUT", notUtf8);
  const again = Object.assign(Readable.from([body]), { method: "POST", url: request.url, headers: request.headers });
  await graphql.handle(again as unknown as IncomingMessage, response, { caller });
}

/**
 * Some clients take JSON and streams alike, whatever they ask for. Only subscriptions are streamed to them: a plain answer
 * takes no place among a viewer's streams, and has its status.
 */
async function asksToSubscribe(
  graphql: GraphQLServer,
  request: IncomingMessage,
  reading: Promise<Buffer> | null,
): Promise<boolean> {
  try {
    const asked = reading === null ? readSearch(urlOf(request)) : readParams(await reading);
    return typeof asked !== "string" && graphql.textOf(asked).includes("subscription");
  } catch {
    // What is wrong with it is said where it is answered.
    return false;
  }
}

/** Made only where somebody waits for it. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once("close", () => gone.abort());
  return gone.signal;
}

/** Files under way at the same time: each is held in memory until it is read. */
const maxUploads = 16;

async function serveUpload(
  parts: Serving,
  graphql: GraphQLServer,
  caller: Caller,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { maxUpload, maxBody } = parts.config;
  if (parts.uploadsInFlight >= maxUploads) {
    response.setHeader("retry-after", "1");
    return failEarly(request, response, 503, "SERVICE_UNAVAILABLE", "The server is busy, please try again");
  }
  parts.uploadsInFlight++;
  try {
    const operation = await readUpload(request, { maxBytes: maxUpload, maxOperations: maxBody });
    await serveOperation(graphql, parts.mask, toParams(operation), caller, request, response, uploadMutations);
  } catch (error) {
    if (error instanceof ClientGone) return;
    // What has come of it is in memory until its sender is gone, so it keeps its place.
    if (error instanceof BodyTooLarge) return await tooLarge(request, response, maxUpload);
    if (!(error instanceof MalformedUpload)) throw error;
    response.setHeader("connection", "close");
    return fail(response, 400, "BAD_USER_INPUT", error.message);
  } finally {
    parts.uploadsInFlight--;
  }
}

const nobody: Viewer = { id: "nobody", role: "CANDIDATE", expiresAt: new Date(0) };

/** JSON and marked uploads only: whatever a browser sends across origins without asking first is refused. */
function acceptsBody(request: IncomingMessage, response: ServerResponse, config: Config): boolean {
  const uploads = isUpload(request);
  if (!uploads && contentType(request.headers) !== "application/json") {
    const isMultipart = contentType(request.headers) === "multipart/form-data";
    const wanted = isMultipart
      ? "A multipart request needs the header x-vivavoce-upload: 1"
      : "The content type must be application/json";
    fail(response, 415, "BAD_USER_INPUT", wanted);
    return false;
  }
  if (!uploads && !isInUtf8(request.headers)) {
    fail(response, 415, "BAD_USER_INPUT", "The body must be in UTF-8");
    return false;
  }
  if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
    fail(response, 415, "BAD_USER_INPUT", "The body cannot be compressed");
    return false;
  }
  const max = uploads ? config.maxUpload : config.maxBody;
  if (Number(request.headers["content-length"] ?? 0) > max) {
    void tooLarge(request, response, max);
    return false;
  }
  return true;
}

function tooLarge(request: IncomingMessage, response: ServerResponse, maxBytes: number): Promise<void> {
  return failEarly(request, response, 413, "BAD_USER_INPUT", `A request body cannot exceed ${sizeText(maxBytes)}`);
}

/**
 * Answers while the body is still on its way. A connection that is cut then takes the answer with it, so the rest is taken
 * in and thrown away: until the client has read the answer and stops, or BODY_TIMEOUT has passed.
 */
async function failEarly(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): Promise<void> {
  const body = errorBody(code, message);
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...jsonType, "content-length": length, connection: "close" });
  response.write(body);
  request.resume();
  if (!request.closed) await new Promise<void>((resolve) => request.once("close", resolve));
  response.end();
}

function setCorsHeaders(request: IncomingMessage, response: ServerResponse, origins: ReadonlySet<string>): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("vary", "Origin");
  if (!origins.has(origin) && !origins.has("*")) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "retry-after");
}

function hasEnded({ expiresAt }: Viewer): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}

/** A stream ends with the token that opened it, without `complete`: the client comes back with a fresh one. */
function endWithToken(response: ServerResponse, { expiresAt }: Viewer): void {
  if (expiresAt === null) return;
  let events: Readable | undefined;
  response.once("pipe", (source: Readable) => (events = source));
  const left = Math.min(Math.max(0, expiresAt.getTime() - Date.now()), 2 ** 31 - 1);
  let timer = setTimeout(() => {
    if (!response.headersSent) return unauthenticated(response);
    events?.unpipe(response);
    response.end();
    // Whoever takes nothing is not waited for.
    timer = setTimeout(() => response.destroy(), 1_000);
  }, left);
  response.once("close", () => clearTimeout(timer));
}

async function serveMetrics(
  { config, metrics }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = config.metricsToken?.reveal();
  // Behind a proxy on this machine everybody comes from loopback: what counts is whom the proxy saw.
  const address = clientAddress(request, config.trustProxy);
  const allowed = token
    ? isSame(request.headers.authorization ?? "", `Bearer ${token}`)
    : address.startsWith("127.") || address === loopback6;
  if (!allowed) return text(response, 404, "Not found\n");
  const { contentType, body } = await metrics.render();
  response.writeHead(200, { "content-type": contentType });
  response.end(body);
}

/** ::1 as clientAddress writes it. */
const loopback6 = "0:0:0:0::/64";

/** Takes as long for a good guess as for a bad one. */
function isSame(given: string, right: string): boolean {
  const [one, other] = [given, right].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one!, other!);
}

/** An error outside of any operation, in the form that GraphQL clients read. */
function fail(response: ServerResponse, status: number, code: string, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, jsonType);
  response.end(errorBody(code, message));
}

function unauthenticated(response: ServerResponse): void {
  response.setHeader("www-authenticate", "Bearer");
  fail(response, 401, "UNAUTHENTICATED", "A valid bearer token is required");
}

const jsonType = { "content-type": "application/json; charset=utf-8" };

function errorBody(code: string, message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

function unavailable(response: ServerResponse, retryAfter: number, message: string): void {
  if (!response.headersSent) response.setHeader("retry-after", String(retryAfter));
  fail(response, 503, "SERVICE_UNAVAILABLE", message);
}

function text(response: ServerResponse, status: number, body: string): void {
  sendText(response, status, body, { "cache-control": "no-store" });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?")[0]!;
}

function urlOf(request: IncomingMessage): URL {
  return URL.parse(request.url ?? "/", "http://localhost") ?? new URL("http://localhost/");
}
