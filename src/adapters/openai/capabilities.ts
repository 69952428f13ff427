/** What a provider's Chat Completions can do. */
export interface Capabilities {
  /** How a reply's form is asked for, best first; what is refused is followed by the next. */
  forms: ReplyForm[];
  streaming: boolean;
  /** Streams tell the tokens used when asked by `stream_options`. */
  streamUsage: boolean;
  seed: boolean;
  temperature: boolean;
  /** The parameter that limits the reply's tokens. */
  tokenLimit: "max_tokens" | "max_completion_tokens" | null;
}

export type ReplyForm = "json_schema" | "json_object" | "text";

export interface KnownProvider {
  baseUrl: string;
  /** Used where none is set. */
  model: string;
  needsKey: boolean;
  capabilities: Partial<Capabilities>;
}

/** Providers known by name; any other needs its address and model, and is taken to be able to do everything. */
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

/** What a refused request says about the provider. */
export interface Refusal {
  /** What is left of the capabilities; null when it is none of them. */
  less: Capabilities | null;
  /** The complaint names what is not known; otherwise it is a guess, and the refusal may have been a stray one. */
  isNamed: boolean;
}

/** A complaint that names no parameter is taken to mean the reply's form first. */
export function withoutRefused(able: Capabilities, said: string): Refusal {
  // What many providers call every refused request says nothing about this one.
  const complaint = said.replaceAll("invalid_request_error", "");
  const named = (less: Capabilities): Refusal => ({ less, isNamed: true });
  // Room for prompt and reply together may be too much where the prompt alone is not: without a limit it is what is left.
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
  // A stream may also merely have been lost.
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
