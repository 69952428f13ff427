import { AsyncLocalStorage } from "node:async_hooks";
import { type Attributes, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Tracer } from "../../ports/tracer.ts";

export interface TracerOptions {
  /** Where an OTLP/HTTP receiver is; spans go to its /v1/traces. */
  endpoint: string;
  /** Share of the requests that are followed. */
  ratio: number;
  role: string;
}

/** Spans to an OpenTelemetry collector. Loaded only where one is configured. */
export function createTracer({ endpoint, ratio, role }: TracerOptions): Tracer & { close(): Promise<void> } {
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ "service.name": "vivavoce", "vivavoce.role": role })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) })],
  });
  const tracer = provider.getTracer("vivavoce");
  const underWay = new AsyncLocalStorage<Span>();

  function begin(name: string, attributes: Attributes, parent: string | undefined, startTime?: number): Span {
    const remote = parseTraceparent(parent);
    const here = underWay.getStore();
    const context = remote
      ? trace.setSpanContext(ROOT_CONTEXT, remote)
      : here
        ? trace.setSpan(ROOT_CONTEXT, here)
        : ROOT_CONTEXT;
    return tracer.startSpan(name, { attributes, ...(startTime === undefined ? {} : { startTime }) }, context);
  }

  return {
    async span(name, facts, work, parent) {
      const span = begin(name, facts, parent);
      try {
        return await underWay.run(span, work);
      } catch (error) {
        // Its name only: what an error says may quote what people wrote.
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "Error" });
        throw error;
      } finally {
        span.end();
      }
    },
    record(name, facts, ms, parent) {
      const now = Date.now();
      begin(name, facts, parent, now - ms).end(now);
    },
    current() {
      const context = underWay.getStore()?.spanContext();
      return context && `00-${context.traceId}-${context.spanId}-0${context.traceFlags & 1}`;
    },
    close: () => provider.shutdown(),
  };
}

function parseTraceparent(text: string | undefined): Parameters<typeof trace.setSpanContext>[1] | null {
  const match = text && /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text);
  if (!match || /^0+$/.test(match[1]!) || /^0+$/.test(match[2]!)) return null;
  return { traceId: match[1]!, spanId: match[2]!, traceFlags: Number.parseInt(match[3]!, 16) & 1, isRemote: true };
}
