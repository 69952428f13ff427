import { BadReply } from "./failures.ts";

/** The JSON object in a reply, also from a code fence or from between prose. Throws BadReply. */
export function findJson(content: string): Record<string, unknown> {
  const text = withoutThoughts(content);
  const whole = parseObject(text);
  if (whole) return whole;
  let best: { length: number; value: Record<string, unknown> } | null = null;
  let from = text.indexOf("{");
  for (let candidates = 0; from >= 0 && candidates < 50; candidates++) {
    const end = endOfObject(text, from);
    const value = end < 0 ? null : parseObject(text.slice(from, end));
    if (value && (best === null || end - from > best.length)) best = { length: end - from, value };
    from = text.indexOf("{", value ? end : from + 1);
  }
  if (best === null) throw new BadReply("it holds no whole, valid JSON object.");
  return best.value;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Models that think aloud do so before they reply. */
export function withoutThoughts(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?<\/think>/, "");
}

/** Just behind the bracket that closes the object which begins at `start`; -1 when it does not end. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  return -1;
}

export interface ScannerHooks {
  /** An object in an array of the reply's root has arrived whole: its text. */
  onItem?(json: string): void;
  /** A string field of the reply's root, as far as it has arrived. */
  field?: string;
  onField?(text: string, whole: boolean): void;
}

/**
 * Reads a reply while it arrives, each character once. It only finds pieces: whether the reply is any good is decided
 * when it is there.
 */
export function createJsonScanner(hooks: ScannerHooks): { feed(piece: string): void } {
  let text = "";
  let at = 0;
  let nesting = "";
  let string: { decoded: string; escape: string | null; kept: boolean } | null = null;
  let key = "";
  let expectsKey = true;
  let itemStart = 0;

  /** The root begins with a brace that a quote follows; prose before it may hold other braces. */
  function findRoot(): boolean {
    if (/^\s*<think>/.test(text)) {
      const end = text.indexOf("</think>");
      if (end < 0) return false;
      at = Math.max(at, end);
    }
    const root = /\{\s*"/.exec(text.slice(at));
    if (!root) return false;
    at += root.index;
    return true;
  }

  function readString(character: string): void {
    const { escape: begun, kept } = string!;
    let decoded = "";
    if (begun === null) {
      if (character === "\\") string!.escape = "";
      else if (character === '"') endString();
      else decoded = character;
    } else {
      const sequence = begun + character;
      const done = sequence[0] !== "u" || sequence.length === 5;
      string!.escape = done ? null : sequence;
      if (done) decoded = decode(sequence);
    }
    if (kept && string) string.decoded += decoded;
  }

  function endString(): void {
    const { decoded, kept } = string!;
    string = null;
    if (!kept) return;
    if (expectsKey) key = decoded;
    else if (key === hooks.field) hooks.onField?.(decoded, true);
  }

  function read(character: string): void {
    if (string) {
      readString(character);
      return;
    }
    switch (character) {
      case '"':
        string = { decoded: "", escape: null, kept: nesting === "{" && (expectsKey || key === hooks.field) };
        return;
      case "{":
      case "[":
        nesting += character;
        expectsKey = character === "{";
        if (nesting === "{[{") itemStart = at;
        return;
      case "}":
      case "]":
        if (nesting === "{[{") hooks.onItem?.(text.slice(itemStart, at + 1));
        nesting = nesting.slice(0, -1);
        return;
      case ":":
        expectsKey = false;
        return;
      case ",":
        expectsKey = nesting.endsWith("{");
    }
  }

  let found = false;
  let over = false;
  return {
    feed(piece) {
      text += piece;
      found = found || findRoot();
      if (over || !found) return;
      for (; at < text.length && !over; at++) {
        read(text[at]!);
        over = nesting === "" || nesting.length > deepest;
      }
      const writing = string as { decoded: string; kept: boolean } | null;
      if (writing?.kept && !expectsKey) hooks.onField?.(writing.decoded, false);
    },
  };
}

const deepest = 32;

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function decode(sequence: string): string {
  if (sequence[0] !== "u") return escapes[sequence] ?? sequence;
  return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
}
