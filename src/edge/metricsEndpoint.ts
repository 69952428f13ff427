import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../config.ts";
import { clientAddress } from "./address.ts";
import type { Metrics } from "./metrics.ts";
import { sendText } from "./sendText.ts";

/** Answers /metrics: with METRICS_TOKEN to those who have it, else to this machine only. */
export async function serveMetrics(
  { config, metrics }: { config: Config; metrics: Metrics },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!mayRead(request, config)) return sendText(response, 404, "Not found\n", { "cache-control": "no-store" });
  const { contentType, body } = await metrics.render();
  response.writeHead(200, { "content-type": contentType });
  response.end(body);
}

function mayRead(request: IncomingMessage, config: Config): boolean {
  const token = config.metricsToken?.reveal();
  if (token) return isSame(request.headers.authorization ?? "", `Bearer ${token}`);
  // Behind a proxy on this machine every connection comes from loopback: the client's address is what the proxy says.
  const address = clientAddress(request, config.trustProxy);
  return address.startsWith("127.") || address === loopback6;
}

/** ::1 as clientAddress writes it. */
const loopback6 = "0:0:0:0::/64";

/** Compares in constant time. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one!, other!);
}
