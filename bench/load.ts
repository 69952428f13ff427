import { connect, type Socket } from "node:net";
import { percentile } from "./harness.ts";

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /**
   * Requests a second, sent when they are due whether or not earlier ones were answered. Left out: each connection sends
   * its next request as soon as it has its answer.
   */
  rate?: number;
  request(n: number): Buffer;
  /** Throws when it is not the answer to request n. */
  check(body: Buffer, n: number): void;
}

/** Times in milliseconds. */
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
}

/** Lateness of the load's own timer, which is not the server's. */
const timerMs = 2;

/** Loads a server over HTTP/1.1 with requests that are made beforehand; every answer is checked. */
export async function load(options: Load): Promise<Measured> {
  const { seconds, rate, request } = options;
  const latencies: number[] = [];
  const waiting: { n: number; since: number }[] = [];
  const free: Connection[] = [];
  let sent = 0;
  let open = 0;
  let failed: (error: Error) => void = () => {};
  let finished: () => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    finished = resolve;
    failed = reject;
  });
  over.catch(() => {});

  const connections = await Promise.all(
    Array.from({ length: options.connections }, () => openConnection(options.url, (error) => failed(error))),
  );
  free.push(...connections);
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * 1_000;
  /** All that an open loop sends. */
  const total = Math.ceil((rate ?? 0) * seconds);

  function send(connection: Connection, n: number, since: number): void {
    open++;
    connection.send(request(n), (body) => {
      const now = performance.now();
      latencies.push(now - since);
      open--;
      try {
        options.check(body, n);
      } catch (error) {
        return failed(error as Error);
      }
      const next = waiting.shift();
      if (next) send(connection, next.n, next.since);
      else if (rate === undefined && now < endsAt) send(connection, sent++, now);
      else {
        free.push(connection);
        if (open === 0 && (rate === undefined ? now >= endsAt : sent === total)) finished();
      }
    });
  }

  if (rate === undefined) {
    for (const connection of free.splice(0)) send(connection, sent++, performance.now());
  } else {
    const tick = (): void => {
      const now = performance.now();
      // The first is due at once.
      const due = Math.min(total, Math.floor(((now - beganAt) / 1_000) * rate) + 1);
      for (; sent < due; sent++) {
        const dueAt = beganAt + (sent * 1_000) / rate;
        const since = now - dueAt < timerMs ? now : dueAt;
        const connection = free.pop();
        if (connection) send(connection, sent, since);
        else waiting.push({ n: sent, since });
      }
      if (sent < total) setTimeout(tick, 1);
    };
    tick();
  }
  await over.finally(() => {
    for (const connection of connections) connection.close();
  });
  return {
    perSecond: latencies.length / ((performance.now() - beganAt) / 1_000),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** A POST of JSON as it goes over the wire. */
export function postRequest(url: string, body: object, authorization?: string): Buffer {
  const { host, pathname } = new URL(url);
  const json = JSON.stringify(body);
  const headers = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    "content-type: application/json",
    "accept: application/json",
    `content-length: ${Buffer.byteLength(json)}`,
    ...(authorization ? [`authorization: ${authorization}`] : []),
  ];
  return Buffer.from(`${headers.join("\r\n")}\r\n\r\n${json}`);
}

interface Connection {
  send(request: Buffer, onBody: (body: Buffer) => void): void;
  close(): void;
}

const headersEnd = Buffer.from("\r\n\r\n");

/** One kept-alive connection with one request at a time. */
async function openConnection(url: string, onError: (error: Error) => void): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let answered: (body: Buffer) => void = () => {};
  let received: Buffer = Buffer.alloc(0);
  let closing = false;

  socket.on("error", onError);
  socket.on("close", () => closing || onError(new Error("The server closed a connection")));
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf(headersEnd);
    if (end === -1) return;
    const headers = received.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(headers)?.[1];
    const body = received.subarray(end + 4);
    if (length === undefined) {
      if (!body.subarray(-5).equals(lastChunk)) return;
    } else if (body.length < Number(length)) return;
    if (!headers.startsWith("HTTP/1.1 200")) return onError(new Error(`${headers}\n\n${body}`));
    received = Buffer.alloc(0);
    answered(length === undefined ? joinChunks(body) : body);
  });

  return {
    send(request, onBody) {
      answered = onBody;
      socket.write(request);
    },
    close() {
      closing = true;
      socket.destroy();
    },
  };
}

const lastChunk = Buffer.from("0\r\n\r\n");

function joinChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
