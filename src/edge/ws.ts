import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { handleProtocols } from "graphql-ws";
import { WebSocket, WebSocketServer } from "ws";
import { languageAsked } from "../interview/messages.ts";
import { clientAddress } from "./address.ts";
import { Connection, type ConnectionParts } from "./connection.ts";
import { waitUntil } from "./waitUntil.ts";

export interface SocketParts extends ConnectionParts {
  origins: ReadonlySet<string>;
  /** Whether a Host header names this server. */
  isOwnHost(host: string | undefined): boolean;
}

export interface Sockets {
  /**
   * Closes all sockets in slices over `spreadMs`, with a code after which clients reconnect. Sockets that wait for the
   * answer to a query or mutation are closed after it, within `timeoutMs`.
   */
  drain(spreadMs: number, timeoutMs: number): Promise<void>;
}

/** Refers to its connection, so that all sockets can share their listeners. */
class ServedSocket extends WebSocket {
  connection: Connection | null = null;
}

/** Serves graphql-transport-ws: the same pipeline as over HTTP, with one viewer per socket. */
export function serveSockets(server: Server, parts: SocketParts): Sockets {
  const { config, metrics } = parts;
  const open = new Set<Connection>();
  const wss = new WebSocketServer({
    noServer: true,
    WebSocket: ServedSocket,
    clientTracking: false,
    maxPayload: config.maxFrame,
    perMessageDeflate: false,
    handleProtocols,
  });

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", destroy);
    const refusal = refuse(parts, request);
    if (refusal !== null) return reject(stream, refusal);
    const address = clientAddress(request, config.trustProxy);
    if (config.authenticated && !parts.connections.addresses.take(address))
      return reject(stream, "503 Service Unavailable");
    const { authorization, "accept-language": languages } = request.headers;
    const opener = { address, authorization, language: languageAsked(languages) };
    let upgraded = false;
    wss.handleUpgrade(request, stream, head, (socket) => {
      upgraded = true;
      const connection = new Connection(parts, socket, stream, opener);
      socket.connection = connection;
      open.add(connection);
      metrics.sockets.inc();
      socket.on("message", onMessage).on("ping", onPing).on("pong", onPong).on("error", ignore).on("close", onClose);
    });
    // ws has already rejected the handshake.
    if (!upgraded && config.authenticated) parts.connections.addresses.release(address);
  });

  function onClose(this: WebSocket): void {
    const connection = connectionOf(this);
    open.delete(connection);
    metrics.sockets.dec();
    connection.closed();
  }

  // One timer for all connections.
  const checking = setInterval(() => {
    const now = Date.now();
    for (const connection of open) connection.check(now);
  }, 1_000).unref();

  return {
    async drain(spreadMs, timeoutMs) {
      const until = performance.now() + timeoutMs;
      const connections = [...open];
      const slices = Math.min(20, Math.max(1, connections.length));
      const size = Math.ceil(connections.length / slices);
      for (let slice = 0; slice < slices; slice++) {
        for (const connection of connections.slice(slice * size, (slice + 1) * size)) {
          connection.leave();
        }
        // Spread out, so that the remaining nodes are not overrun.
        await new Promise((resolve) => setTimeout(resolve, (spreadMs / slices) * (0.5 + Math.random() / 2)));
      }
      await waitUntil(() => !connections.some((connection) => open.has(connection)), until - performance.now());
      clearInterval(checking);
      for (const connection of open) connection.terminate();
      wss.close();
    },
  };
}

function connectionOf(socket: WebSocket): Connection {
  return (socket as ServedSocket).connection!;
}

function onMessage(this: WebSocket, data: Buffer): void {
  const connection = connectionOf(this);
  if (connection.countMessage()) connection.receive(data.toString());
}

function onPing(this: WebSocket): void {
  connectionOf(this).countMessage();
}

function onPong(this: WebSocket): void {
  connectionOf(this).pongReceived();
}

/** ws closes a socket with a framing error itself, with the appropriate code. */
function ignore(): void {}

function destroy(this: Duplex): void {
  this.destroy();
}

function refuse({ config, origins, isOwnHost }: SocketParts, request: IncomingMessage): string | null {
  if ((request.url ?? "").split("?")[0] !== "/graphql") return "404 Not Found";
  const { host, origin } = request.headers;
  if (!isOwnHost(host)) return "400 Bad Request";
  // Only browsers send an Origin: it has to be our own or an allowed one.
  if (origin !== undefined && !origins.has(origin) && !origins.has("*")) return "403 Forbidden";
  return config.role === "worker" ? "404 Not Found" : null;
}

function reject(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
