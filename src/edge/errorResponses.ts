import type { IncomingMessage, ServerResponse } from "node:http";
import { sizeText } from "../interview/messages.ts";

/** Answers with an error outside of any operation, in the form that GraphQL clients read. */
export function fail(response: ServerResponse, status: number, code: string, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, jsonType);
  response.end(errorBody(code, message));
}

export function unauthenticated(response: ServerResponse): void {
  response.setHeader("www-authenticate", "Bearer");
  fail(response, 401, "UNAUTHENTICATED", "A valid bearer token is required");
}

export function unavailable(response: ServerResponse, retryAfter: number, message: string): void {
  if (!response.headersSent) response.setHeader("retry-after", String(retryAfter));
  fail(response, 503, "SERVICE_UNAVAILABLE", message);
}

export function tooLarge(request: IncomingMessage, response: ServerResponse, maxBytes: number): Promise<void> {
  return failEarly(request, response, 413, "BAD_USER_INPUT", `A request body cannot exceed ${sizeText(maxBytes)}`);
}

/**
 * Answers while the body is still arriving. Closing the connection now could lose the answer, so the rest of the body is
 * read and discarded: until the client has read the answer and stops sending, or BODY_TIMEOUT has passed.
 */
export async function failEarly(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): Promise<void> {
  const body = errorBody(code, message);
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...jsonType, "content-length": length, connection: "close" });
  response.write(body);
  request.resume();
  if (!request.closed) await new Promise<void>((resolve) => request.once("close", resolve));
  response.end();
}

const jsonType = { "content-type": "application/json; charset=utf-8" };

function errorBody(code: string, message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}
