import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import { type ModelRequestBody, replyTo, taskOf } from "./modelReplies.ts";

/**
 * A language model provider that speaks Chat Completions over real HTTP, streamed and not: sensible replies that are
 * the same every time, at a rate that can be set, and every kind of misbehaviour on demand.
 */
export interface ModelServer {
  /** What a provider's BASE_URL is set to. */
  url: string;
  requests: RecordedRequest[];
  /** Replies under way now, and the most there were at once. */
  open(): number;
  peak(): number;
  /** The next requests meet these, one each, in order; null means a good reply. */
  next(...faults: (Fault | null)[]): void;
  /** Every request that nothing was queued for meets this. */
  always(fault: Fault | null): void;
  /** Requests like these get their replies when they are released, and no sooner. */
  hold(which: (request: RecordedRequest) => boolean): Held;
  /** Resolves as soon as the condition holds; it is looked at whenever something happens here. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Held {
  requests: RecordedRequest[];
  release(): void;
}

export interface RecordedRequest {
  task: string;
  body: ModelRequestBody;
  headers: IncomingHttpHeaders;
  /** performance.now() of its arrival. */
  at: number;
  /** performance.now() when the last of its reply was sent. */
  endedAt: number | null;
  /** What it met instead of a good reply. */
  fault: Fault | null;
  /** The client went away before the reply was whole. */
  aborted: boolean;
  closed: boolean;
}

/** strict: structured outputs alone. json_object: no schemas. text: neither, prose round the JSON, no extras. */
export type Profile = "strict" | "json_object" | "text";

export type Fault =
  | { kind: "status"; status: number; retryAfter?: string; message?: string; code?: string }
  | { kind: "no-headers" }
  | { kind: "no-first-token" }
  | { kind: "reset" }
  /** After so many chunks nothing more comes, the connection is cut, or the stream ends as if it were whole. */
  | { kind: "stall" | "cut" | "end-early"; after: number }
  /** The whole reply, and then the connection stays open. */
  | { kind: "never-ends" }
  | { kind: "error-in-stream"; after: number; code?: number }
  | { kind: "html" }
  | { kind: "content"; content: string | null }
  | { kind: "refusal" }
  | { kind: "truncated"; reason: string; share: number }
  /** The content in parts, thoughts first; or the whole message in one piece of a stream. */
  | { kind: "parts" | "one-piece" }
  | { kind: "prose"; lead: string; tail: string }
  | { kind: "edit"; edit: ReplyEdit }
  | { kind: "echo" }
  | { kind: "huge"; characters: number }
  | { kind: "byte-by-byte" }
  /** As a gateway does that compresses whatever was asked for. */
  | { kind: "compressed"; encoding: "gzip" | "br" }
  /** A good reply that tells these figures of itself. */
  | { kind: "usage"; usage: Record<string, unknown> };

export type ReplyEdit =
  | "missing-item"
  | "repeated-id"
  | "unknown-id"
  | "out-of-range"
  | "negative"
  | "number-as-text"
  | "infinite"
  | "not-a-number"
  | "extra-field"
  | "blank-text"
  | "null-item"
  | "wrong-shape"
  | "deeply-nested"
  | "reordered"
  | "empty-list"
  | "nul-characters"
  | "repeats-question";

export interface ModelServerOptions {
  port?: number;
  profile?: Profile;
  /** Before the first token. */
  firstTokenMs?: number;
  /** Tokens (four characters) a second; unset: as fast as it goes. */
  tokensPerSecond?: number;
  /** Parameters that are answered with 400. */
  refuses?: string[];
  /** Share of requests that meet one of `faults`, chosen by a fixed sequence. */
  faultRate?: number;
  faults?: Fault[];
  /** Replaces the content of a good reply. */
  reply?: (task: string, content: string, body: ModelRequestBody) => string;
}

const tokenLength = 4;

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { profile = "strict", firstTokenMs = 0, tokensPerSecond = Number.POSITIVE_INFINITY } = options;
  const requests: RecordedRequest[] = [];
  const watchers = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  let queued: (Fault | null)[] = [];
  let standing: Fault | null = null;
  let holding: (Held & { which(request: RecordedRequest): boolean; released: Promise<void> }) | null = null;
  let open = 0;
  let peak = 0;
  let chance = 0;

  const changed = (): void => {
    for (const look of [...watchers]) look();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    if (request.url === "/faults" && request.method === "POST") {
      const { next = [], always = null } = JSON.parse(text) as { next?: Fault[]; always?: Fault | null };
      queued = next;
      standing = always;
      json(response, 200, {});
      return;
    }
    if (request.url === "/requests") {
      json(response, 200, {
        count: requests.length,
        open,
        peak,
        aborted: requests.filter((one) => one.aborted).length,
      });
      return;
    }
    if (request.url !== "/v1/chat/completions") {
      json(response, 404, errorBody("Unknown address"));
      return;
    }
    const body = JSON.parse(text) as ModelRequestBody;
    const record: RecordedRequest = {
      task: taskOf(body),
      body,
      headers: request.headers,
      at: performance.now(),
      endedAt: null,
      fault: null,
      aborted: false,
      closed: false,
    };
    requests.push(record);
    open++;
    peak = Math.max(peak, open);
    response.on("finish", () => (record.endedAt = performance.now()));
    response.on("close", () => {
      open--;
      record.aborted = !response.writableFinished;
      record.closed = true;
      changed();
    });
    changed();
    const complaint = complaintAbout(body, profile, options.refuses ?? []);
    if (complaint) {
      json(response, 400, errorBody(complaint, "invalid_request_error"));
      return;
    }
    record.fault = queued.length > 0 ? queued.shift()! : (standing ?? byChance());
    if (holding?.which(record)) {
      holding.requests.push(record);
      changed();
      await holding.released;
    }
    respond(response, body, record.fault);
  }

  /** Weyl's sequence: the given share, evenly spread, the same every time. */
  function byChance(): Fault | null {
    const { faultRate = 0, faults = [] } = options;
    chance += 0.618_033_988_75;
    const drawn = chance % 1;
    if (faults.length === 0 || drawn >= faultRate) return null;
    return faults[Math.floor((drawn / faultRate) * faults.length)] ?? null;
  }

  function respond(response: ServerResponse, body: ModelRequestBody, fault: Fault | null): void {
    const reply = replyWith(body, fault);
    switch (fault?.kind) {
      case "no-headers":
        return;
      case "reset":
        response.destroy();
        return;
      case "status": {
        if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
        json(response, fault.status, errorBody(fault.message ?? "Something is wrong", fault.code));
        return;
      }
      case "html":
        response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Welcome to the proxy</body></html>");
        return;
    }
    if (fault?.kind === "compressed") compress(response, fault.encoding);
    later(firstTokenMs, () => {
      if (response.destroyed) return;
      if (body.stream) streamReply(response, body, reply, fault);
      else sendReply(response, body, reply, fault);
    });
  }

  function replyWith(body: ModelRequestBody, fault: Fault | null): Reply {
    const good = replyTo(body, fault?.kind === "edit" ? fault.edit : null);
    const plain = options.reply?.(taskOf(body), good, body) ?? good;
    const content =
      profile === "text" ? `Sure! Here is {what you asked} for:\n\`\`\`json\n${plain}\n\`\`\`\nGood luck.` : plain;
    switch (fault?.kind) {
      case "content":
        return { content: fault.content, finish: "stop", refusal: null };
      case "refusal":
        return { content: null, finish: "stop", refusal: "I cannot help with that." };
      case "truncated":
        return { content: content.slice(0, content.length * fault.share), finish: fault.reason, refusal: null };
      case "prose":
        return { content: fault.lead + content + fault.tail, finish: "stop", refusal: null };
      case "echo":
        return { content: echoed(body, content), finish: "stop", refusal: null };
      case "huge":
        return { content: " ".repeat(fault.characters) + content, finish: "stop", refusal: null };
      default:
        return { content, finish: "stop", refusal: null };
    }
  }

  function sendReply(response: ServerResponse, body: ModelRequestBody, reply: Reply, fault: Fault | null): void {
    const { content, finish, refusal } = reply;
    const message = { role: "assistant", content: fault?.kind === "parts" ? partsOf(content) : content, refusal };
    const text = JSON.stringify({
      id: "chatcmpl-test",
      object: "chat.completion",
      created: 0,
      model: body.model,
      choices: [{ index: 0, message, finish_reason: finish }],
      usage: fault?.kind === "usage" ? fault.usage : usageOf(body, content),
    });
    if (fault?.kind === "no-first-token") return;
    if (fault?.kind === "error-in-stream") {
      json(response, 200, errorBody("The engine is overloaded", String(fault.code ?? 500)));
      return;
    }
    if (fault?.kind === "cut" || fault?.kind === "stall" || fault?.kind === "end-early") {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.write(text.slice(0, text.length / 2), () => {
        if (fault.kind !== "stall") response.destroy();
      });
      return;
    }
    later((1_000 * (content?.length ?? 0)) / tokenLength / tokensPerSecond, () => {
      response.writeHead(200, { "content-type": "application/json" }).end(text);
    });
  }

  function streamReply(response: ServerResponse, body: ModelRequestBody, reply: Reply, fault: Fault | null): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const base = { id: "chatcmpl-test", object: "chat.completion.chunk", created: 0, model: body.model };
    const chunk = (delta: object, finish: string | null = null): string =>
      event({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
    if (fault?.kind === "one-piece") {
      const message = { role: "assistant", content: reply.content };
      response.write(event({ ...base, choices: [{ index: 0, message, finish_reason: reply.finish }] }));
      response.end("data: [DONE]\n\n");
      return;
    }
    response.write(chunk({ role: "assistant", content: "" }));
    if (fault?.kind === "no-first-token") return;

    const pieces = inPieces(reply.content ?? "");
    const startedAt = performance.now();
    let sent = 0;
    const limit = fault && "after" in fault ? Math.min(fault.after, pieces.length) : pieces.length;
    const step = (): void => {
      if (response.destroyed) return;
      const due = Math.min(limit, 1 + Math.floor(((performance.now() - startedAt) / 1_000) * tokensPerSecond || 0));
      const upTo = tokensPerSecond === Number.POSITIVE_INFINITY ? limit : due;
      const text = pieces
        .slice(sent, upTo)
        .map((content) => chunk({ content: fault?.kind === "parts" ? partsOf(content) : content }))
        .join("");
      if (fault?.kind === "byte-by-byte") writeBytes(response, text);
      else if (text !== "") response.write(text);
      sent = upTo;
      if (sent < limit) later(5, step);
      else end();
    };
    const end = (): void => {
      switch (fault?.kind) {
        case "stall":
          return;
        case "cut":
          later(0, () => response.destroy());
          return;
        case "end-early":
          response.end();
          return;
        case "error-in-stream":
          response.end(event({ error: { message: "The engine is overloaded", code: fault.code ?? 500 } }));
          return;
      }
      if (reply.refusal) response.write(chunk({ refusal: reply.refusal }));
      response.write(chunk({}, reply.finish));
      if (fault?.kind === "never-ends") return;
      if (body.stream_options?.include_usage) {
        const usage = fault?.kind === "usage" ? fault.usage : usageOf(body, reply.content);
        response.write(event({ ...base, choices: [], usage }));
      }
      response.end("data: [DONE]\n\n");
    };
    step();
  }

  function later(ms: number, run: () => void): void {
    if (ms <= 0) {
      setImmediate(run);
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  }

  await new Promise<void>((done) => server.listen(options.port ?? 0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    open: () => open,
    peak: () => peak,
    next: (...faults) => void queued.push(...faults),
    always: (fault) => {
      standing = fault;
    },
    hold(which) {
      const { promise: released, resolve } = Promise.withResolvers<void>();
      const release = (): void => {
        holding = null;
        resolve();
      };
      holding = { which, requests: [], release, released };
      return holding;
    },
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function partsOf(text: string | null) {
  const thoughts = [{ type: "text", text: '{"question": "no"}' }];
  return [
    { type: "thinking", thinking: thoughts },
    { type: "text", text },
  ];
}

/** Whatever is written goes through a compressor that holds nothing back. */
function compress(response: ServerResponse, encoding: "gzip" | "br"): void {
  const compressor = compressors[encoding]();
  const write = response.write.bind(response) as (chunk: Buffer) => boolean;
  const end = response.end.bind(response) as () => void;
  response.setHeader("content-encoding", encoding);
  compressor.on("data", write).once("end", end);
  response.write = (chunk: string) => compressor.write(chunk);
  response.end = ((chunk?: string) => {
    compressor.end(chunk);
    return response;
  }) as typeof response.end;
}

const compressors = {
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  br: () =>
    createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH, params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

interface Reply {
  content: string | null;
  finish: string;
  refusal: string | null;
}

/** A reply that is right in form and holds our own instructions. */
function echoed(body: ModelRequestBody, content: string): string {
  const instructions = (body.messages[0]?.content ?? "").slice(40, 400).replaceAll("\n", " ");
  return content.replace(
    /"(question|feedback|overallFeedback)":"/,
    (field) => field + JSON.stringify(instructions).slice(1, -1),
  );
}

/**
 * Like a real model's tokens, these do not care where characters end: emoji may be cut in two. Of a reply longer than any
 * should be they are larger, since it takes long enough to read.
 */
function inPieces(content: string): string[] {
  const length = Math.max(tokenLength, Math.ceil(content.length / 2_000));
  return content.match(new RegExp(`[\\s\\S]{1,${length}}`, "g")) ?? [];
}

function writeBytes(response: ServerResponse, text: string): void {
  response.socket?.setNoDelay(true);
  for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
}

function complaintAbout(body: ModelRequestBody, profile: Profile, refuses: string[]): string | null {
  const refused = refuses.find((name) => name in body);
  if (refused) return `Unrecognized request argument supplied: ${refused}`;
  const form = body.response_format?.type;
  const words = body.messages.map(({ content }) => content).join("\n");
  switch (profile) {
    case "strict":
      if (form !== "json_schema") return "'response_format' must be of type json_schema";
      return strictFault(body.response_format?.json_schema?.schema);
    case "json_object":
      if (form === "json_schema") return "Invalid value for response_format.type: json_schema is not supported";
      if (form === "json_object" && !/json/i.test(words)) return "'messages' must contain the word 'json'";
      return null;
    case "text":
      if (form) return "Unknown parameter: response_format";
      if (body.seed !== undefined) return "Unknown parameter: seed";
      return body.stream_options ? "Unknown parameter: stream_options" : null;
  }
}

/** What structured outputs refuse: roots that are no objects, optional fields, unknown keywords. */
function strictFault(schema: any, path = "schema"): string | null {
  if (typeof schema !== "object" || schema === null) return `Invalid schema: ${path} is missing`;
  if (path === "schema" && schema.type !== "object") return "Invalid schema: the root must be an object";
  const known = ["type", "properties", "required", "items", "additionalProperties", "enum", "anyOf", "description"];
  const bounds = ["minimum", "maximum", "minItems", "maxItems"];
  const unknown = Object.keys(schema).find((key) => ![...known, ...bounds].includes(key));
  if (unknown) return `Invalid schema: '${unknown}' is not permitted in ${path}`;
  if (schema.type === "object") {
    const names = Object.keys(schema.properties ?? {});
    if (schema.additionalProperties !== false) return `Invalid schema: additionalProperties must be false in ${path}`;
    if (names.some((name) => !schema.required?.includes(name)))
      return `Invalid schema: all of ${path} must be required`;
    for (const name of names) {
      const fault = strictFault(schema.properties[name], `${path}.${name}`);
      if (fault) return fault;
    }
  }
  return schema.items ? strictFault(schema.items, `${path}[]`) : null;
}

function usageOf(body: ModelRequestBody, content: string | null) {
  const tokens = (text: string): number => Math.ceil(text.length / tokenLength);
  const prompt_tokens = tokens(body.messages.map((message) => message.content).join(""));
  const completion_tokens = tokens(content ?? "");
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function event(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function errorBody(message: string, code: string | null = null) {
  return { error: { message, type: "error", param: null, code } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** As a program: prints its address and serves until it is ended. POST /faults and GET /requests steer and watch it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      profile: { type: "string", default: "strict" },
      "first-token-ms": { type: "string", default: "0" },
      "tokens-per-second": { type: "string", default: "Infinity" },
      "fault-rate": { type: "string", default: "0" },
      /** JSON list of faults. */
      faults: { type: "string", default: "[]" },
    },
  });
  const server = await startModelServer({
    port: Number(values.port),
    profile: values.profile as Profile,
    firstTokenMs: Number(values["first-token-ms"]),
    tokensPerSecond: Number(values["tokens-per-second"]),
    faultRate: Number(values["fault-rate"]),
    faults: JSON.parse(values.faults) as Fault[],
  });
  console.log(server.url);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close().then(() => process.exit(0)));
}

if (import.meta.main) await main();
