import { connect } from "node:net";
import { type ClientOptions, WebSocket } from "ws";
import type { Target } from "./target.ts";

export type Transport = "http" | "sse" | "ws";

/** What became of one request, whatever carried it. */
export interface Outcome {
  /** HTTP status; null where there was none. */
  status: number | null;
  /** Close code of a socket; null while it is open. */
  close: number | null;
  headers: Headers;
  body: string;
  json: any;
  ms: number;
}

export interface As {
  /** null sends none. */
  token?: string | null;
  headers?: Record<string, string>;
}

export async function post(at: Target, query: string, variables: object = {}, as: As = {}): Promise<Outcome> {
  return http(at, "/graphql", { method: "POST", body: JSON.stringify({ query, variables }) }, as);
}

/** One HTTP exchange, as Bob unless it says otherwise. */
export async function http(at: Target, path: string, init: RequestInit = {}, as: As = {}): Promise<Outcome> {
  const startedAt = performance.now();
  const bearer = as.token === undefined ? at.token.bob : as.token;
  const headers = {
    ...(init.method === "POST" ? { "content-type": "application/json" } : {}),
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...as.headers,
  };
  try {
    const signal = AbortSignal.timeout(at.patienceMs);
    const response = await fetch(at.url + path, { ...init, headers, redirect: "manual", signal });
    const body = await response.text();
    return outcome(at, { status: response.status, headers: response.headers, body }, startedAt);
  } catch (error) {
    return outcome(at, { body: `no answer: ${(error as Error).message}` }, startedAt);
  }
}

/** Server-Sent Events: reads until the stream ends, or for subscriptions until the first event. */
export async function sse(at: Target, query: string, variables: object = {}, as: As = {}): Promise<Outcome> {
  const startedAt = performance.now();
  const bearer = as.token === undefined ? at.token.bob : as.token;
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), at.patienceMs);
  let body = "";
  try {
    const response = await fetch(`${at.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...as.headers,
      },
      body: JSON.stringify({ query, variables }),
      signal: gone.signal,
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      body += decoder.decode(chunk, { stream: true });
      if (/^data: ?\{.*\n/m.test(body)) break;
    }
    const { status, headers } = response;
    return outcome(at, { status, headers, body }, startedAt);
  } catch (error) {
    return outcome(at, { body: `${body}\nno answer: ${(error as Error).message}` }, startedAt);
  } finally {
    clearTimeout(timer);
    gone.abort();
  }
}

/** One operation on a socket of its own, until its first message or its end. */
export function ws(at: Target, query: string, variables: object = {}, as: As = {}): Promise<Outcome> {
  return socket(at, { as, frames: [subscribeFrame("1", query, variables)], until: /"type":"(?:next|error|complete)"/ });
}

export function subscribeFrame(id: string, query: string, variables: object = {}): string {
  return JSON.stringify({ id, type: "subscribe", payload: { query, variables } });
}

export interface SocketScript {
  as?: As;
  /** Sent once the server has acknowledged; without `init` at once. */
  frames: (string | Buffer)[];
  /** false: connection_init is not sent. */
  init?: boolean;
  /** Stops when what came fits; unset: waits for the server to close. */
  until?: RegExp;
  patience?: number;
  origin?: string;
  protocol?: string;
  path?: string;
  options?: ClientOptions;
  /** Called with the open socket, after the frames. */
  after?: (socket: WebSocket) => void;
}

export function socket(at: Target, script: SocketScript): Promise<Outcome> {
  const startedAt = performance.now();
  const { as = {}, frames, init = true } = script;
  const bearer = as.token === undefined ? at.token.bob : as.token;
  return new Promise((resolve) => {
    const client = new WebSocket(
      `${at.url.replace("http", "ws")}${script.path ?? "/graphql"}`,
      script.protocol ?? "graphql-transport-ws",
      { headers: { ...as.headers }, ...(script.origin ? { origin: script.origin } : {}), ...script.options },
    );
    const received: string[] = [];
    let over = false;
    const finish = (status: number | null, close: number | null): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      client.on("error", () => {});
      client.terminate();
      resolve(outcome(at, { status, close, body: received.join("\n") }, startedAt));
    };
    const timer = setTimeout(() => finish(101, null), script.patience ?? at.patienceMs);
    const play = (): void => {
      for (const frame of frames) client.send(frame);
      script.after?.(client);
    };
    client.on("open", () => {
      if (!init) return play();
      const payload = bearer === null ? undefined : { authorization: `Bearer ${bearer}` };
      client.send(JSON.stringify({ type: "connection_init", payload }));
    });
    client.on("message", (data) => {
      const text = String(data);
      received.push(text);
      if (text.startsWith('{"type":"connection_ack"')) play();
      if (script.until?.test(text)) finish(101, null);
    });
    client.on("unexpected-response", (_, response) => {
      response.resume();
      finish(response.statusCode ?? null, null);
    });
    client.on("close", (code, reason) => {
      received.push(String(reason));
      finish(101, code);
    });
    client.on("error", (error) => received.push(`error: ${error.message}`));
  });
}

/** Bytes as they are, on a plain connection; resolves with the answer when the server ends it, or after `ms`. */
export function bytes(at: Target, pieces: (string | Buffer)[], ms = at.patienceMs, everyMs = 0): Promise<Outcome> {
  const startedAt = performance.now();
  const { hostname, port } = new URL(at.url);
  return new Promise((resolve) => {
    let body = "";
    const connection = connect(Number(port), hostname);
    const finish = (ended: boolean): void => {
      clearTimeout(timer);
      clearInterval(feeding);
      connection.destroy();
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(body)?.[1] ?? 0) || null;
      resolve(outcome(at, { status, close: ended ? 1 : null, body }, startedAt));
    };
    const timer = setTimeout(() => finish(false), ms);
    const left = [...pieces];
    const feed = (): void => {
      const piece = left.shift();
      if (piece !== undefined && !connection.destroyed) connection.write(piece);
    };
    const feeding = everyMs > 0 ? setInterval(feed, everyMs) : undefined;
    connection.on("connect", () => {
      if (everyMs > 0) return feed();
      while (left.length > 0) feed();
    });
    connection.on("data", (chunk) => (body += chunk.toString("latin1")));
    connection.on("error", () => {});
    connection.on("close", () => finish(true));
  });
}

export const over: Record<Transport, typeof post> = { http: post, sse, ws };

function outcome(at: Target, partial: Partial<Outcome>, startedAt: number): Outcome {
  const body = partial.body ?? "";
  at.transcript.push(body);
  const data = /^data: ?(\{.*)$/m.exec(body)?.[1] ?? body;
  let json: any = null;
  try {
    json = JSON.parse(data);
  } catch {
    const line = body.split("\n").find((text) => /"type":"(?:next|error)"/.test(text));
    if (line) json = payloadOf(line);
  }
  if (json?.type === "next" || json?.type === "error") json = payloadOf(body);
  return {
    status: null,
    close: null,
    headers: new Headers(),
    ...partial,
    body,
    json,
    ms: performance.now() - startedAt,
  };
}

/** What a socket's message says, in the form of an HTTP answer. */
function payloadOf(line: string): any {
  const { type, payload } = JSON.parse(line);
  return type === "error" ? { errors: payload } : payload;
}
