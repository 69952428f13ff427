import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Downloads } from "./downloads.ts";
import { fail, unavailable } from "./errorResponses.ts";
import { type GraphQLServer, isUnavailable } from "./graphql.ts";
import { type GraphQLOverHttpParts, serveGraphQL, setCorsHeaders, urlOf } from "./graphqlOverHttp.ts";
import { Incoming } from "./incoming.ts";
import { serveMetrics } from "./metricsEndpoint.ts";
import { securedResponse } from "./securedResponse.ts";
import { sendText } from "./sendText.ts";
import type { StaticFiles } from "./staticFiles.ts";

export interface HttpParts extends Omit<GraphQLOverHttpParts, "graphql" | "uploadsInFlight"> {
  /** null on a worker: it answers health and metrics only. */
  graphql: GraphQLServer | null;
  /** Whether a Host header names this server. */
  isOwnHost(host: string | undefined): boolean;
  downloads: Downloads;
  files: StaticFiles;
  /** Whether a first request would succeed. */
  isReady(): Promise<boolean>;
  isDraining(): boolean;
}

export function createHttpServer(parts: HttpParts): Server {
  const { config, graphql } = parts;
  const graphqlParts = graphql === null ? null : { ...parts, graphql, uploadsInFlight: 0 };
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
      response.on("timeout", closeIfStalled);
      // The request was pipelined: earlier ones are still being answered.
      if (response.socket === null) closeWithConnection(response, request.socket);
      route(parts, graphqlParts, request, response).catch((error) => {
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
 * Called when a connection has been idle for BODY_TIMEOUT. A client that does not read its answer would otherwise keep it in
 * memory, and occupy one of MAX_IN_FLIGHT, for ever. Without anything left to write, it is the server that is being waited for.
 */
function closeIfStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

const waitingOn = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Closes a response that waits for its turn when the connection closes. Node does not, and its request would be counted
 * for ever.
 */
function closeWithConnection(response: ServerResponse, connection: Socket): void {
  const waiting = waitingOn.get(connection) ?? new Set();
  if (!waitingOn.has(connection)) {
    waitingOn.set(connection, waiting);
    connection.once("close", () => {
      for (const one of waiting) {
        if (one.socket !== null) continue;
        one.destroy();
        one.emit("close");
      }
    });
  }
  waiting.add(response);
  response.once("close", () => waiting.delete(response));
}

async function route(
  parts: HttpParts,
  graphqlParts: GraphQLOverHttpParts | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (parts.isDraining()) response.setHeader("connection", "close");
  const path = (request.url ?? "/").split("?")[0]!;
  if (path === "/health/live") return text(response, 200, "ok\n");
  if (path === "/health/ready") {
    const ready = await parts.isReady();
    return text(response, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
  }
  if (path === "/metrics") return serveMetrics(parts, request, response);
  if (graphqlParts === null) return text(response, 404, "Not found\n");
  const isReport = path.startsWith("/reports/");
  if ((isReport || path === "/graphql") && !parts.isOwnHost(request.headers.host)) {
    return fail(response, 400, "BAD_USER_INPUT", unknownHost);
  }
  if (path === "/graphql") return serveGraphQL(graphqlParts, request, response);
  if (isReport) {
    // So that a page of an allowed origin can display the report, and read Retry-After.
    setCorsHeaders(request, response, parts.origins);
    return parts.downloads.serve(request, response, urlOf(request));
  }
  return parts.files.serve(request, response, path);
}

const unknownHost = "This server is not known by that name: PUBLIC_URL has to be set to its address";

function text(response: ServerResponse, status: number, body: string): void {
  sendText(response, status, body, { "cache-control": "no-store" });
}
