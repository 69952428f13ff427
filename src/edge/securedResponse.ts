import { type IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../config.ts";

/**
 * A response that always carries the security headers, whoever writes it. Headers given as a list are written as they
 * are, which is Node's fastest path.
 */
export function securedResponse(config: Config): typeof ServerResponse {
  const secure = config.publicUrl?.startsWith("https:");
  const headers = [
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "no-referrer"],
    ["cross-origin-opener-policy", "same-origin"],
    ...(secure ? [["strict-transport-security", "max-age=31536000; includeSubDomains"]] : []),
  ] as [string, string][];
  const list = headers.flat();

  return class<Request extends IncomingMessage> extends ServerResponse<Request> {
    override writeHead(status: number, ...rest: unknown[]): this {
      const given = rest.at(-1);
      if (Array.isArray(given)) return super.writeHead(status, [...given, ...list]);
      for (const [name, value] of headers) this.setHeader(name, value);
      return super.writeHead(status, ...(rest as []));
    }
  };
}
