import { ModelFailure } from "./failures.ts";

export interface TimeLimits {
  /** Aborts the request: cancelled by the caller, or a limit is over. */
  readonly signal: AbortSignal;
  /** The limit that ended the request. */
  expired(): ModelFailure | null;
  /** Something of the reply has come: from here on silence counts. */
  heard(): void;
  /** The reply is whole; what may still come gets a moment. */
  whole(): void;
  stop(): void;
}

const lastWordsMs = 1_000;

/** The limits of one request: until the first token, between tokens, in all. A null limit is none. */
export function startTimeLimits(
  caller: AbortSignal,
  limits: { firstTokenMs: number | null; idleMs: number; totalMs: number },
): TimeLimits {
  const controller = new AbortController();
  let failure: ModelFailure | null = null;
  const expire = (reason: string) => () => {
    failure ??= new ModelFailure("down", reason, { isSlow: true });
    controller.abort(failure);
  };
  const cancel = (): void => controller.abort(caller.reason);
  if (caller.aborted) cancel();
  caller.addEventListener("abort", cancel, { once: true });

  const total = setTimeout(expire("did not finish in time"), limits.totalMs);
  let silence: NodeJS.Timeout | undefined;
  if (limits.firstTokenMs !== null) silence = setTimeout(expire("did not reply in time"), limits.firstTokenMs);
  const restart = (ms: number): void => {
    clearTimeout(silence);
    silence = setTimeout(expire("stopped in the middle of a reply"), ms);
  };

  return {
    signal: controller.signal,
    expired: () => failure,
    heard: () => restart(limits.idleMs),
    whole: () => restart(Math.min(lastWordsMs, limits.idleMs)),
    stop() {
      clearTimeout(total);
      clearTimeout(silence);
      caller.removeEventListener("abort", cancel);
    },
  };
}
