import { type Failpoint, failpoints } from "./ports/failpoints.ts";

/** Reads the text of one setting, or throws a SettingsFault that names it. */
export type Parse<T> = (text: string, name: string) => T;

export class SettingsFault extends Error {
  constructor(name: string, complaint: string) {
    super(`${name} ${complaint}`);
    this.name = "SettingsFault";
  }
}

export interface RateLimit {
  calls: number;
  windowMs: number;
}

/** A secret that logs and errors cannot reveal by accident. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
}

export const text: Parse<string> = (value) => value;
export const optional: Parse<string | null> = (value) => (value === "" ? null : value);
export const secret: Parse<Secret | null> = (value) => (value === "" ? null : new Secret(value));
export const flag: Parse<boolean> = (value, name) => {
  if (["true", "on", "1"].includes(value)) return true;
  if (["false", "off", "0"].includes(value)) return false;
  throw new SettingsFault(name, `must be on or off (or true or false), not "${value}"`);
};
export const onOff: Parse<boolean | null> = (value, name) => (value === "" ? null : flag(value, name));
export const list: Parse<string[]> = (value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

export function whole(min: number, max: number): Parse<number> {
  return (value, name) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || number < min || number > max) {
      throw new SettingsFault(name, `must be a whole number from ${min} to ${max}, not "${value}"`);
    }
    return number;
  };
}

export const share: Parse<number> = (value, name) => {
  const number = Number(value);
  if (!/^[\d.]+$/.test(value) || !(number >= 0 && number <= 1)) {
    throw new SettingsFault(name, `must be a number from 0 to 1, not "${value}"`);
  }
  return number;
};

/** null: automatic. */
export function wholeOrAuto(min: number, max: number): Parse<number | null> {
  return (value, name) => (value === "auto" ? null : whole(min, max)(value, name));
}

export function oneOf<T extends string>(...values: T[]): Parse<T> {
  return (value, name) => {
    if (!values.includes(value as T)) throw new SettingsFault(name, `must be ${values.join(" or ")}, not "${value}"`);
    return value as T;
  };
}

/** Any other value is a mistake that would leave open what production closes. */
export const nodeEnv: Parse<string> = (value, name) =>
  value === "" ? value : oneOf("production", "development", "test")(value, name);

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration within bounds. */
export function time(shortest: string, longest: string): Parse<number> {
  const [min, max] = [readDuration(shortest)!, readDuration(longest)!];
  return (value, name) => {
    const ms = readDuration(value);
    if (ms === null) throw new SettingsFault(name, `must be a time like 25s, 500ms or 10m, not "${value}"`);
    if (ms < min || ms > max) throw new SettingsFault(name, `must be from ${shortest} to ${longest}, not "${value}"`);
    return ms;
  };
}

/** Milliseconds of "25s", "500ms", "10m"; null if malformed. */
function readDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match && Math.round(Number(match[1]) * units[match[2]!]!);
}

/** Longest time for a timer: Node fires longer ones at once. */
export const longestTimer = "24d";
export const duration = time("1ms", longestTimer);

/** DRAIN_DELAY and DRAIN_TIMEOUT together are one timer. */
export const drainTime = time("0s", "12d");

/** PostgreSQL has no dates before 4713 BC. 0 is not allowed: everything would be removed at once. */
const age = time("1ms", "36500d");
export const optionalAge: Parse<number | null> = (value, name) =>
  value === "" || value === "off" ? null : age(value, name);

/** "5/60s": calls in a window. "off": no limit. */
export const rate: Parse<RateLimit | null> = (value, name) => {
  if (value === "off" || value === "") return null;
  const match = /^([1-9]\d{0,8})\/(.+)$/.exec(value);
  const windowMs = match && readDuration(match[2]!);
  if (!windowMs) throw new SettingsFault(name, `must look like 5/60s or be off, not "${value}"`);
  return { calls: Number(match[1]), windowMs };
};

/** Rate limiters count in windows of whole seconds and use timers. */
export const callRate: Parse<RateLimit | null> = (value, name) => {
  const limit = rate(value, name);
  if (limit !== null && (limit.windowMs % 1_000 > 0 || limit.windowMs > readDuration(longestTimer)!)) {
    throw new SettingsFault(name, `must count over whole seconds, from 1s to ${longestTimer}, not "${value}"`);
  }
  return limit;
};

export function address(...protocols: string[]): Parse<string | null> {
  return (value, name) => {
    if (value === "") return null;
    const complaint = `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) throw new SettingsFault(name, complaint);
    return value.replace(/\/+$/, "");
  };
}

/** The Redis client decodes the user name and password. */
export const redisAddress: Parse<string | null> = (value, name) => {
  const found = address("redis:", "rediss:")(value, name);
  try {
    if (found !== null) decodeURIComponent(new URL(found).username + new URL(found).password);
    return found;
  } catch {
    throw new SettingsFault(name, "must have a % in its account or password written as %25");
  }
};

/** Paths are appended to it. */
export const publicAddress: Parse<string | null> = (value, name) => {
  const found = address("http:", "https:")(value, name);
  if (found !== null && /[?#]/.test(found)) throw new SettingsFault(name, "cannot have a query or a fragment");
  return found;
};

export const origins: Parse<string[]> = (value, name) =>
  list(value, name).map((given) => {
    if (given === "*") return given;
    // As copied from a browser's address bar.
    const origin = given.replace(/\/$/, "");
    if (URL.parse(origin)?.origin === origin) return origin;
    throw new SettingsFault(name, `must be origins like https://app.example.com, not "${given}"`);
  });

/** "after-commit", "after-commit:3". */
export function failpoint(value: string, name: string): { point: Failpoint; time: number } | null {
  if (value === "") return null;
  const [point, time = "1"] = value.split(":");
  if (!failpoints.includes(point as Failpoint)) {
    throw new SettingsFault(name, `must be one of ${failpoints.join(", ")}, not "${value}"`);
  }
  return { point: point as Failpoint, time: whole(1, 1_000_000)(time, name) };
}

export function optionalWhole(value: string, name: string): number | null {
  return value === "off" || value === "" ? null : whole(1, Number.MAX_SAFE_INTEGER)(value, name);
}

/** Checked at the start: a key that no header can carry would fail every call. */
export function headerSecret(value: string, name: string): Secret | null {
  if (/[^\x20-\x7e]/.test(value)) throw new SettingsFault(name, "must be one line of plain ASCII");
  return secret(value, name);
}
