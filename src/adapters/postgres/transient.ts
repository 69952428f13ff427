import { StoreUnavailable } from "../../ports/store.ts";

/** What a failed statement means to its caller. */
export type Failure =
  /** It has had no effect and can be sent again. */
  | "NOT_DONE"
  /** The connection broke or timed out: it may have taken effect. */
  | "UNKNOWN"
  /** The database accepts no writes at the moment. */
  | "READ_ONLY";

/** null: the statement itself is at fault, or was rejected for a reason. */
export function failureOf(error: unknown): Failure | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const { code, message } = cause as { code?: string; message: string };
    const found = (code && codes[code]) || texts.find(([pattern]) => pattern.test(message))?.[1];
    if (found) return found;
    const original = (cause as { meta?: { driverAdapterError?: unknown } }).meta?.driverAdapterError;
    if (original) return failureOf(original);
  }
  return null;
}

/** Whether an error means that the database is unavailable. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailable || failureOf(error) !== null;
}

/**
 * Retries for a short while what certainly had no effect: a deadlock's victim, or a statement that found no connection
 * during a restart. With `repeatable` also what may have had one, because repeating it changes nothing.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  options: { forMs: number; repeatable: boolean },
): Promise<T> {
  const startedAt = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      const again = failure === "NOT_DONE" || (failure === "UNKNOWN" && options.repeatable);
      const pause = Math.min(25 * 2 ** tries, 500) * (0.5 + Math.random());
      if (!again || performance.now() - startedAt + pause > options.forMs) throw new StoreUnavailable(error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

const codes: Record<string, Failure> = {
  "40001": "NOT_DONE",
  "40P01": "NOT_DONE",
  "55P03": "NOT_DONE",
  "53300": "NOT_DONE",
  "57P03": "NOT_DONE",
  ECONNREFUSED: "NOT_DONE",
  ENOTFOUND: "NOT_DONE",
  EAI_AGAIN: "NOT_DONE",
  EHOSTUNREACH: "NOT_DONE",
  P1001: "NOT_DONE",
  P1002: "NOT_DONE",
  P2024: "NOT_DONE",
  // PgBouncer, when its server is away, whatever the statement was doing.
  "08P01": "UNKNOWN",
  "57014": "UNKNOWN",
  "57P01": "UNKNOWN",
  "57P02": "UNKNOWN",
  "25P03": "UNKNOWN",
  "53100": "READ_ONLY",
  "25006": "READ_ONLY",
  ECONNRESET: "UNKNOWN",
  ENETUNREACH: "UNKNOWN",
  EPIPE: "UNKNOWN",
  ETIMEDOUT: "UNKNOWN",
  P1008: "UNKNOWN",
  P1017: "UNKNOWN",
};

const texts: [RegExp, Failure][] = [
  [/timeout exceeded when trying to connect|Connection terminated due to connection timeout/i, "NOT_DONE"],
  [/Connection terminated|Connection ended|Query read timeout|server closed the connection|not queryable/i, "UNKNOWN"],
  [/the database system is (starting up|shutting down|in recovery)/i, "NOT_DONE"],
];
