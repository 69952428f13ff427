import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, getOperationAST, type parse } from "graphql";
import {
  CloseCode,
  handleProtocols,
  makeServer,
  type Server as ProtocolServer,
  type Context as SocketContext,
  type SubscribePayload,
} from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Config } from "../config.ts";
import type { Viewer } from "../graphql/context.ts";
import { graphqlError } from "../graphql/errors.ts";
import { languageOf } from "../interview/messages.ts";
import { clientAddress } from "./address.ts";
import type { Authenticate } from "./auth.ts";
import type { Connections } from "./connections.ts";
import { type Caller, type GraphQLServer, told, toldResult } from "./graphql.ts";
import type { Metrics } from "./metrics.ts";

export interface SocketParts {
  config: Config;
  authenticate: Authenticate;
  graphql: GraphQLServer;
  /** What a client may read of an error. */
  mask(error: unknown): Error;
  connections: Connections;
  metrics: Metrics;
  origins: ReadonlySet<string>;
}

export interface Sockets {
  /** Closes all sockets, a slice at a time, with a code after which clients come back. */
  drain(withinMs: number): Promise<void>;
}

/** What is kept of a socket; not the upgrade request, which is large. */
interface SocketState {
  address: string;
  authorization: string | undefined;
  acceptLanguage: string | undefined;
  viewer: Viewer | null;
  /** To be called when the socket closes. */
  cleanups: (() => void)[];
  subscriptions: number;
}

interface SocketExtra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
}

const keepAliveMs = 30_000;
/** How long a socket that never told who it is may take to close. */
const strangerClosesMs = 1_000;

/** graphql-transport-ws: the same pipeline as over HTTP, with a viewer that was told once per socket. */
export function serveSockets(server: Server, parts: SocketParts): Sockets {
  const { config, metrics } = parts;
  const states = new WeakMap<WebSocket, SocketState>();
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: config.maxFrame,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: config.initTimeout,
    onConnect: (context) => connect(parts, stateOf(states, context), context),
    onSubscribe: (context, _id, payload) => subscribe(parts, states, context, payload),
    execute: (args) => (args as Prepared).rootValue.execute(args),
    subscribe: (args) => (args as Prepared).rootValue.subscribe(args),
    onNext: (_context, _id, _payload, _args, result) => {
      metrics.deliveries.inc();
      return result.errors ? toldResult(result as ExecutionResult) : undefined;
    },
    onComplete: (context) => ended(metrics, stateOf(states, context)),
    onError: (_context, _id, _payload, errors) => errors.map(told),
  });

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const refusal = refuse(parts, request);
    if (refusal !== null) return reject(socket, refusal);
    const address = clientAddress(request, config.trustProxy);
    const release = config.authenticated ? parts.connections.openAddress(address) : () => {};
    if (release === null) return reject(socket, "503 Service Unavailable");
    wss.handleUpgrade(request, socket, head, (ws) => {
      states.set(ws, {
        address,
        authorization: request.headers.authorization,
        acceptLanguage: request.headers["accept-language"],
        viewer: null,
        cleanups: [release],
        subscriptions: 0,
      });
      watchRate(ws, config);
      metrics.sockets.inc();
      ws.once("close", () => {
        metrics.sockets.dec();
        const state = states.get(ws);
        metrics.subscriptions.dec(state?.subscriptions ?? 0);
        for (const cleanup of state?.cleanups ?? []) cleanup();
      });
      open(protocol, ws, parts, states.get(ws)!);
    });
  });

  return {
    async drain(withinMs) {
      const sockets = [...wss.clients];
      const slices = Math.min(20, Math.max(1, sockets.length));
      const size = Math.ceil(sockets.length / slices);
      for (let slice = 0; slice < slices; slice++) {
        for (const socket of sockets.slice(slice * size, (slice + 1) * size)) socket.close(1012, "Restarting");
        // Not all at once: whoever is left to serve them should not be run over.
        await new Promise((resolve) => setTimeout(resolve, (withinMs / slices) * (0.5 + Math.random() / 2)));
      }
      for (const socket of wss.clients) socket.terminate();
      wss.close();
    },
  };
}

/**
 * Joins a socket to the protocol: as graphql-ws does it itself, but that nothing a stranger sends is printed, and that
 * what no client may send is the client's fault.
 */
function open(
  protocol: ProtocolServer<SocketExtra>,
  socket: WebSocket,
  { mask }: SocketParts,
  state: SocketState,
): void {
  // ws itself closes a socket that broke the rules of framing, with the code that says how.
  socket.on("error", () => {});
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve();
          socket.send(data, (error) => (error ? reject(error) : resolve()));
        }),
      close(code, reason) {
        socket.close(code, reason);
        if (state.viewer === null) setTimeout(() => socket.terminate(), strangerClosesMs).unref();
      },
      onMessage(handle) {
        socket.on("message", (data) => {
          handle(String(data)).catch((error: Error) => {
            if (error.message.startsWith("Unexpected message"))
              return socket.close(CloseCode.BadRequest, "Invalid message");
            mask(error);
            socket.close(CloseCode.InternalServerError, "Internal server error");
          });
        });
      },
    },
    { socket },
  );
  const stopPinging = keepAlive(socket);
  socket.once("close", (code, reason) => {
    stopPinging();
    void closed(code, String(reason));
  });
}

/** Ends a socket whose other end is silently gone. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, keepAliveMs);
  return () => clearInterval(timer);
}

type Prepared = ExecutionArgs & {
  rootValue: { execute(args: ExecutionArgs): never; subscribe(args: ExecutionArgs): never };
};

async function connect(
  { authenticate, connections, config }: SocketParts,
  state: SocketState,
  context: SocketContext<Record<string, unknown>, SocketExtra>,
): Promise<boolean> {
  const { connectionParams } = context;
  const authorization = connectionParams?.authorization ?? connectionParams?.Authorization;
  const viewer = await authenticate(typeof authorization === "string" ? authorization : state.authorization);
  const { socket } = context.extra;
  // false closes with 4403: the client may come back with a fresh token. Who has gone meanwhile takes no place.
  if (viewer === null || socket.readyState !== socket.OPEN) return false;
  if (config.authenticated) {
    const release = connections.openViewer(viewer.id);
    if (release === null) {
      socket.close(4429, "Too many sockets");
      return false;
    }
    state.cleanups.push(release);
  }
  state.viewer = viewer;
  if (viewer.expiresAt !== null) {
    const left = Math.min(Math.max(0, viewer.expiresAt.getTime() - Date.now()), 2 ** 31 - 1);
    const timer = setTimeout(() => socket.close(CloseCode.Forbidden, "Token expired"), left);
    state.cleanups.push(() => clearTimeout(timer));
  }
  return true;
}

async function subscribe(
  { config, graphql, mask, metrics }: SocketParts,
  states: WeakMap<WebSocket, SocketState>,
  context: SocketContext<Record<string, unknown>, SocketExtra>,
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const state = stateOf(states, context);
  if (state.subscriptions >= config.maxSubscriptions) {
    return [graphqlError("QUERY_TOO_EXPENSIVE", `A socket carries at most ${config.maxSubscriptions} operations`)];
  }
  const { socket } = context.extra;
  const caller: Caller = {
    viewer: state.viewer!,
    address: state.address,
    language: languageOf(state.acceptLanguage),
    signal: () => new AbortController().signal,
    onStalled: () => {
      metrics.stalled.inc();
      socket.close(1013, "Too slow");
      // Whoever reads on within this time learns why; a client that never does is not waited for.
      setTimeout(() => socket.terminate(), 30_000).unref();
    },
  };
  const pipeline = graphql.getEnveloped({ caller } as never);
  let document: ReturnType<typeof parse>;
  try {
    document = pipeline.parse(graphql.textOf(payload)) as ReturnType<typeof parse>;
  } catch (error) {
    return [mask(error) as GraphQLError];
  }
  const errors = pipeline.validate(pipeline.schema, document) as readonly GraphQLError[];
  if (errors.length > 0) return errors.map(mask) as GraphQLError[];
  // graphql-ws reports an unnamed one without telling that it ended.
  if (!getOperationAST(document, payload.operationName)) {
    return [graphqlError("BAD_USER_INPUT", "Name one of the document's operations")];
  }
  // Counted before anything is awaited: messages that came together would all pass.
  state.subscriptions++;
  metrics.subscriptions.inc();
  const contextValue = await pipeline.contextFactory();
  return {
    schema: pipeline.schema,
    document,
    contextValue,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
    rootValue: { execute: pipeline.execute, subscribe: pipeline.subscribe },
  };
}

function ended(metrics: Metrics, state: SocketState): void {
  if (state.subscriptions === 0) return;
  state.subscriptions--;
  metrics.subscriptions.dec();
}

function stateOf(
  states: WeakMap<WebSocket, SocketState>,
  context: SocketContext<Record<string, unknown>, SocketExtra>,
): SocketState {
  return states.get(context.extra.socket)!;
}

function refuse({ config, origins }: SocketParts, request: IncomingMessage): string | null {
  if ((request.url ?? "").split("?")[0] !== "/graphql") return "404 Not Found";
  const { origin } = request.headers;
  // Only browsers send an Origin; a page of ours, or of an origin that is allowed, may open sockets.
  if (origin !== undefined && !origins.has(origin) && !origins.has("*")) return "403 Forbidden";
  return config.role === "worker" ? "404 Not Found" : null;
}

function reject(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Too many messages in too short a time end the socket; pings count. */
function watchRate(socket: WebSocket, { maxFrameRate }: Config): void {
  if (maxFrameRate === null) return;
  let started = 0;
  let count = 0;
  const tally = (): void => {
    const now = Date.now();
    if (now - started > maxFrameRate.windowMs) {
      started = now;
      count = 0;
    }
    if (++count > maxFrameRate.calls) {
      socket.close(4429, "Too many messages");
      socket.removeAllListeners("message");
      setTimeout(() => socket.terminate(), 1_000).unref();
    }
  };
  socket.on("message", tally);
  socket.on("ping", tally);
}
