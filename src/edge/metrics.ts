import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { JobKind } from "../interview/events.ts";
import { Delays } from "./delays.ts";

export interface MetricsSources {
  database(): { total: number; idle: number; waiting: number };
  jobs(): Promise<{ waiting: number; active: number; oldestMs: number }>;
  /** Whether Redis answers or is not configured. */
  redis(): boolean;
}

const unknown = { waiting: Number.NaN, oldestMs: Number.NaN };

/** Everything under /metrics, in Prometheus' format. No label contains personal data. */
export class Metrics {
  readonly #registry = new Registry();
  readonly sockets = this.#gauge("vivavoce_sockets", "Open WebSockets");
  readonly #streams = this.#gauge("vivavoce_streams", "Open streams of Server-Sent Events");
  readonly subscriptions = this.#gauge("vivavoce_subscriptions", "Running subscriptions over WebSockets");
  /** A plain number: there may be a hundred thousand increments a second. */
  #deliveries = 0;
  readonly gaps = this.#counter(
    "vivavoce_gap_rereads_total",
    "Streams that read the log again because events were missing",
  );
  readonly stalled = this.#counter(
    "vivavoce_stalled_connections_total",
    "Connections closed because they took nothing",
  );
  readonly budgetRefusals = this.#counter(
    "vivavoce_model_budget_refusals_total",
    "Requests refused because a daily ceiling on the language model was reached",
  );
  readonly #deliveryDelays = new Delays(
    "vivavoce_delivery_seconds",
    "From an event's commit, by the database's clock, to its hand-over to a WebSocket, by this node's",
    [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    this.#registry,
  );
  readonly #requests = this.#histogram(
    "vivavoce_http_request_seconds",
    "Duration of GraphQL requests",
    [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  );
  readonly #jobWait = this.#labelled("vivavoce_job_wait_seconds", "From a job's commit to its start", ["kind"]);
  readonly #jobTime = this.#labelled("vivavoce_job_seconds", "Duration of jobs", ["kind", "outcome"]);
  readonly #modelCalls = this.#labelled("vivavoce_model_call_seconds", "Duration of language model calls", [
    "provider",
    "task",
    "outcome",
  ]);
  readonly #modelTokens = new Counter({
    name: "vivavoce_model_tokens_total",
    help: "Tokens sent to and received from language models",
    labelNames: ["provider", "direction"],
    registers: [this.#registry],
  });
  #open = 0;

  constructor(sources: MetricsSources) {
    collectDefaultMetrics({ register: this.#registry });
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    this.#sampled("vivavoce_event_loop_delay_p99_seconds", "99th percentile since the last scrape", () => {
      const p99 = delay.percentile(99) / 1e9;
      delay.reset();
      return p99;
    });
    this.#sampled("vivavoce_http_requests_in_flight", "GraphQL requests under way", () => this.#open);
    const metrics = this;
    new Counter({
      name: "vivavoce_deliveries_total",
      help: "Events delivered over WebSockets",
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(metrics.#deliveries);
      },
    });
    this.#sampled("vivavoce_database_waiting", "Queries that wait for a connection", () => sources.database().waiting);
    this.#sampled("vivavoce_database_connections", "Open database connections", () => sources.database().total);
    this.#sampled("vivavoce_database_idle", "Database connections that nobody uses", () => sources.database().idle);
    this.#sampled("vivavoce_redis_up", "1 while Redis answers this node, or where there is none; else 0", () =>
      sources.redis() ? 1 : 0,
    );
    // Both gauges read the same query result. If the database does not answer soon their values are unknown, so that
    // the other metrics still arrive.
    let asked: Promise<{ waiting: number; oldestMs: number }> | null = null;
    const jobs = (): Promise<{ waiting: number; oldestMs: number }> => {
      asked ??= Promise.race([sources.jobs().catch(() => unknown), setTimeout(1_000, unknown, { ref: false })]).finally(
        () => (asked = null),
      );
      return asked;
    };
    this.#sampled(
      "vivavoce_jobs_oldest_seconds",
      "How long the job that has waited longest has been due",
      async () => (await jobs()).oldestMs / 1_000,
    );
    this.#sampled("vivavoce_jobs_waiting", "Jobs that wait for a worker", async () => (await jobs()).waiting);
  }

  /**
   * Counts delivered events; `committedAt` (in milliseconds) only for those that happened after the subscription began.
   */
  delivered(events: number, committedAt: readonly number[]): void {
    this.#deliveries += events;
    if (committedAt.length === 0) return;
    const now = Date.now();
    // Clocks may differ slightly.
    for (const at of committedAt) this.#deliveryDelays.add(Math.max(0, now - at) / 1_000);
  }

  inFlight(): number {
    return this.#open;
  }

  /** Returns a function that ends the request. */
  startRequest(): () => void {
    this.#open++;
    const end = this.#requests.startTimer();
    return () => {
      this.#open--;
      end();
    };
  }

  /** Returns a function that ends the stream. */
  startStream(): () => void {
    this.#streams.inc();
    return () => this.#streams.dec();
  }

  job(record: { kind: JobKind; outcome: string; waitedMs: number; ms: number }): void {
    this.#jobWait.observe({ kind: record.kind }, record.waitedMs / 1_000);
    this.#jobTime.observe({ kind: record.kind, outcome: record.outcome }, record.ms / 1_000);
  }

  modelCall(record: {
    provider: string;
    task: string;
    outcome: string;
    ms: number;
    inputTokens: number;
    outputTokens: number;
  }): void {
    const { provider, task, outcome } = record;
    this.#modelCalls.observe({ provider, task, outcome }, record.ms / 1_000);
    this.#modelTokens.inc({ provider, direction: "input" }, record.inputTokens);
    this.#modelTokens.inc({ provider, direction: "output" }, record.outputTokens);
  }

  async render(): Promise<{ contentType: string; body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.#registry] });
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.#registry] });
  }

  #labelled(name: string, help: string, labelNames: string[]): Histogram {
    const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] });
  }

  #sampled(name: string, help: string, read: () => number | Promise<number>): void {
    const registers = [this.#registry];
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });
  }
}
