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
import { graphqlError, snapshotRequired } from "../graphql/errors.ts";
import { SessionEvents } from "../graphql/session/eventStream.ts";
import type { LiveEvent } from "../interview/events.ts";
import type { Language } from "../interview/messages.ts";
import type { EventReader, EventStream } from "../ports/events.ts";
import type { Authenticate } from "./auth.ts";
import type { Connections } from "./connections.ts";
import type { Flushable, FlushQueue } from "./flushQueue.ts";
import { encodeFrames } from "./frames.ts";
import { type Caller, type GraphQLServer, isUnavailable, publicError, publicResult } from "./graphql.ts";
import type { Metrics } from "./metrics.ts";
import type { Rendered, Selection, Selections } from "./selections.ts";
import { hashOf } from "./trustedDocuments.ts";

export interface ConnectionParts {
  config: Config;
  authenticate: Authenticate;
  graphql: GraphQLServer;
  /** What a client may read of an error. */
  mask(error: unknown): Error;
  connections: Connections;
  metrics: Metrics;
  selections: Selections;
  flushQueue: FlushQueue;
}

/** Who opened a socket, as far as the upgrade request tells; the request itself is large and not kept. */
export interface Opener {
  address: string;
  authorization: string | undefined;
  language: Language;
}

const keepAliveMs = 30_000;
/** How long a socket may take to be closed; a slow one, whose client may still read why. */
const closesMs = 1_000;
const slowClosesMs = 30_000;
/** Events put together for one write. */
const mostAtOnce = 32;

/** One socket's conversation in graphql-transport-ws. There are thousands of them: it keeps little. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #socket: WebSocket;
  /** Below the socket, to be written to in frames that are made once for many. */
  readonly #stream: Duplex;
  readonly #address: string;
  readonly language: Language;
  #authorization: string | undefined;
  #initTimer: NodeJS.Timeout | null;
  #initReceived = false;
  /** Once connection_init is acknowledged. */
  #caller: Caller | null = null;
  readonly #operations = new Map<string, Operation>();
  /** Operations that have neither been answered nor become a stream. */
  #unanswered = 0;
  #leaving = false;
  #waitingForRoom: Operation[] | null = null;
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
    this.#initTimer = setTimeout(lateInit, parts.config.initTimeout, this);
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
    if (this.#caller === null) this.#terminateWithin(closesMs);
  }

  /**
   * Closes with a code after which the client comes back, once all that was asked has been answered: whoever comes back
   * without an answer asks again, and what was done would be done twice.
   */
  leave(): void {
    this.#leaving = true;
    this.#leaveWhenAnswered();
  }

  #leaveWhenAnswered(): void {
    if (!this.#leaving || this.#unanswered > 0) return;
    this.close(1012, "Restarting");
    this.#terminateWithin(closesMs);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** A message or a ping came. Too many in too short a time end the socket. */
  tally(): boolean {
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
      this.#terminateWithin(closesMs);
    }
    return false;
  }

  /** Whoever takes no answers is listened to no more: all that it asks for would have to be kept for it. */
  #pauseWhileFull(): void {
    if (!this.isFull || this.#socket.isPaused) return;
    this.#socket.pause();
    this.#stream.once("drain", () => this.#socket.resume());
  }

  pongReceived(): void {
    this.#answered = true;
  }

  /** Looked at about every second: the token may have ended, the other end may silently be gone. */
  look(now: number): void {
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
    connections.releaseAddress(this.#address);
    if (this.#caller !== null) connections.releaseViewer(this.#caller.viewer.id);
  }

  receive(data: string): void {
    // Nothing more is taken from a socket that is being closed.
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

  /** Results of one operation, in one write; `committedAt` as metrics want it. */
  deliver(head: string, results: readonly (string | Buffer)[], committedAt: readonly number[]): void {
    if (results.length === 0 || !this.isOpen) return;
    this.#stream.write(encodeFrames(head, results));
    this.#parts.metrics.delivered(results.length, committedAt);
  }

  /** `operation` goes on once what was written so far has left. */
  whenRoom(operation: Operation): void {
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

  /** An operation is over: its id may be used again. */
  complete(id: string, operation: Operation): void {
    if (this.#operations.get(id) === operation) this.send({ id, type: MessageType.Complete });
    this.#forget(id, operation);
  }

  fail(error: unknown): void {
    // After the one clients come back, after the other they stay away.
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
    // Who has gone meanwhile takes no place.
    if (!this.isOpen) return;
    // The client may come back with a fresh token.
    if (viewer === null) return this.close(CloseCode.Forbidden, "Forbidden");
    if (config.authenticated && !connections.takeViewer(viewer.id)) return this.close(4429, "Too many sockets");
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
    // Whoever reads on within this time learns why; a client that never does is not waited for.
    this.#terminateWithin(slowClosesMs);
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
    // It is asked again where the client goes next.
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
    const operation = new Operation(this, id, this.#caller, metrics.subscriptions);
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

  async #begin(operation: Operation, caller: Caller, payload: SubscribePayload): Promise<void> {
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
    const ast = getOperationAST(document, payload.operationName);
    if (!ast) {
      return this.#refuse(operation.id, [graphqlError("BAD_USER_INPUT", "Name one of the document's operations")]);
    }
    const args: ExecutionArgs = {
      schema: pipeline.schema,
      document,
      contextValue: graphql.contextOf(caller),
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
    };
    if (ast.operation !== "subscription") {
      return operation.answer((await pipeline.execute(args)) as ExecutionResult);
    }
    const validated = validateSubscriptionArgs({ ...args, hideSuggestions: graphql.hideSuggestions });
    if (!("operation" in validated)) return operation.answer({ errors: validated.map(mask) as GraphQLError[] });
    const source = await createSourceEventStream(validated);
    if ("errors" in source) {
      const errors = source.errors!.map(mask) as GraphQLError[];
      // Told as a result it would be the last one, and nobody would come back.
      const away = errors.find(isUnavailable);
      return away ? this.fail(away) : operation.answer({ errors });
    }
    if (!(source instanceof SessionEvents)) throw new Error("Every subscription has session events as its source");
    operation.start(source.live, selections.of(validated), flushQueue);
  }

  #refuse(id: string, errors: readonly Error[]): void {
    this.send({ id, type: MessageType.Error, payload: errors.map(publicError) });
  }

  /** The id may be used again, unless it is by now. */
  #forget(id: string, operation: Operation | undefined): void {
    if (operation === undefined || this.#operations.get(id) !== operation) return;
    this.#operations.delete(id);
  }

  #settle(work: Promise<void>): void {
    work.catch((error) => this.fail(error));
  }
}

/** Mutations over sockets are finished also when the client goes away. */
const neverAborts = (): AbortSignal => new AbortController().signal;

/** Throws where it is no message of the protocol, which asks for a text also where a document is named by its hash. */
function readMessage(data: string): Message {
  const message = JSON.parse(data);
  const { type, payload } = message ?? {};
  if (type === MessageType.Subscribe && payload && hashOf(payload) !== null) payload.query ??= "";
  return parseMessage(message);
}

function lateInit(connection: Connection): void {
  connection.close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout");
}

/** One operation on a socket; a subscription once it has a stream. */
class Operation implements EventReader, Flushable {
  readonly id: string;
  readonly #connection: Connection;
  readonly #caller: Caller;
  readonly #subscriptions: Metrics["subscriptions"];
  #stream: EventStream | null = null;
  #selection: Selection | null = null;
  /** How each of its messages begins. */
  #head = "";
  #stopped = false;
  #flushQueue: FlushQueue | null = null;
  /** Something is under way that goes on by itself. */
  #busy = false;
  #isQueued = false;
  #startedAt = 0;

  constructor(connection: Connection, id: string, caller: Caller, subscriptions: Metrics["subscriptions"]) {
    this.#connection = connection;
    this.id = id;
    this.#caller = caller;
    this.#subscriptions = subscriptions;
  }

  get isRunning(): boolean {
    return this.#stream !== null && !this.#stopped;
  }

  /** The client wants no more of it or has gone, or there is no more of it. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#stream === null) return;
    this.#subscriptions.dec();
    this.#stream.reader = null;
    void this.#stream.return?.();
  }

  /** The only result there is. */
  answer(result: ExecutionResult): void {
    if (this.#stopped) return;
    this.#connection.send({ id: this.id, type: MessageType.Next, payload: publicResult(result) });
    this.#connection.complete(this.id, this);
  }

  start(stream: EventStream, selection: Selection, flushQueue: FlushQueue): void {
    if (this.#stopped) {
      void stream.return?.();
      return;
    }
    this.#stream = stream;
    this.#subscriptions.inc();
    this.#startedAt = Date.now();
    this.#selection = selection;
    this.#flushQueue = flushQueue;
    this.#head = `{"id":${JSON.stringify(this.id)},"type":"next","payload":`;
    stream.reader = this;
    this.flow();
  }

  readable(): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#isQueued = true;
    this.#flushQueue!.add(this);
  }

  pressed(): void {
    this.flush();
  }

  flush(): void {
    if (!this.#isQueued) return;
    this.#isQueued = false;
    this.flow();
  }

  /** Takes what there is as long as the socket has room for it. */
  flow(): void {
    this.#busy = true;
    while (!this.#stopped) {
      if (this.#connection.isFull) {
        this.#connection.whenRoom(this);
        return;
      }
      const { events, results } = this.#take();
      if (results.length === 0) break;
      if (results.some(isPromise)) {
        Promise.all(results).then(
          (settled) => {
            this.#deliver(events, settled);
            this.flow();
          },
          (error) => this.#connection.fail(error),
        );
        return;
      }
      this.#deliver(events, results as Rendered[]);
    }
    this.#busy = false;
    if (this.#stream!.ended && !this.#stopped) {
      if (this.#stream!.isCut) this.answer({ errors: [snapshotRequired(this.#connection.language)] });
      else this.#connection.complete(this.id, this);
      this.stop();
    }
  }

  #take(): { events: LiveEvent[]; results: (Rendered | Promise<Rendered>)[] } {
    const events: LiveEvent[] = [];
    const results: (Rendered | Promise<Rendered>)[] = [];
    while (results.length < mostAtOnce) {
      const event = this.#stream!.poll();
      if (event === undefined) break;
      events.push(event);
      results.push(this.#selection!.render(event, this.#caller));
    }
    return { events, results };
  }

  #deliver(events: readonly LiveEvent[], results: readonly Rendered[]): void {
    if (this.#stopped) return;
    const told: (string | Buffer)[] = [];
    const committedAt: number[] = [];
    let away: Error | null = null;
    for (const [index, result] of results.entries()) {
      if (result === null) continue;
      if (result instanceof Error) {
        away = result;
        break;
      }
      told.push(result);
      const { seq, occurredAt } = events[index]!;
      // What is passing was not committed, and what was missed before is told as late as it is asked for.
      if (seq !== null && occurredAt.getTime() >= this.#startedAt) committedAt.push(occurredAt.getTime());
    }
    this.#connection.deliver(this.#head, told, committedAt);
    if (away === null) return;
    // After a later event the client would not ask for this one: it comes back for it.
    this.stop();
    this.#connection.fail(away);
  }
}

function isPromise(result: unknown): boolean {
  return result instanceof Promise;
}
