import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { graphqlError } from "../graphql/errors.ts";
import { type Caller, type GraphQLServer, isUnavailableResult, publicError, publicResult } from "./graphql.ts";
import type { DocumentChoice } from "./trustedDocuments.ts";

const responseType = "application/graphql-response+json";

/**
 * Answers one query or mutation: Yoga's pipeline without its Request and Response objects, which would take longer than
 * the query itself. Streams and GraphiQL go through Yoga. GET allows queries only (else 405); with `allowed` only these
 * mutations (else 415).
 */
export async function serveOperation(
  graphql: GraphQLServer,
  mask: (error: unknown) => Error,
  params: Params | string,
  caller: Caller,
  request: IncomingMessage,
  response: ServerResponse,
  allowed: ReadonlySet<string> | null = null,
): Promise<void> {
  const type = negotiate(request.headers.accept);
  if (type === null) return answer(response, 406, "application/json", failure("The Accept header allows no JSON"));
  if (typeof params === "string") return answer(response, 400, type, failure(params));
  let query: string;
  try {
    query = graphql.textOf(params);
  } catch (error) {
    return answer(response, 400, type, JSON.stringify({ errors: [publicError(mask(error))] }));
  }

  const { operationName, variables } = params;
  const isGet = request.method === "GET";
  const plan = allowed === null ? graphql.plans.get(query, operationName) : null;
  let begun = caller;
  if (plan !== null && !(plan.changes && isGet)) {
    const context = graphql.contextOf(caller);
    try {
      const text = await plan.run(context, variables);
      if (text) return answer(response, 200, type, text);
    } catch (error) {
      return sendUnavailable(response, type, [publicError(mask(error))]);
    }
    if (context.outcome) begun = { ...caller, outcome: context.outcome };
  }

  const { result, refused } = await run(graphql, mask, { ...params, query }, begun, { isGet, allowed });
  if (isUnavailableResult(result)) return sendUnavailable(response, type, result.errors);
  if (refused === 405) response.setHeader("allow", "POST");
  if (typeof refused === "number") return answer(response, refused, type, JSON.stringify(result));
  // A request that fails before execution is the client's fault; under the older media type the status has always been
  // 200.
  answer(response, refused && type === responseType ? 400 : 200, type, JSON.stringify(result));
}

/** The parameters of a GraphQL request. */
export interface Params extends DocumentChoice {
  operationName: string | null;
  variables: Record<string, unknown> | null;
}

async function run(
  graphql: GraphQLServer,
  mask: (error: unknown) => Error,
  { query, operationName, variables }: Params & { query: string },
  caller: Caller,
  { isGet, allowed }: { isGet: boolean; allowed: ReadonlySet<string> | null },
): Promise<{ result: FormattedExecutionResult; refused: boolean | 405 | 415 }> {
  const refuse = (errors: readonly unknown[], refused: true | 405 | 415 = true) => ({
    result: { errors: errors.map((error) => publicError(mask(error))) },
    refused,
  });
  const pipeline = graphql.getEnveloped({ caller } as never);
  let document: DocumentNode;
  try {
    document = pipeline.parse(query) as DocumentNode;
  } catch (error) {
    return refuse([error]);
  }
  const errors = pipeline.validate(pipeline.schema, document) as readonly GraphQLError[];
  if (errors.length > 0) return refuse(errors);
  const operation = getOperationAST(document, operationName);
  if (!operation) return refuse([graphqlError("BAD_USER_INPUT", "Name one of the document's operations")]);
  if (operation.operation === "subscription") {
    return refuse([graphqlError("BAD_USER_INPUT", "Subscribe over a WebSocket, or accept text/event-stream")]);
  }
  if (isGet && operation.operation !== "query") {
    return refuse([graphqlError("BAD_USER_INPUT", "A mutation asks for POST")], 405);
  }
  if (allowed !== null && !asksOnlyFor(allowed, document, operation)) {
    return refuse([graphqlError("BAD_USER_INPUT", `Multipart is for ${[...allowed].join(" and ")} only`)], 415);
  }
  const contextValue = await pipeline.contextFactory();
  const args = { schema: pipeline.schema, document, contextValue, operationName, variableValues: variables };
  const result = (await pipeline.execute(args as ExecutionArgs)) as ExecutionResult;
  if (!result.errors) graphql.plans.add(query, operationName, document, operation);
  return { result: publicResult(result), refused: !("data" in result) };
}

/** Without `data`, as GraphQL over HTTP requires for an error status: proxies and clients see that they can retry. */
function sendUnavailable(response: ServerResponse, type: string, errors?: readonly GraphQLFormattedError[]): void {
  response.setHeader("retry-after", "1");
  answer(response, 503, type, JSON.stringify({ errors }));
}

function asksOnlyFor(
  allowed: ReadonlySet<string>,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): boolean {
  const seen = new Set<string>();
  const fits = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return allowed.has(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return fits(selection.selectionSet);
      if (seen.has(selection.name.value)) return true;
      seen.add(selection.name.value);
      const spread = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      return spread?.kind === Kind.FRAGMENT_DEFINITION && fits(spread.selectionSet);
    });
  return operation === "mutation" && fits(selectionSet);
}

/** The parameters in a URL, or what is wrong with them. */
export function readSearch({ searchParams }: URL): Params | string {
  const asked = Object.fromEntries([...searchParams].filter(([, value]) => value !== ""));
  try {
    const [variables, extensions] = [asked.variables, asked.extensions].map((text) => text && JSON.parse(text));
    return toParams({ ...asked, variables, extensions });
  } catch {
    return "The parameters variables and extensions must be JSON objects";
  }
}

/** The parameters in a body, or what is wrong with them. */
export function readParams(body: Buffer): Params | string {
  if (!isUtf8(body)) return notUtf8;
  try {
    return toParams(JSON.parse(body.toString("utf8")));
  } catch {
    return "The body is not valid JSON";
  }
}

/** Decoding it anyway would change the text. */
export const notUtf8 = "The body is not valid UTF-8";

export function toParams(parsed: unknown): Params | string {
  if (Array.isArray(parsed)) return "Batches are not supported: send each operation in a request of its own";
  if (!isObject(parsed)) return "The body must be a JSON object";
  const { query, documentId, operationName = null, variables = null, extensions = null } = parsed;
  if (operationName !== null && typeof operationName !== "string")
    return "The parameter operationName must be a string";
  if (variables !== null && !isObject(variables)) return "The parameter variables must be an object";
  if (extensions !== null && !isObject(extensions)) return "The parameter extensions must be an object";
  // GraphQL over HTTP: the empty string is the same as no name. Some clients always send one.
  return { query, documentId, extensions, operationName: operationName || null, variables };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The response's media type: the one with the highest quality, of equal ones the first; null if neither is accepted.
 */
export function negotiate(accept: string | undefined): string | null {
  if (!accept?.trim() || accept === "*/*" || accept === "application/json") return "application/json";
  const ranges = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return { type, quality: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const named = ranges.filter(({ type }) => type === responseType || type === "application/json");
  const others = ["application/json", responseType]
    .filter((type) => !named.some((range) => range.type === type))
    .flatMap((type) => {
      const range = ["application/*", "*/*"].map((any) => ranges.find((range) => range.type === any)).find(Boolean);
      return range ? [{ type, quality: range.quality }] : [];
    });
  const best = [...named, ...others].filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  return best[0]?.type ?? null;
}

function failure(message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] });
}

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, ["content-type", `${type}; charset=utf-8`, "content-length", length]);
  response.end(body);
}

export class BodyTooLarge extends Error {}

/** Reads the whole body, up to a limit. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.pause();
        request.removeAllListeners("data");
        chunks.length = 0;
        reject(new BodyTooLarge());
        return;
      }
      chunks.push(chunk);
    });
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => {
      if (!request.readableEnded) reject(new Error("The client went away"));
    });
  });
}
