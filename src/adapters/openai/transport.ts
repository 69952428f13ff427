import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Duplex, Readable, Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

export interface Transport {
  /** `onSent` hears when the whole request has left for the provider, or has to be sent anew. */
  fetch(onSent: (isSent: boolean) => void): typeof globalThis.fetch;
  close(): void;
}

/** The provider did not accept the connection in time. */
export class ConnectTimeout extends Error {}

/** More bytes than any sensible reply has. */
export class ReplyTooLong extends Error {}

/**
 * The SDK's transport. The built-in fetch can neither limit the time to connect nor guarantee that an abort closes the
 * socket; this does both. Redirects are not followed, so that a key is sent nowhere else.
 */
export function createTransport(options: { connectMs: number; maxReplyBytes: number }): Transport {
  const agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };

  return {
    fetch: (onSent) => (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const secure = url.protocol === "https:";
      const signal = init?.signal ?? null;
      return new Promise<Response>((resolve, reject) => {
        signal?.throwIfAborted();
        const send = (): void => {
          const request = (secure ? httpsRequest : httpRequest)(url, {
            method: init?.method ?? "GET",
            headers: { ...Object.fromEntries(new Headers(init?.headers)), "accept-encoding": "identity" },
            agent: agents[secure ? "https:" : "http:"],
          });
          const abort = (): void => void request.destroy(signal?.reason as Error);
          signal?.addEventListener("abort", abort, { once: true });
          request.once("close", () => signal?.removeEventListener("abort", abort));
          limitConnecting(request, secure, options.connectMs);
          request.once("error", (error: NodeJS.ErrnoException) => {
            // The provider closed an idle connection while it was taken again: nobody has read the request.
            const isStale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
            if (!isStale || signal?.aborted) return reject(error);
            onSent(false);
            send();
          });
          request.once("finish", () => onSent(true));
          request.once("response", (response) => {
            responseOf(response, options.maxReplyBytes).then(resolve, reject);
          });
          request.end(init?.body as string | undefined);
        };
        send();
      });
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function limitConnecting(request: ClientRequest, secure: boolean, connectMs: number): void {
  const timer = setTimeout(() => request.destroy(new ConnectTimeout()), connectMs);
  request.once("socket", (socket) => {
    if (!socket.connecting) clearTimeout(timer);
    else socket.once(secure ? "secureConnect" : "connect", () => clearTimeout(timer));
  });
  request.once("close", () => clearTimeout(timer));
}

async function responseOf(message: IncomingMessage, maxBytes: number): Promise<Response> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? new ReplyTooLong() : null, chunk);
    },
  });
  const decoder = decoderOf(headers.get("content-encoding") ?? "");
  headers.delete("content-encoding");
  if (decoder) headers.delete("content-length");
  message.on("error", (error) => counted.destroy(error));
  decoder?.on("error", (error) => counted.destroy(error));
  counted.on("close", () => {
    message.destroy();
    decoder?.destroy();
  });
  (decoder ? message.pipe(decoder) : message).pipe(counted);
  if (!/json|event-stream|html/.test(headers.get("content-type") ?? "")) {
    headers.set("content-type", (await startsLikeJson(counted)) ? "application/json" : "text/event-stream");
  }
  const body = Readable.toWeb(counted) as ReadableStream<Uint8Array>;
  const status = message.statusCode ?? 500;
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : body, { status, headers });
}

/**
 * Some gateways compress regardless of Accept-Encoding. Flushed data is passed on at once, even if the end is missing.
 */
function decoderOf(encoding: string): Duplex | null {
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  if (/^(?:x-)?gzip$/i.test(encoding)) return createGunzip(flush);
  if (/^deflate$/i.test(encoding)) return createInflate(flush);
  const { BROTLI_OPERATION_FLUSH } = constants;
  if (/^br$/i.test(encoding)) {
    return createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH });
  }
  return null;
}

/** Whether a reply without a content type begins like JSON; the bytes looked at are put back. */
async function startsLikeJson(body: Transform): Promise<boolean> {
  const seen: Buffer[] = [];
  let text = "";
  while (text === "") {
    await new Promise<void>((resolve, reject) => {
      body.once("readable", resolve).once("error", reject);
    });
    const chunk = body.read() as Buffer | null;
    if (chunk === null) break;
    seen.push(chunk);
    text = Buffer.concat(seen).toString().trimStart();
  }
  if (seen.length > 0) body.unshift(Buffer.concat(seen));
  return text.startsWith("{");
}
