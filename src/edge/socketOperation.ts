import type { ExecutionResult } from "graphql";
import { MessageType } from "graphql-ws";
import { snapshotRequired } from "../graphql/errors.ts";
import type { LiveEvent } from "../interview/events.ts";
import type { Language } from "../interview/messages.ts";
import type { EventReader, EventStream } from "../ports/events.ts";
import type { Flushable, FlushQueue } from "./flushQueue.ts";
import { type Caller, publicResult } from "./graphql.ts";
import type { Metrics } from "./metrics.ts";
import type { Rendered, Selection } from "./selections.ts";

/** What an operation needs from its connection. */
export interface OperationConnection {
  readonly language: Language;
  /** Whether the socket's write buffer is full. */
  readonly isFull: boolean;
  send(message: object): void;
  /** Sends results of one operation in one write; `committedAt` is for metrics. */
  deliver(head: string, results: readonly (string | Buffer)[], committedAt: readonly number[]): void;
  /** Resumes `operation` once the buffer has drained. */
  whenRoom(operation: SocketOperation): void;
  /** Ends an operation and frees its id. */
  complete(id: string, operation: SocketOperation): void;
  fail(error: unknown): void;
}

/** Events per write. */
const maxBatch = 32;
/** Characters per write, unless one event has more: a client that does not read keeps a write in memory. */
const maxBatchLength = 64 * 1024;

/** An operation on a socket: a query, a mutation, or a subscription once it has a stream. */
export class SocketOperation implements EventReader, Flushable {
  readonly id: string;
  readonly #connection: OperationConnection;
  readonly #caller: Caller;
  readonly #subscriptions: Metrics["subscriptions"];
  #stream: EventStream | null = null;
  #selection: Selection | null = null;
  /** The beginning of each of its messages. */
  #head = "";
  #stopped = false;
  #flushQueue: FlushQueue | null = null;
  /** It is queued, waiting for the socket, or awaiting results, and will continue by itself. */
  #busy = false;
  #isQueued = false;
  /** Events taken from the stream that did not fit into the last write. */
  #held: LiveEvent[] = [];
  /** How many events are likely to fit into the next write. */
  #batch = 1;
  #startedAt = 0;

  constructor(connection: OperationConnection, id: string, caller: Caller, subscriptions: Metrics["subscriptions"]) {
    this.#connection = connection;
    this.id = id;
    this.#caller = caller;
    this.#subscriptions = subscriptions;
  }

  get isRunning(): boolean {
    return this.#stream !== null && !this.#stopped;
  }

  /** The client completed it or has gone, or the stream has ended. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#stream === null) return;
    this.#subscriptions.dec();
    this.#stream.reader = null;
    void this.#stream.return?.();
  }

  /** Sends the only result and completes. */
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

  /** Writes events as long as there are any and the socket has room. */
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
    while (results.length < this.#batch) {
      const event = this.#held.shift() ?? this.#stream!.poll();
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
    let length = 0;
    for (const [index, result] of results.entries()) {
      if (length > maxBatchLength) {
        // Rendered again later rather than kept.
        this.#held = [...events.slice(index), ...this.#held];
        break;
      }
      if (result === null) continue;
      if (result instanceof Error) {
        away = result;
        break;
      }
      told.push(result);
      length += result.length;
      const { seq, occurredAt } = events[index]!;
      // Deltas are never committed, and catching up on older events is not a delay.
      if (seq !== null && occurredAt.getTime() >= this.#startedAt) committedAt.push(occurredAt.getTime());
    }
    this.#connection.deliver(this.#head, told, committedAt);
    const fitting = Math.floor((maxBatchLength * told.length) / Math.max(1, length));
    this.#batch = Math.min(maxBatch, Math.max(1, fitting));
    if (away === null) return;
    // After a later event the client's cursor would be past this one: it has to reconnect for it.
    this.stop();
    this.#connection.fail(away);
  }
}

function isPromise(result: unknown): boolean {
  return result instanceof Promise;
}
