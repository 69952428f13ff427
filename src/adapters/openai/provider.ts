import { APIConnectionError, APIError, OpenAI } from "openai";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import type { Prompt } from "../../interview/prompts/prompt.ts";
import { replySchema } from "../../interview/prompts/replySchema.ts";
import type { Capabilities } from "./capabilities.ts";
import { ModelFailure } from "./failures.ts";
import { startTimeLimits, type TimeLimits } from "./timeLimits.ts";
import { ConnectTimeout, createTransport, ReplyTooLong } from "./transport.ts";

/** A Chat Completions endpoint and the limits of a request to it. */
export interface ProviderOptions {
  name: string;
  baseUrl: string;
  apiKey: string | null;
  model: string;
}

export interface RequestLimits {
  connectMs: number;
  firstTokenMs: number;
  /** Without streaming nothing arrives before the reply is complete: additional time per token that it may have. */
  unstreamedTokenMs: number;
  idleMs: number;
}

export interface ModelRequest {
  prompt: Prompt;
  messages: ChatCompletionMessageParam[];
  able: Capabilities;
  seed: number;
  totalMs: number;
  signal: AbortSignal;
  /** The reply's text as it arrives. */
  onText(piece: string): void;
}

/** The outcome of a request, filled in while it runs, so that a broken one still shows what it cost. */
export interface ModelReply {
  /** The request reached the provider, as far as can be known. */
  sent: boolean;
  content: string;
  finish: string | null;
  refusal: boolean;
  /** How it broke off, if something arrived but no finish reason. It may still be complete. */
  cut: ModelFailure | null;
  inputTokens: number;
  outputTokens: number;
}

export interface Provider {
  /** Sends one request. Throws a ModelFailure, or the signal's reason. */
  send(request: ModelRequest, reply: ModelReply): Promise<void>;
  close(): void;
}

/** More than any reply needs; reading stops there. */
const maxCharacters = 256 * 1024;
const maxReplyBytes = 16 * 1024 * 1024;

export function createProvider(options: ProviderOptions, limits: RequestLimits): Provider {
  const transport = createTransport({ connectMs: limits.connectMs, maxReplyBytes });
  const client = new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? "none",
    // Otherwise these are read from the environment and sent to any provider.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: "off",
  });

  return {
    async send(request, reply) {
      const { able, signal, totalMs } = request;
      const { firstTokenMs, idleMs, unstreamedTokenMs } = limits;
      const writingMs = able.streaming ? 0 : request.prompt.maxTokens * unstreamedTokenMs;
      const fetch = transport.fetch((isSent) => {
        reply.sent = isSent;
      });
      const own = client.withOptions({ fetch });
      const time = startTimeLimits(signal, { firstTokenMs: firstTokenMs + writingMs, idleMs, totalMs });
      try {
        if (able.streaming) await stream(own, bodyOf(options.model, request), time, request, reply);
        else await complete(own, bodyOf(options.model, request), time, request, reply);
        signal.throwIfAborted();
        const expired = time.expired();
        if (expired) throw expired;
      } catch (error) {
        signal.throwIfAborted();
        const failure = time.expired() ?? failureOf(error);
        // The reply may have been complete when the connection broke; its reader finds out.
        if (reply.content.length > maxCharacters) throw failure;
        if (reply.finish === null && reply.cut === null) {
          if (reply.content.trim() === "" || failure.kind !== "down") throw failure;
          reply.cut = failure;
        }
      } finally {
        time.stop();
      }
      checkReply(reply);
    },
    close: () => transport.close(),
  };
}

function bodyOf(model: string, { prompt, messages, able, seed }: ModelRequest): ChatCompletionCreateParamsNonStreaming {
  const [form] = able.forms;
  return {
    model,
    messages,
    ...(form === "json_object" ? { response_format: { type: "json_object" } } : {}),
    ...(form === "json_schema"
      ? {
          response_format: {
            type: "json_schema",
            json_schema: { name: prompt.task, strict: true, schema: replySchema(prompt.schema) },
          },
        }
      : {}),
    ...(able.tokenLimit ? { [able.tokenLimit]: prompt.maxTokens } : {}),
    ...(able.temperature ? { temperature: prompt.task === "score_answers" ? 0 : 0.7 } : {}),
    ...(able.seed ? { seed } : {}),
  };
}

async function stream(
  client: OpenAI,
  body: ChatCompletionCreateParamsNonStreaming,
  time: TimeLimits,
  { able, onText }: ModelRequest,
  reply: ModelReply,
): Promise<void> {
  const { data: chunks, response } = await client.chat.completions
    .create(
      { ...body, stream: true, ...(able.streamUsage ? { stream_options: { include_usage: true } } : {}) },
      { signal: time.signal },
    )
    .withResponse();
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("application/json")) return take((await response.json()) as ChatCompletion, reply, onText);
  if (type.includes("text/html")) throw notAModel();

  for await (const chunk of chunks) {
    readUsage(chunk?.usage, reply);
    const choice = chunk?.choices?.[0];
    if (!choice) continue;
    const { message } = choice as Partial<ChatCompletion.Choice>;
    // Some gateways send the whole reply as one piece.
    const delta = (choice.delta ?? message) as (ChatCompletionChunk.Choice.Delta & Thoughts) | undefined;
    if (delta?.content || delta?.refusal || delta?.reasoning || delta?.reasoning_content) time.heard();
    if (delta?.refusal) reply.refusal = true;
    const text = textOf(delta?.content);
    if (text !== "") {
      reply.content += text;
      if (reply.content.length > maxCharacters) throw new ReplyTooLong();
      onText(text);
    }
    if (readEnding(choice, reply)) time.whole();
  }
}

/** How providers stream a model's reasoning. */
interface Thoughts {
  reasoning?: string | null;
  reasoning_content?: string | null;
}

/** The text of a content, which some reasoning models send in parts, with their thoughts among them. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (part?.type === "text" && typeof part.text === "string" ? part.text : "")).join("");
}

/** Reads why a reply has ended, in whichever words; false if it has not. A provider's own failure leaves it cut. */
function readEnding(choice: object, reply: ModelReply): boolean {
  const { error, finish_reason: reason } = choice as { error?: object | null; finish_reason?: string | null };
  if (error) reply.cut = failureOf(new APIError(undefined, error, undefined, undefined));
  else if (!reason) return false;
  else if (/^(?:error|abort|cancell?ed|network_error|insufficient_system_resource)/i.test(reason)) {
    reply.cut = new ModelFailure("down", "broke off in the middle of a reply");
  } else if (/^(?:max_(?:output_)?tokens|model_length|model_context_window_exceeded)$/i.test(reason)) {
    reply.finish = "length";
  } else if (/^(?:sensitive|safety|prohibited_content)$/i.test(reason)) reply.finish = "content_filter";
  else reply.finish = reason;
  return true;
}

async function complete(
  client: OpenAI,
  body: ChatCompletionCreateParamsNonStreaming,
  time: TimeLimits,
  { onText }: ModelRequest,
  reply: ModelReply,
): Promise<void> {
  take(await client.chat.completions.create(body, { signal: time.signal }), reply, onText);
}

/** Takes a complete, untyped completion, whose metadata is not reliable. */
function take(completion: Partial<ChatCompletion> | string | null, reply: ModelReply, onText: (piece: string) => void) {
  if (typeof completion !== "object" || completion === null) throw notAModel();
  if ("error" in completion && completion.error) {
    throw new APIError(undefined, completion.error, undefined, undefined);
  }
  if (!Array.isArray(completion.choices)) throw notAModel();
  readUsage(completion.usage, reply);
  const choice = completion.choices[0];
  reply.refusal = Boolean(choice?.message?.refusal);
  reply.content = textOf(choice?.message?.content);
  if (reply.content.length > maxCharacters) throw new ReplyTooLong();
  if (reply.content !== "") onText(reply.content);
  if (!choice || !readEnding(choice, reply)) reply.finish = "stop";
}

/** More tokens than any model processes for one of our requests: such numbers are errors of the provider. */
const mostTokens = 1_000_000;

/** Ignores impossible numbers: they are summed up, stored and charged to budgets. */
function readUsage(usage: ChatCompletion["usage"] | null, reply: ModelReply): void {
  const isCredible = (tokens: unknown): tokens is number =>
    Number.isInteger(tokens) && (tokens as number) >= 0 && (tokens as number) <= mostTokens;
  if (isCredible(usage?.prompt_tokens)) reply.inputTokens = usage.prompt_tokens;
  if (isCredible(usage?.completion_tokens)) reply.outputTokens = usage.completion_tokens;
}

function checkReply(reply: ModelReply): void {
  if (reply.refusal || reply.finish === "content_filter") throw new ModelFailure("refused", "declined to answer");
  if (reply.content.trim() !== "") return;
  if (reply.cut !== null) throw reply.cut;
  // The same request would end the same way.
  if (reply.finish === "length") throw new ModelFailure("bad", "used up its tokens before it replied");
  throw new ModelFailure("empty", "sent an empty reply");
}

function notAModel(): ModelFailure {
  return new ModelFailure("down", "did not answer like a language model");
}

/** Describes an error without texts of the provider or the request. */
function failureOf(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  const causes = [error, (error as Error)?.cause, ((error as Error)?.cause as Error)?.cause];
  if (causes.some((cause) => cause instanceof ReplyTooLong))
    return new ModelFailure("bad", "sent far too long a reply");
  if (causes.some((cause) => cause instanceof ConnectTimeout)) {
    return new ModelFailure("down", "could not be reached in time");
  }
  if (error instanceof APIConnectionError) return new ModelFailure("down", "could not be reached");
  if (error instanceof APIError) return statusFailure(error);
  return new ModelFailure("down", "broke off in the middle of a reply");
}

function statusFailure(error: APIError): ModelFailure {
  const complaint = `${error.param ?? ""} ${error.code ?? ""} ${error.message ?? ""}`.toLowerCase();
  // Errors within a stream, or in place of a reply, have no status, only a code.
  const code = Number(error.code);
  const implied = code >= 400 && code < 600 ? code : /rate.?limit|429/.test(complaint) ? 429 : 500;
  const status = error.status ?? implied;
  const retryAfterMs = retryAfter(error.headers) ?? (status === 429 ? waitInWords(complaint) : null);
  const details = { status: error.status ?? null, retryAfterMs, complaint };
  // A provider that names a wait has quota left: Gemini mentions billing in its limits per minute too.
  if (status === 429 && /insufficient_quota|billing/.test(complaint) && waitInWords(complaint) === null) {
    return new ModelFailure("unusable", "has no quota left (429)", details);
  }
  if (status === 429) return new ModelFailure("busy", "asked to wait (429)", details);
  if ((status === 400 || status === 403) && filtered.test(complaint)) {
    return new ModelFailure("refused", "declined to answer", details);
  }
  if (status === 400 && misconfigured.test(complaint)) {
    return new ModelFailure("unusable", "is not usable as configured (400)", details);
  }
  if (status === 400 || status === 422)
    return new ModelFailure("unsupported", `refused the request (${status})`, details);
  if ([408, 409, 425].includes(status) || status >= 500) {
    return new ModelFailure("down", `had an error of its own (${status})`, details);
  }
  if ([401, 402, 403, 404, 405].includes(status) || status < 400) {
    return new ModelFailure("unusable", `is not usable as configured (${status})`, details);
  }
  return new ModelFailure("rejected", `refused the request (${status})`, details);
}

/** A content filter rejected the text, as several providers word it: due to its author, not to the configuration. */
const filtered =
  /content.?(?:filter|policy|management)|moderation|data_inspection|(?:input|prompt) was flagged|content exists risk/;

/** A wrong key, model or account, for which some providers send 400 instead of 401, 402 or 404. */
const misconfigured =
  /api.?key (?:is )?(?:not valid|invalid|expired|not found)|(?:invalid|incorrect) api.?key|not a valid model|(?:invalid|unknown) model (?:name|id)|model_not_found|\bmodel (?:\S+ )?(?:is |does )?not (?:exist|found)|arrearage|location is not supported/;

/** A wait given only in the error message: "Please retry in 17.3s", "try again in 6m0s", "in 20ms". */
function waitInWords(complaint: string): number | null {
  const found = /(?:try again|retry) in (?:(\d+)m(?!s))?([\d.]+)(m?s)/.exec(complaint);
  if (found === null) return null;
  const [, minutes = "0", number, unit] = found;
  const ms = Number(minutes) * 60_000 + Number(number) * (unit === "ms" ? 1 : 1_000);
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : null;
}

/**
 * Reads Retry-After, seconds or a date, and the milliseconds that some providers send. null for none or a time in the
 * past.
 */
function retryAfter(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact) && exact > 0) return exact;
  const value = headers?.get("retry-after");
  if (!value) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
