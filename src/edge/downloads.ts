import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { PrintedFile, Store } from "../ports/store.ts";
import { sendText } from "./sendText.ts";

const hourMs = 3_600_000;
/** How long a download waits for a report that is being printed. */
const printWaitMs = 2_000;
const types = { pdf: "application/pdf", md: "text/markdown; charset=utf-8" } as const;
type Format = keyof typeof types;

/** URLs of printed reports: signed, short-lived, each for one report in one format. */
export class Downloads {
  readonly #secret: string;
  readonly #publicUrl: () => string;
  readonly #store: Store;

  constructor(secret: string, publicUrl: () => string, store: Store) {
    this.#secret = secret;
    this.#publicUrl = publicUrl;
    this.#store = store;
  }

  /** Expires at a full hour, one to two hours from now, so that repeated reads give the same URL. */
  address(reportId: string, format: Format): string {
    const expires = (Math.floor(Date.now() / hourMs) + 2) * hourMs;
    return `${this.#publicUrl()}/reports/${reportId}.${format}?expires=${expires}&signature=${this.#sign(reportId, format, expires)}`;
  }

  /** Answers /reports/…; an invalid or expired signature gives 404. */
  async serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const file = this.#verify(url);
    if (file === null || (request.method !== "GET" && request.method !== "HEAD")) return notFound(response);
    const bytes = await this.#printed(file.reportId, file.format);
    if (bytes === null) return notFound(response);
    if (bytes === "UNPRINTED") return notPrintedYet(response);
    if (bytes === "UNPRINTABLE") return notPrintable(response);
    response.writeHead(200, {
      "content-type": types[file.format],
      "content-length": bytes.length,
      "content-disposition": `attachment; filename="report.${file.format}"`,
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "private, max-age=0",
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }

  async #printed(reportId: string, format: Format): Promise<PrintedFile | "UNPRINTED" | null> {
    const deadline = Date.now() + printWaitMs;
    for (;;) {
      const bytes = await this.#store.loadFile(reportId, format);
      if (bytes !== "UNPRINTED" || Date.now() >= deadline) return bytes;
      await wait(50);
    }
  }

  #verify(url: URL): { reportId: string; format: Format } | null {
    const match = /^\/reports\/([0-9a-f-]{36})\.(pdf|md)$/.exec(url.pathname);
    const expires = Number(url.searchParams.get("expires"));
    if (!match || !Number.isSafeInteger(expires) || expires < Date.now()) return null;
    const [, reportId = "", format = ""] = match;
    const given = Buffer.from(url.searchParams.get("signature") ?? "");
    const right = Buffer.from(this.#sign(reportId, format, expires));
    return given.length === right.length && timingSafeEqual(given, right)
      ? { reportId, format: format as Format }
      : null;
  }

  #sign(reportId: string, format: string, expires: number): string {
    return createHmac("sha256", this.#secret).update(`${reportId}.${format}.${expires}`).digest("base64url");
  }
}

function notFound(response: ServerResponse): void {
  sendText(response, 404, "Not found\n");
}

function notPrintedYet(response: ServerResponse): void {
  sendText(response, 503, "The report is still being printed\n", { "retry-after": "2" });
}

function notPrintable(response: ServerResponse): void {
  sendText(response, 500, "The report could not be printed; retryEvaluation makes a new one\n");
}
