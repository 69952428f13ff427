import type { IncomingMessage } from "node:http";
import { Busboy } from "@fastify/busboy";
import { UploadedFile } from "../graphql/upload.ts";
import { BodyTooLarge } from "./operation.ts";

/** The mutations that a multipart request may contain. */
export const uploadMutations: ReadonlySet<string> = new Set(["createResume", "updateResume"]);

/** Browsers send this header to another origin only after a preflight; without it any page could submit such a form. */
export function isUpload({ method, headers }: IncomingMessage): boolean {
  return method === "POST" && contentType(headers) === "multipart/form-data" && headers["x-vivavoce-upload"] === "1";
}

export function contentType(headers: IncomingMessage["headers"]): string {
  return (headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
}

/** The default charset is UTF-8, as for JSON. */
export function isInUtf8(headers: IncomingMessage["headers"]): boolean {
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers["content-type"] ?? "")?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** What is wrong with a multipart body, for the client to read. */
export class MalformedUpload extends Error {}
export class ClientGone extends Error {}

/**
 * Reads a GraphQL multipart request with one file and returns its operation, with the file in place of the variable.
 * Throws BodyTooLarge, MalformedUpload or ClientGone as early as possible.
 */
export async function readUpload(
  request: IncomingMessage,
  limits: { maxBytes: number; maxOperations: number },
): Promise<unknown> {
  const { fields, files } = await readParts(request, limits);
  const operations = parse(fields.get("operations"), "operations");
  placeFiles(operations, parse(fields.get("map"), "map"), files);
  return operations;
}

interface Parts {
  fields: Map<string, string>;
  files: Map<string, UploadedFile>;
}

function readParts(request: IncomingMessage, limits: { maxBytes: number; maxOperations: number }): Promise<Parts> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const files = new Map<string, UploadedFile>();
    const parser = parserOf(request, limits.maxOperations);
    const fail = (error: Error): void => {
      request.unpipe(parser);
      request.pause();
      request.removeAllListeners("data");
      reject(error);
    };
    // A client that is still sending would not read the answer: the rest is read first, within the size limit.
    const refuse = (message: string): void => {
      request.unpipe(parser).resume();
      if (request.readableEnded) reject(new MalformedUpload(message));
      else request.once("end", () => reject(new MalformedUpload(message)));
    };
    const complain = (): void => refuse("The multipart body is malformed");
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.maxBytes) fail(new BodyTooLarge());
    });
    // "close" is also emitted after a complete body, possibly before its last part is parsed.
    request.once("close", () => (request.complete ? undefined : reject(new ClientGone())));

    parser.on("field", (name, value, _, isCut) => {
      if (isCut) fail(new BodyTooLarge());
      else fields.set(name, value);
    });
    parser.on("file", (name, stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", complain);
      stream.once("end", () => files.set(name, new UploadedFile(Buffer.concat(chunks))));
    });
    for (const limit of ["fieldsLimit", "filesLimit", "partsLimit"] as const) {
      parser.once(limit, () => refuse("A multipart request has operations, map and one file"));
    }
    parser.on("error", complain);
    parser.once("finish", () => resolve({ fields, files }));
    request.pipe(parser);
  });
}

function parserOf({ headers }: IncomingMessage, fieldSize: number): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { ...headers, "content-type": headers["content-type"]! },
      limits: { fields: 2, files: 1, parts: 3, fieldSize, fieldNameSize: 100, headerPairs: 20, headerSize: 8 * 1024 },
    });
  } catch {
    throw new MalformedUpload("The multipart body has no boundary");
  }
}

function parse(text: string | undefined, name: string): unknown {
  if (text === undefined) throw new MalformedUpload(`The part ${name} is missing`);
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedUpload(`The part ${name} is not valid JSON`);
  }
}

/** `map` gives each file's path in the operation, where the variable is null. */
function placeFiles(operations: unknown, map: unknown, files: Map<string, UploadedFile>): void {
  if (!isObject(map)) throw new MalformedUpload("The part map must be one JSON object");
  for (const [name, paths] of Object.entries(map)) {
    const file = files.get(name);
    if (!file) throw new MalformedUpload("The map names a file that was not sent");
    if (!Array.isArray(paths) || paths.length !== 1 || !/^variables\.[^.]+/.test(String(paths[0]))) {
      throw new MalformedUpload("The map gives each file one place among the variables");
    }
    const keys = String(paths[0]).slice(0, 1_000).split(".");
    const last = keys.pop()!;
    const parent = keys.reduce<unknown>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      operations,
    );
    if (!isObject(parent) || !Object.hasOwn(parent, last) || parent[last] !== null) {
      throw new MalformedUpload("Where the map puts a file, the variables must have null");
    }
    parent[last] = file;
  }
}

/** Includes arrays, which are indexed by number. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
