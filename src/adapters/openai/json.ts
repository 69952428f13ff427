import { BadReply } from "./failures.ts";

/** Extracts the JSON object of a reply, even from a code fence or surrounding prose. Throws BadReply. */
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

/**
 * Removes the reasoning that some models write before the reply. Where the chat template opens it, the reply contains only
 * the closing tag.
 */
export function withoutThoughts(text: string): string {
  if (!mayBeThoughts(text)) return text;
  const end = closing.exec(text);
  if (end) return text.slice(end.index + end[0].length);
  return opening.test(text.trimStart()) ? "" : text;
}

/** Whether reasoning may come first, or be all there is of a reply that broke off. */
export function mayBeThoughts(text: string): boolean {
  return /^\s*[^\s{`]/.test(text);
}

/** The index after the bracket that closes the object at `start`; -1 if it is not closed. */
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
  list?: string;
  /** Called with the text of each complete object in the root's list. */
  onItem?(json: string): void;
  /** The name of a string field of the root that is streamed. */
  field?: string;
  onField?(text: string, whole: boolean): void;
}

/** Scans a reply while it arrives, each character once. It only finds pieces: the complete reply is validated later. */
export function createJsonScanner(hooks: ScannerHooks): { feed(piece: string): void } {
  let phase: "start" | "thinking" | "searching" | "inside" = "start";
  /** Text not scanned yet, or part of the current item. */
  let text = "";
  let at = 0;
  let nesting = "";
  let string: { decoded: string; escape: string | null; kept: boolean } | null = null;
  let key = "";
  let expectsKey = true;
  let itemStart = 0;

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
        if (nesting === "{[{" && key === hooks.list) hooks.onItem?.(text.slice(itemStart, at + 1));
        nesting = nesting.slice(0, -1);
        return;
      case ":":
        expectsKey = false;
        return;
      case ",":
        expectsKey = nesting.endsWith("{");
    }
  }

  /** Advances as far as the text allows; false when it needs more. */
  function advance(): boolean {
    switch (phase) {
      case "start": {
        text = text.trimStart();
        if (text === "" || (/^<[^>]*$/.test(text) && text.length < longestTag)) return false;
        // Thoughts without their opening tag look like prose. A field's text can start over, but an item is taken for good.
        const isThinking = hooks.onItem ? mayBeThoughts(text) : opening.test(text);
        phase = isThinking ? "thinking" : "searching";
        return true;
      }
      case "thinking": {
        const end = closing.exec(text);
        at = end ? end.index + end[0].length : Math.max(0, text.length - longestTag);
        if (end) phase = "searching";
        return end !== null;
      }
      case "searching": {
        // The root is a brace followed by a quote; prose before it may contain other braces.
        const brace = text.indexOf("{", at);
        at = brace < 0 ? text.length : brace;
        const next = text.slice(at + 1, at + farthest).trimStart()[0];
        if (next === undefined && text.length < at + farthest) return false;
        if (next === '"') phase = "inside";
        else at++;
        return true;
      }
      case "inside":
        for (; at < text.length; at++) {
          read(text[at]!);
          if (nesting.length > deepest) return false;
          if (nesting !== "") continue;
          // That object was part of the prose: another may follow.
          phase = "searching";
          at++;
          return true;
        }
        return false;
    }
  }

  return {
    feed(piece) {
      if (nesting.length > deepest) return;
      text += piece;
      while (advance());
      if (phase !== "start") {
        const kept = nesting.startsWith("{[{") ? itemStart : at;
        text = text.slice(kept);
        at -= kept;
        itemStart = 0;
      }
      const writing = string as { decoded: string; kept: boolean } | null;
      if (writing?.kept && !expectsKey) hooks.onField?.(writing.decoded, false);
    },
  };
}

/** Longest white space between the root's brace and its first quote. */
const farthest = 100;

const opening = /^<(?:seed:)?(?:think(?:ing)?|thoughts?|reasoning)>/;
const closing = /<\/(?:seed:)?(?:think(?:ing)?|thoughts?|reasoning)>/;
const longestTag = 20;
const deepest = 32;

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function decode(sequence: string): string {
  if (sequence[0] !== "u") return escapes[sequence] ?? sequence;
  return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
}
