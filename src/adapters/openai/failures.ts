import type { Locale } from "../../interview/model.ts";

/**
 * Why one request to a provider brought nothing.
 * - unusable: it will not serve us (key, address, model); asking again is of no use
 * - busy: it asks us to wait
 * - down: not reached, too slow, broken off, or an error of its own
 * - empty: it answered, with nothing in it
 * - refused: the model would not, or a filter stopped it
 * - bad: a reply that cannot be used
 * - rejected: it does not take this request, whoever sends it
 * - unsupported: it does not know something that the request asks for
 */
export type FailureKind = "unusable" | "busy" | "down" | "empty" | "refused" | "bad" | "rejected" | "unsupported";

/** A failed request, described in words that may be shown: without addresses, keys or personal texts. */
export class ModelFailure extends Error {
  readonly kind: FailureKind;
  /** A few words for people: "did not reply in time". */
  readonly reason: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** It timed out. */
  readonly isSlow: boolean;
  /** The provider's error text in lower case, to find out which feature it lacks. Never shown. */
  readonly complaint: string;

  constructor(kind: FailureKind, reason: string, details: FailureDetails = {}) {
    super(reason);
    this.name = "ModelFailure";
    this.kind = kind;
    this.reason = reason;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.isSlow = details.isSlow ?? false;
    this.complaint = details.complaint ?? "";
  }
}

const chinese: Record<FailureKind, string> = {
  unusable: "按当前配置无法使用，或额度已用尽",
  busy: "请求过多，要求稍后再试",
  down: "无法连接、响应超时或出现故障",
  empty: "返回了空的内容",
  refused: "拒绝作答",
  bad: "返回的内容无法使用",
  rejected: "拒绝了请求，或因多次失败而暂停使用",
  unsupported: "不支持该请求",
};

/** The reason in an interview's language. */
export function reasonIn(locale: Locale, { kind, reason, status }: ModelFailure): string {
  if (locale === "EN") return reason;
  return status === null ? chinese[kind] : `${chinese[kind]}（${status}）`;
}

interface FailureDetails {
  status?: number | null;
  retryAfterMs?: number | null;
  isSlow?: boolean;
  complaint?: string;
}

/** A reply with a fault; the model is told `fault` when it is asked to repair it. */
export class BadReply extends Error {
  readonly fault: string;

  constructor(fault: string) {
    super("The reply cannot be used");
    this.name = "BadReply";
    this.fault = fault;
  }
}
