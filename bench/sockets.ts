import { connect, type Socket } from "node:net";

/** Thousands of WebSocket clients in one process, light enough not to be what is measured. */

export interface Talk {
  /** What follows the address of the server: `/graphql`. */
  path: string;
  protocol?: string;
  /** A message came. It is only valid during the call. */
  onMessage(client: Client, message: Buffer): void;
}

export class Client {
  readonly #socket: Socket;
  readonly #onMessage: Talk["onMessage"];
  readonly #onBroken: (error: Error) => void;
  #rest: Buffer | null = null;
  #upgraded = false;
  readonly index: number;
  /** Free for whoever uses it: how far the conversation has come. */
  seen = 0;
  #closing = false;

  constructor(url: string, { path, protocol, onMessage }: Talk, index: number, onBroken: (error: Error) => void) {
    const { hostname, port } = new URL(url);
    this.index = index;
    this.#onMessage = onMessage;
    this.#onBroken = onBroken;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("connect", () => {
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
      ];
      this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    });
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", (error) => this.#break(error));
    this.#socket.on("close", () => this.#break(new Error("The server closed the socket")));
  }

  /** A text frame, masked with zeros as a client may. */
  send(text: string): void {
    const body = Buffer.from(text);
    const head = Buffer.alloc(body.length < 126 ? 6 : 8);
    head[0] = 0x81;
    head[1] = 0x80 | (body.length < 126 ? body.length : 126);
    if (body.length >= 126) head.writeUInt16BE(body.length, 2);
    this.#socket.write(Buffer.concat([head, body]));
  }

  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#socket.once("close", resolve);
      this.#socket.resetAndDestroy();
    });
  }

  #break(error: Error): void {
    if (!this.#closing) this.#onBroken(error);
  }

  #read(chunk: Buffer): void {
    let data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = null;
    if (!this.#upgraded) {
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) {
        this.#rest = data;
        return;
      }
      if (!data.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) {
        this.#break(new Error(data.subarray(0, end).toString()));
        return;
      }
      this.#upgraded = true;
      if (this.onOpen !== null) this.onOpen(this);
      data = data.subarray(end + 4);
    }
    let at = 0;
    while (data.length - at >= 2) {
      const short = data[at + 1]!;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (data.length - at < head) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      if (data.length - at < head + length) break;
      const message = data.subarray(at + head, at + head + length);
      at += head + length;
      const kind = data[at - head - length]! & 0x0f;
      if (kind === 1) this.#onMessage(this, message);
      else if (kind === 9) this.#pong();
      else this.#break(new Error(`The server sent a frame of kind ${kind}: ${message.subarray(2)}`));
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at));
  }

  onOpen: ((client: Client) => void) | null = null;

  #pong(): void {
    this.#socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  }
}

/** Nothing that is measured here takes longer, unless something was lost. */
const patienceMs = 60_000;

/** Resolves when `total` steps were done, rejects when one went wrong or they do not get done. */
export class Tally {
  readonly done: Promise<void>;
  #left: number;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(total: number) {
    this.#left = total;
    const timer = setTimeout(() => this.fail(new Error(`${this.#left} of ${total} are missing`)), patienceMs);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {}).finally(() => clearTimeout(timer));
  }

  step(): void {
    if (--this.#left === 0) this.#resolve();
  }

  fail = (error: Error): void => this.#reject(error);
}

/**
 * How one speaks to a server: what is said once a socket is open and after each message, and when a client has joined.
 */
export interface Dialect {
  path(index: number): string;
  protocol?: string;
  onOpen(client: Client): void;
  /** true when the message is the one by which a client knows that it has joined. */
  onGreeting(client: Client, message: Buffer): boolean;
}

export interface Crowd {
  clients: Client[];
  /** What happens with messages after the joining. */
  onMessage: (client: Client, message: Buffer) => void;
  onBroken: (error: Error) => void;
  leave(): Promise<void>;
}

/** Opens sockets, so many under way at once, until all have joined. */
export async function gather(
  url: string,
  count: number,
  dialect: Dialect,
  atOnce = 200,
  onMessage: Crowd["onMessage"] = () => {},
): Promise<Crowd> {
  const joined = new Tally(count);
  const crowd: Crowd = {
    clients: [],
    onMessage,
    onBroken: joined.fail,
    leave: async () => {
      crowd.onBroken = () => {};
      await Promise.all(crowd.clients.map((client) => client.close()));
    },
  };
  const members = new Set<Client>();
  const receive = (client: Client, message: Buffer): void => {
    if (members.has(client)) {
      crowd.onMessage(client, message);
      return;
    }
    if (!dialect.onGreeting(client, message)) return;
    members.add(client);
    joined.step();
    add();
  };
  const add = (): void => {
    const index = crowd.clients.length;
    if (index === count) return;
    const talk: Talk = { path: dialect.path(index), onMessage: receive, ...only(dialect.protocol) };
    const client = new Client(url, talk, index, (error) => crowd.onBroken(error));
    client.onOpen = (opened) => dialect.onOpen(opened);
    crowd.clients.push(client);
  };
  for (let n = 0; n < atOnce; n++) add();
  await joined.done;
  return crowd;
}

const only = (protocol: string | undefined) => (protocol === undefined ? {} : { protocol });

/** Subscribers in graphql-transport-ws, who have joined when a first event has come. */
export function graphqlDialect(
  query: string,
  options: { authorization?: string; variables(index: number): object; joinedWith: string },
): Dialect {
  const { authorization, variables, joinedWith } = options;
  return {
    path: () => "/graphql",
    protocol: "graphql-transport-ws",
    onOpen: (client) =>
      client.send(
        JSON.stringify({ type: "connection_init", ...(authorization ? { payload: { authorization } } : {}) }),
      ),
    onGreeting(client, message) {
      const text = message.toString();
      if (text === '{"type":"connection_ack"}') {
        const payload = { query, variables: variables(client.index) };
        client.send(JSON.stringify({ id: operationId(client.index), type: "subscribe", payload }));
        return joinedWith === "connection_ack";
      }
      if (!text.includes('"type":"next"') || text.includes('"errors"')) throw new Error(text);
      return text.includes(joinedWith);
    },
  };
}

/** As long as the ids that clients make up. */
export function operationId(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
}
