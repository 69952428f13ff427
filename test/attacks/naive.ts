/**
 * The API by somebody who trusts everybody: HTTP read by hand, documents executed as they come, errors sent as they are.
 * Each carelessness is one that servers have been broken by; without it nothing would show that it is our guard that refuses.
 */
import type { IncomingMessage } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { type DocumentNode, execute, type GraphQLSchema, Kind, parse, type SelectionSetNode } from "graphql";
import { type WebSocket, WebSocketServer } from "ws";

interface Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export function naiveServer(schema: GraphQLSchema): Server {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 0,
    perMessageDeflate: true,
    skipUTF8Validation: true,
    autoPong: false,
  });
  return createServer((connection) => {
    let read = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      const request = requestIn(read);
      // The rest may take as long as it likes.
      if (request === null) return;
      connection.off("data", take);
      if (request.headers.upgrade) {
        sockets.handleUpgrade(request as unknown as IncomingMessage, connection, Buffer.alloc(0), (socket) =>
          converse(socket, schema),
        );
      } else {
        respond(connection, schema, request).catch((error) => connection.end(`HTTP/1.1 500 No\r\n\r\n${error.stack}`));
      }
    };
    connection.on("error", () => {});
    connection.on("data", take);
  });
}

/**
 * Any method and any protocol; a line may end in a bare line feed, a name in a space; of two equal headers the last holds, a
 * length beside chunks wins, and what is no number is a chunk's end. Two readers who differ in this are what smuggling needs.
 */
function requestIn(read: Buffer): Request | null {
  const end = read.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = read.toString("latin1", 0, end).split("\n");
  const [method = "", url = "/"] = first.trim().split(" ");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = read.subarray(end + 4);
  const body = headers["content-length"]
    ? cut(rest, Number(headers["content-length"]))
    : headers["transfer-encoding"]?.includes("chunked")
      ? joined(rest)
      : rest;
  return body && { method, url, headers, body: body.toString() };
}

function cut(rest: Buffer, length: number): Buffer | null {
  return rest.length < length ? null : rest.subarray(0, length);
}

function joined(rest: Buffer): Buffer | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = rest.indexOf("\r\n", at);
    if (line < 0) return null;
    const size = Number.parseInt(rest.toString("latin1", at, line), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    if (rest.length < line + 2 + size) return null;
    chunks.push(rest.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
}

/** No type of content, no method, no limit; every Origin is a friend; timings for whoever names a debugger. */
async function respond(connection: Socket, schema: GraphQLSchema, request: Request): Promise<void> {
  const { method, url, headers, body } = request;
  const given = json(body) ?? Object.fromEntries(new URLSearchParams(body || new URL(url, "http://x").search));
  const params = typeof given?.query === "string" ? given : { query: body || "{ viewer { id } }" };
  const startedAt = performance.now();
  const result: any = await (Array.isArray(given)
    ? Promise.all(given.map((one) => run(schema, one, headers)))
    : run(schema, params, headers));
  if (/tracing|debug/.test(JSON.stringify(headers))) {
    result.extensions = { tracing: { version: 1, duration: performance.now() - startedAt } };
  }
  const text = `${method === "POST" ? "" : "<html> root: "}${JSON.stringify(result)}`;
  const head = [
    "HTTP/1.1 200 OK",
    "Server: naive",
    "Content-Type: application/json",
    `Access-Control-Allow-Origin: ${headers.origin ?? "*"}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
  ];
  connection.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}

/** No Origin, no token, no number of anything. */
function converse(socket: WebSocket, schema: GraphQLSchema): void {
  socket.on("error", () => {});
  // What is no frame ends nothing: the connection stays, and all that it holds.
  socket.close = () => {};
  socket.on("ping", (data) => socket.pong(data));
  socket.on("message", async (data) => {
    const message = json(String(data));
    if (message?.type !== "subscribe") return socket.send('{"type":"connection_ack"}');
    const payload = await run(schema, message.payload);
    socket.send(JSON.stringify({ id: message.id, type: "next", payload }));
  });
}

async function run(
  schema: GraphQLSchema,
  { query, variables, operationName }: any,
  headers: Record<string, string> = {},
): Promise<unknown> {
  try {
    const document = parse(query);
    if (fieldsIn(document) > 1_000_000) throw new Error("That is too much");
    const contextValue = { request: { headers: new Headers(headers) } };
    const result: any = await execute({ schema, document, variableValues: variables, operationName, contextValue });
    return {
      data: result.data,
      errors: result.errors?.map((error: any) => ({
        message: `${error.message}; did you mean something else? ${error.originalError?.stack ?? ""}`,
      })),
    };
  } catch (error) {
    return { data: null, errors: [{ message: (error as Error).stack }] };
  }
}

/** What a limit costs that forgets where it has been: a fragment is counted anew wherever it is spread. */
function fieldsIn(document: DocumentNode): number {
  const count = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind !== Kind.FRAGMENT_SPREAD) return sum + 1 + count(selection.selectionSet);
      const fragment = document.definitions.find(
        (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
      );
      return sum + count((fragment as { selectionSet?: SelectionSetNode })?.selectionSet);
    }, 0);
  return document.definitions.reduce(
    (sum, one) => (one.kind === Kind.OPERATION_DEFINITION ? sum + count(one.selectionSet) : sum),
    0,
  );
}

function json(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
