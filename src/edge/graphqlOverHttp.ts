import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Config } from "../config.ts";
import type { Viewer } from "../graphql/context.ts";
import { languageAsked } from "../interview/messages.ts";
import { clientAddress } from "./address.ts";
import type { Authenticate } from "./auth.ts";
import { type Connections, type Share, tooManyRequests, viewerShare } from "./connections.ts";
import { fail, failEarly, tooLarge, unauthenticated, unavailable } from "./errorResponses.ts";
import type { Caller, GraphQLServer } from "./graphql.ts";
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
import {
  ClientGone,
  contentType,
  isInUtf8,
  isUpload,
  MalformedUpload,
  readUpload,
  uploadMutations,
} from "./uploads.ts";

export interface GraphQLOverHttpParts {
  config: Config;
  authenticate: Authenticate;
  graphql: GraphQLServer;
  /** What a client may read of an error. */
  mask(error: unknown): Error;
  origins: ReadonlySet<string>;
  connections: Connections;
  /** Requests under way. */
  requests: Share;
  metrics: Metrics;
  uploadsInFlight: number;
}

/** A request that was let in. */
interface Admitted {
  request: IncomingMessage;
  response: ServerResponse;
  caller: Caller;
  /** Whether it is answered with Server-Sent Events. */
  streams: boolean;
}

/** Answers /graphql: queries and mutations, uploads, Server-Sent Events, CORS preflights and the GraphiQL page. */
export async function serveGraphQL(
  parts: GraphQLOverHttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { config, graphql } = parts;
  const { method, headers } = request;
  // Before anything is refused, so that a page of an allowed origin can read why.
  if (method !== "OPTIONS") setCorsHeaders(request, response, parts.origins);
  if (method === "POST" && !acceptsBody(request, response, config)) return;
  const uploads = isUpload(request);
  // Reading starts before anything is awaited: the body may already be arriving.
  const body = method === "POST" && !uploads ? readBody(request, config.maxBody) : null;
  body?.catch(() => {});
  const opensGraphiQL = method === "GET" && graphql.graphiql && (headers.accept ?? "").includes("text/html");
  const isPublic = method === "OPTIONS" || opensGraphiQL;
  const viewer = isPublic ? nobody : await parts.authenticate(headers.authorization);
  if (viewer === null) return unauthenticated(response);
  const streams = !isPublic && !uploads && (await wantsStream(graphql, request, body));
  // Authentication allows for clock skew; a stream would end at once with such a token.
  if (streams && hasExpired(viewer)) return unauthenticated(response);
  const caller = admit(parts, viewer, streams, request, response);
  if (caller === null) return;

  const admitted = { request, response, caller, streams };
  if (uploads) return serveUpload(parts, admitted);
  if (body !== null) return servePost(parts, admitted, body);
  if (method === "GET" && !opensGraphiQL) return serveGet(parts, admitted);
  await graphql.handle(request, response, { caller });
}

const nobody: Viewer = { id: "nobody", role: "CANDIDATE", expiresAt: new Date(0) };

export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, origins: ReadonlySet<string>): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("vary", "Origin");
  if (!origins.has(origin) && !origins.has("*")) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "retry-after");
}

/** JSON and marked uploads only: what a browser sends to another origin without a preflight is refused. */
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

/**
 * Some clients accept JSON and streams alike, whatever they ask for. They get a stream for subscriptions only: any other
 * answer keeps its HTTP status and does not count as one of the viewer's streams.
 */
async function wantsStream(
  graphql: GraphQLServer,
  request: IncomingMessage,
  body: Promise<Buffer> | null,
): Promise<boolean> {
  const accept = request.headers.accept ?? "";
  if (!accept.includes("text/event-stream")) return false;
  if (negotiate(accept) === null) return true;
  try {
    const params = body === null ? readSearch(urlOf(request)) : readParams(await body);
    return typeof params !== "string" && graphql.textOf(params).includes("subscription");
  } catch {
    // Reported where the request is answered.
    return false;
  }
}

function hasExpired({ expiresAt }: Viewer): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}

/** Counts the request until its response is closed, or answers that there is no room for it. */
function admit(
  { config, connections, requests, metrics }: GraphQLOverHttpParts,
  viewer: Viewer,
  streams: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Caller | null {
  // The client has gone: no "close" would follow to uncount it.
  if (response.destroyed) return null;
  if (metrics.inFlight() >= config.maxInFlight) {
    unavailable(response, 1, "The server is busy, please try again");
    return null;
  }
  const address = clientAddress(request, config.trustProxy);
  if (streams) {
    const release = connections.open(viewer.id, address);
    if (release === null) {
      unavailable(response, 5, "Too many open streams");
      return null;
    }
    endWithToken(response, viewer);
    const endStream = metrics.startStream();
    response.once("close", () => {
      endStream();
      release();
    });
  } else {
    const share = viewer === nobody ? address : viewerShare(viewer);
    if (!requests.take(share)) {
      unavailable(response, 1, tooManyRequests);
      return null;
    }
    const endRequest = metrics.startRequest();
    response.once("close", () => {
      endRequest();
      requests.release(share);
    });
  }
  return {
    viewer,
    address,
    language: languageAsked(request.headers["accept-language"]),
    signal: () => abortedByClose(response),
    breakOff: () => response.destroy(),
    requestId: request.headers["x-request-id"] as string | undefined,
    traceparent: request.headers.traceparent as string | undefined,
  };
}

/** A stream ends with the token that opened it, without `complete`: the client reconnects with a fresh one. */
function endWithToken(response: ServerResponse, { expiresAt }: Viewer): void {
  if (expiresAt === null) return;
  let events: Readable | undefined;
  response.once("pipe", (source: Readable) => (events = source));
  const left = Math.min(Math.max(0, expiresAt.getTime() - Date.now()), 2 ** 31 - 1);
  let timer = setTimeout(() => {
    if (!response.headersSent) return unauthenticated(response);
    events?.unpipe(response);
    response.end();
    // A client that has stopped reading is not waited for.
    timer = setTimeout(() => response.destroy(), 1_000);
  }, left);
  response.once("close", () => clearTimeout(timer));
}

function abortedByClose(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  else response.once("close", () => controller.abort());
  return controller.signal;
}

async function servePost(
  { config, graphql, mask }: GraphQLOverHttpParts,
  { request, response, caller, streams }: Admitted,
  reading: Promise<Buffer>,
): Promise<void> {
  const body = await reading.catch((error: unknown) => error as Error);
  if (body instanceof BodyTooLarge) return tooLarge(request, response, config.maxBody);
  // The client went away.
  if (body instanceof Error) return;
  if (!streams) return serveOperation(graphql, mask, readParams(body), caller, request, response);
  if (!isUtf8(body)) return fail(response, 400, "BAD_USER_INPUT", notUtf8);
  const replayed = Object.assign(Readable.from([body]), { method: "POST", url: request.url, headers: request.headers });
  await graphql.handle(replayed as unknown as IncomingMessage, response, { caller });
}

async function serveGet(
  { graphql, mask }: GraphQLOverHttpParts,
  { request, response, caller, streams }: Admitted,
): Promise<void> {
  const params = readSearch(urlOf(request));
  if (!streams) return serveOperation(graphql, mask, params, caller, request, response);
  if (typeof params === "string") return fail(response, 400, "BAD_USER_INPUT", params);
  await graphql.handle(request, response, { caller });
}

/** Uploads at the same time: each file is held in memory until it is read. */
const maxUploads = 16;

async function serveUpload(parts: GraphQLOverHttpParts, { request, response, caller }: Admitted): Promise<void> {
  const { maxUpload, maxBody } = parts.config;
  if (parts.uploadsInFlight >= maxUploads) {
    response.setHeader("retry-after", "1");
    return failEarly(request, response, 503, "SERVICE_UNAVAILABLE", "The server is busy, please try again");
  }
  parts.uploadsInFlight++;
  try {
    const operation = await readUpload(request, { maxBytes: maxUpload, maxOperations: maxBody });
    await serveOperation(parts.graphql, parts.mask, toParams(operation), caller, request, response, uploadMutations);
  } catch (error) {
    if (error instanceof ClientGone) return;
    // Awaited, so that it still counts: what has arrived stays in memory until the client is done.
    if (error instanceof BodyTooLarge) return await tooLarge(request, response, maxUpload);
    if (!(error instanceof MalformedUpload)) throw error;
    response.setHeader("connection", "close");
    return fail(response, 400, "BAD_USER_INPUT", error.message);
  } finally {
    parts.uploadsInFlight--;
  }
}

export function urlOf(request: IncomingMessage): URL {
  return URL.parse(request.url ?? "/", "http://localhost") ?? new URL("http://localhost/");
}
