/** The capabilities of a provider's Chat Completions API. */
export interface Capabilities {
  /** Ways to request the reply's format, best first; when one is rejected the next is used. */
  forms: ReplyForm[];
  streaming: boolean;
  /** Streams report token usage if `stream_options` asks for it. */
  streamUsage: boolean;
  seed: boolean;
  temperature: boolean;
  /** The name of the parameter that limits the reply's tokens. */
  tokenLimit: "max_tokens" | "max_completion_tokens" | null;
}

export type ReplyForm = "json_schema" | "json_object" | "text";

export interface KnownProvider {
  baseUrl: string;
  /** The default model. */
  model: string;
  needsKey: boolean;
  capabilities: Partial<Capabilities>;
}

/** Providers known by name; others need an address and a model, and are assumed to support everything. */
export const knownProviders: Record<string, KnownProvider> = {
  openai: {
    baseUrl: "https://api.openai.com/v1",
    model: "gpt-4.1-mini",
    needsKey: true,
    capabilities: { seed: true, tokenLimit: "max_completion_tokens" },
  },
  gemini: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    model: "gemini-2.5-flash",
    needsKey: true,
    capabilities: {},
  },
  openrouter: {
    baseUrl: "https://openrouter.ai/api/v1",
    model: "openai/gpt-4.1-mini",
    needsKey: true,
    capabilities: { seed: true },
  },
  deepseek: {
    baseUrl: "https://api.deepseek.com/v1",
    model: "deepseek-chat",
    needsKey: true,
    capabilities: { forms: ["json_object", "text"] },
  },
  dashscope: {
    baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    model: "qwen-plus",
    needsKey: true,
    capabilities: { forms: ["json_object", "text"], seed: true },
  },
  ollama: {
    baseUrl: "http://127.0.0.1:11434/v1",
    model: "qwen3:8b",
    needsKey: false,
    capabilities: { seed: true },
  },
};

export function capabilitiesOf(name: string, overrides: Partial<Capabilities> = {}): Capabilities {
  return {
    forms: ["json_schema", "json_object", "text"],
    streaming: true,
    streamUsage: true,
    seed: false,
    temperature: true,
    tokenLimit: "max_tokens",
    ...knownProviders[name]?.capabilities,
    ...overrides,
  };
}

/** What a rejected request reveals about the provider. */
export interface Refusal {
  /** The reduced capabilities; null when the rejection is about none of them. */
  less: Capabilities | null;
  /** The error names the unsupported feature; otherwise it is a guess, and the rejection may have been incidental. */
  isNamed: boolean;
}

/** An error that names no parameter is attributed to the reply's format first. */
export function withoutRefused(able: Capabilities, said: string): Refusal {
  // Many providers use this code for every rejected request.
  const complaint = said.replaceAll("invalid_request_error", "");
  const named = (less: Capabilities): Refusal => ({ less, isNamed: true });
  // Prompt and token limit together may exceed the context although the prompt alone does not: without a limit the
  // reply gets what is left.
  if (able.tokenLimit && /(?:max_tokens|max_completion_tokens)\W.*too large|in the completion/.test(complaint)) {
    return named({ ...able, tokenLimit: null });
  }
  if (/context.?length|context.?window|maximum context|too long|too large|token limit exceeded/.test(complaint))
    return { less: null, isNamed: true };
  if (able.streamUsage && /stream_options|include_usage/.test(complaint)) return named({ ...able, streamUsage: false });
  if (able.seed && /\bseed\b/.test(complaint)) return named({ ...able, seed: false });
  if (able.temperature && /temperature/.test(complaint)) return named({ ...able, temperature: false });
  if (able.tokenLimit && /max_tokens|max_completion_tokens/.test(complaint)) {
    const asksForOther = able.tokenLimit === "max_tokens" && complaint.includes("max_completion_tokens");
    return named({ ...able, tokenLimit: asksForOther ? "max_completion_tokens" : null });
  }
  if (able.forms.length > 1 && /response.?format|schema|json|structured|grammar/.test(complaint)) {
    return named({ ...able, forms: able.forms.slice(1) });
  }
  // The stream may also just have broken.
  if (able.streaming && /\bstream(?:ing)?\b/.test(complaint) && notKnown.test(complaint)) {
    return named({ ...able, streaming: false });
  }
  return { less: withoutNext(able), isNamed: false };
}

const notKnown =
  /support|unknown|unrecogni[sz]ed|unexpected|invalid|not valid|parameter|argument|field|extra|allow|permit|enable|disable|available|must|should|only|不支持|无效|参数/;

function withoutNext(able: Capabilities): Capabilities | null {
  if (able.forms.length > 1) return { ...able, forms: able.forms.slice(1) };
  if (able.seed || able.temperature || able.streamUsage || able.tokenLimit) {
    return { ...able, seed: false, temperature: false, streamUsage: false, tokenLimit: null };
  }
  return able.streaming ? { ...able, streaming: false } : null;
}
