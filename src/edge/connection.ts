import type { Duplex } from "node:stream";
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  type parse,
  validateSubscriptionArgs,
} from "graphql";
import {
  CloseCode,
  type ConnectionInitMessage,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  type Message,
  MessageType,
  parseMessage,
  type SubscribePayload,
} from "graphql-ws";
import type { WebSocket } from "ws";
import type { Config } from "../config.ts";
import type { Viewer } from "../graphql/context.ts";
import { graphqlError } from "../graphql/errors.ts";
import { SessionEvents } from "../graphql/session/eventStream.ts";
import type { Language } from "../interview/messages.ts";
import type { Authenticate } from "./auth.ts";
import { type Connections, type Share, tooManyRequests, viewerShare } from "./connections.ts";
import type { FlushQueue } from "./flushQueue.ts";
import { encodeFrames } from "./frames.ts";
import { type Caller, type GraphQLServer, isUnavailable, publicError } from "./graphql.ts";
import type { Metrics } from "./metrics.ts";
import type { Selections } from "./selections.ts";
import { type OperationConnection, SocketOperation } from "./socketOperation.ts";
import { hashOf } from "./trustedDocuments.ts";

export interface ConnectionParts {
  config: Config;
  authenticate: Authenticate;
  graphql: GraphQLServer;
  /** What a client may read of an error. */
  mask(error: unknown): Error;
  connections: Connections;
  requests: Share;
  metrics: Metrics;
  selections: Selections;
  flushQueue: FlushQueue;
}

/** What is kept of the upgrade request, which itself is large. */
export interface Opener {
  address: string;
  authorization: string | undefined;
  language: Language;
}

const keepAliveMs = 30_000;
/** Time for the closing handshake; longer for a slow reader, so that it can still read why. */
const closeTimeoutMs = 1_000;
const slowCloseTimeoutMs = 30_000;

/** One socket speaking graphql-transport-ws. There are thousands of them, so it holds little memory. */
export class Connection implements OperationConnection {
  readonly #parts: ConnectionParts;
  readonly #socket: WebSocket;
  /** The stream below the socket, for frames that are encoded once for many sockets. */
  readonly #stream: Duplex;
  readonly #address: string;
  readonly language: Language;
  #authorization: string | undefined;
  #initTimer: NodeJS.Timeout | null;
  #initReceived = false;
  /** Once connection_init is acknowledged. */
  #caller: Caller | null = null;
  readonly #operations = new Map<string, SocketOperation>();
  /** Operations that have neither been answered nor started streaming. */
  #unanswered = 0;
  #leaving = false;
  #waitingForRoom: SocketOperation[] | null = null;
  #pingAt: number;
  #answered = true;
  #windowStart = 0;
  #messages = 0;

  constructor(parts: ConnectionParts, socket: WebSocket, stream: Duplex, opener: Opener) {
    this.#parts = parts;
    this.#socket = socket;
    this.#stream = stream;
    this.#address = opener.address;
    this.language = opener.language;
    this.#authorization = opener.authorization;
    this.#pingAt = Date.now() + keepAliveMs * (0.5 + Math.random() / 2);
    this.#initTimer = setTimeout(onInitTimeout, parts.config.initTimeout, this);
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      this.close(CloseCode.SubprotocolNotAcceptable, "Subprotocol not acceptable");
    }
  }

  /** Whether data may still be written. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get isFull(): boolean {
    return this.#stream.writableNeedDrain;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    if (this.#caller === null) this.#terminateWithin(closeTimeoutMs);
  }

  /**
   * Closes with a code after which clients reconnect, once all queries and mutations are answered: a client without an
   * answer would repeat its mutation.
   */
  leave(): void {
    this.#leaving = true;
    this.#leaveWhenAnswered();
  }

  #leaveWhenAnswered(): void {
    if (!this.#leaving || this.#unanswered > 0) return;
    this.close(1012, "Restarting");
    this.#terminateWithin(closeTimeoutMs);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Counts a message or ping. Exceeding the rate limit closes the socket. */
  countMessage(): boolean {
    this.#pauseWhileFull();
    const { maxFrameRate } = this.#parts.config;
    if (maxFrameRate === null) return true;
    const now = Date.now();
    if (now - this.#windowStart > maxFrameRate.windowMs) {
      this.#windowStart = now;
      this.#messages = 0;
    }
    if (++this.#messages <= maxFrameRate.calls) return true;
    if (this.isOpen) {
      this.#socket.close(4429, "Too many messages");
      this.#terminateWithin(closeTimeoutMs);
    }
    return false;
  }

  /** Stops reading from a client that does not read: its answers would pile up in memory. */
  #pauseWhileFull(): void {
    if (!this.isFull || this.#socket.isPaused) return;
    this.#socket.pause();
    this.#stream.once("drain", () => this.#socket.resume());
  }

  pongReceived(): void {
    this.#answered = true;
  }

  /** Called about every second: checks whether the token has expired or the peer has silently gone. */
  check(now: number): void {
    const expiresAt = this.#caller?.viewer.expiresAt;
    if (expiresAt && now >= expiresAt.getTime()) this.close(CloseCode.Forbidden, "Token expired");
    if (now < this.#pingAt) return;
    if (!this.#answered) this.terminate();
    this.#answered = false;
    this.#pingAt = now + keepAliveMs;
    if (this.isOpen) this.#socket.ping();
  }

  closed(): void {
    const { config, connections } = this.#parts;
    if (this.#initTimer !== null) clearTimeout(this.#initTimer);
    for (const operation of this.#operations.values()) operation.stop();
    this.#operations.clear();
    if (!config.authenticated) return;
    connections.addresses.release(this.#address);
    if (this.#caller !== null) connections.viewers.release(this.#caller.viewer.id);
  }

  receive(data: string): void {
    // A closing socket accepts nothing more.
    if (!this.isOpen) return;
    try {
      this.#handle(readMessage(data));
    } catch {
      this.close(CloseCode.BadRequest, "Invalid message received");
    }
  }

  #handle(message: Message): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        this.#settle(this.#init(message.payload));
        break;
      case MessageType.Ping:
        this.send({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) });
        break;
      case MessageType.Pong:
        break;
      case MessageType.Subscribe:
        this.#subscribe(message.id, message.payload);
        break;
      case MessageType.Complete: {
        const operation = this.#operations.get(message.id);
        operation?.stop();
        this.#forget(message.id, operation);
        break;
      }
      default:
        throw new Error("The server's own messages are not for clients to send");
    }
  }

  send(message: object): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  deliver(head: string, results: readonly (string | Buffer)[], committedAt: readonly number[]): void {
    if (results.length === 0 || !this.isOpen) return;
    this.#stream.write(encodeFrames(head, results));
    this.#parts.metrics.delivered(results.length, committedAt);
  }

  whenRoom(operation: SocketOperation): void {
    if (this.#waitingForRoom === null) {
      this.#waitingForRoom = [];
      this.#stream.once("drain", () => {
        const waiting = this.#waitingForRoom ?? [];
        this.#waitingForRoom = null;
        for (const one of waiting) one.flow();
      });
    }
    this.#waitingForRoom.push(operation);
  }

  complete(id: string, operation: SocketOperation): void {
    if (this.#operations.get(id) === operation) this.send({ id, type: MessageType.Complete });
    this.#forget(id, operation);
  }

  fail(error: unknown): void {
    // Clients reconnect after the first code, but not after the second.
    if (isUnavailable(this.#parts.mask(error))) this.close(1013, "Unavailable");
    else this.close(CloseCode.InternalServerError, "Internal server error");
  }

  async #init(payload: ConnectionInitMessage["payload"]): Promise<void> {
    if (this.#initReceived) {
      return this.close(CloseCode.TooManyInitialisationRequests, "Too many initialisation requests");
    }
    this.#initReceived = true;
    if (this.#initTimer !== null) clearTimeout(this.#initTimer);
    this.#initTimer = null;
    const { authenticate, connections, config } = this.#parts;
    const authorization = payload?.authorization ?? payload?.Authorization;
    const viewer = await authenticate(typeof authorization === "string" ? authorization : this.#authorization);
    // A client that has gone meanwhile must not be counted.
    if (!this.isOpen) return;
    // The client may reconnect with a fresh token.
    if (viewer === null) return this.close(CloseCode.Forbidden, "Forbidden");
    if (config.authenticated && !connections.viewers.take(viewer.id)) return this.close(4429, "Too many sockets");
    this.#acknowledge(viewer);
  }

  #acknowledge(viewer: Viewer): void {
    this.#authorization = undefined;
    this.#caller = {
      viewer,
      address: this.#address,
      language: this.language,
      signal: neverAborts,
      onStalled: () => this.#stalled(),
    };
    this.send({ type: MessageType.ConnectionAck });
  }

  #stalled(): void {
    this.#parts.metrics.stalled.inc();
    this.#socket.close(1013, "Too slow");
    // A client that resumes reading in time learns why; one that does not is not waited for.
    this.#terminateWithin(slowCloseTimeoutMs);
  }

  #terminateWithin(ms: number): void {
    setTimeout(() => this.#socket.terminate(), ms).unref();
  }

  #subscribe(id: string, payload: SubscribePayload): void {
    const { config, metrics } = this.#parts;
    if (this.#caller === null) {
      this.close(CloseCode.Unauthorized, "Unauthorized");
      return;
    }
    // The client will send it again to the next node.
    if (this.#leaving) return;
    if (this.#operations.has(id)) {
      const reason = `Subscriber for ${id} already exists`;
      this.close(CloseCode.SubscriberAlreadyExists, reason.length < 124 ? reason : "Subscriber already exists");
      return;
    }
    if (this.#operations.size >= config.maxSubscriptions) {
      const complaint = `A socket carries at most ${config.maxSubscriptions} operations`;
      this.#refuse(id, [graphqlError("QUERY_TOO_EXPENSIVE", complaint)]);
      return;
    }
    const operation = new SocketOperation(this, id, this.#caller, metrics.subscriptions);
    this.#operations.set(id, operation);
    this.#unanswered++;
    this.#settle(
      this.#begin(operation, this.#caller, payload).finally(() => {
        if (!operation.isRunning) this.#forget(id, operation);
        this.#unanswered--;
        this.#leaveWhenAnswered();
      }),
    );
  }

  async #begin(operation: SocketOperation, caller: Caller, payload: SubscribePayload): Promise<void> {
    const { graphql, mask, selections, flushQueue } = this.#parts;
    const pipeline = graphql.getEnveloped({ caller } as never);
    let document: ReturnType<typeof parse>;
    try {
      document = pipeline.parse(graphql.textOf(payload)) as ReturnType<typeof parse>;
    } catch (error) {
      return this.#refuse(operation.id, [mask(error)]);
    }
    const errors = pipeline.validate(pipeline.schema, document) as readonly GraphQLError[];
    if (errors.length > 0) return this.#refuse(operation.id, errors.map(mask));
    // The empty string is the same as no name, as over HTTP.
    const operationName = payload.operationName || null;
    const ast = getOperationAST(document, operationName);
    if (!ast) {
      return this.#refuse(operation.id, [graphqlError("BAD_USER_INPUT", "Name one of the document's operations")]);
    }
    const args: ExecutionArgs = {
      schema: pipeline.schema,
      document,
      contextValue: graphql.contextOf(caller),
      operationName,
      variableValues: payload.variables ?? null,
    };
    if (ast.operation !== "subscription") {
      const { requests } = this.#parts;
      const share = viewerShare(caller.viewer);
      if (!requests.take(share))
        return this.#refuse(operation.id, [graphqlError("SERVICE_UNAVAILABLE", tooManyRequests)]);
      try {
        return operation.answer((await pipeline.execute(args)) as ExecutionResult);
      } finally {
        requests.release(share);
      }
    }
    const validated = validateSubscriptionArgs({ ...args, hideSuggestions: graphql.hideSuggestions });
    if (!("operation" in validated)) return operation.answer({ errors: validated.map(mask) as GraphQLError[] });
    const source = await createSourceEventStream(validated);
    if ("errors" in source) {
      const errors = source.errors!.map(mask) as GraphQLError[];
      // As a result it would end the subscription, and the client would not reconnect.
      const away = errors.find(isUnavailable);
      return away ? this.fail(away) : operation.answer({ errors });
    }
    if (!(source instanceof SessionEvents)) throw new Error("Every subscription has session events as its source");
    operation.start(source.live, selections.of(validated), flushQueue);
  }

  #refuse(id: string, errors: readonly Error[]): void {
    this.send({ id, type: MessageType.Error, payload: errors.map(publicError) });
  }

  /** Frees the id, unless a new operation has taken it. */
  #forget(id: string, operation: SocketOperation | undefined): void {
    if (operation === undefined || this.#operations.get(id) !== operation) return;
    this.#operations.delete(id);
  }

  #settle(work: Promise<void>): void {
    work.catch((error) => this.fail(error));
  }
}

/** Mutations over sockets are completed even if the client goes away. */
const neverAborts = (): AbortSignal => new AbortController().signal;

/**
 * Throws if it is not a protocol message. The protocol requires a query text, even if the document is identified by its
 * hash.
 */
function readMessage(data: string): Message {
  const message = JSON.parse(data);
  const { type, payload } = message ?? {};
  if (type === MessageType.Subscribe && payload && hashOf(payload) !== null) payload.query ??= "";
  return parseMessage(message);
}

function onInitTimeout(connection: Connection): void {
  connection.close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout");
}
