import { StoreUnavailable } from "../../ports/store.ts";

/** What a failed statement means for whoever sent it. */
export type Failure =
  /** It has done nothing and may simply be sent again. */
  | "NOT_DONE"
  /** The connection broke under it, or it took too long: it may have been done. */
  | "UNKNOWN"
  /** The database takes no writes at the moment. */
  | "READ_ONLY";

/** null: the statement itself is at fault, or the database said no for a reason. */
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

/** Whether the database is away, as far as an error tells. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailable || failureOf(error) !== null;
}

/**
 * Sends again what has certainly not been done, for a short while: a deadlock's victim, a statement that found no
 * connection during a restart. `repeatable`: also what may have been done, because doing it twice changes nothing.
 */
export async function persist<T>(work: () => Promise<T>, options: { forMs: number; repeatable: boolean }): Promise<T> {
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
  // What a pooler says whose server is away, whatever it was doing.
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
