import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, unknown>;
}

/** An OTLP/HTTP receiver of traces, as collectors are. */
export async function startTraceReceiver(): Promise<{
  url: string;
  spans: ReceivedSpan[];
  /** All that was sent, as it was sent. */
  text(): string;
  close(): Promise<void>;
}> {
  const spans: ReceivedSpan[] = [];
  let text = "";
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    text += body;
    if (request.url === "/v1/traces") spans.push(...spansOf(JSON.parse(body)));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    text: () => text,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spansOf(message: any): ReceivedSpan[] {
  return message.resourceSpans
    .flatMap((resource: any) => resource.scopeSpans)
    .flatMap((scope: any) => scope.spans)
    .map(({ name, traceId, spanId, parentSpanId, attributes }: any) => ({
      name,
      traceId,
      spanId,
      ...(parentSpanId ? { parentSpanId } : {}),
      attributes: Object.fromEntries(attributes.map(({ key, value }: any) => [key, Object.values(value)[0]])),
    }));
}
