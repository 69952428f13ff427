import { ModelFailure } from "./failures.ts";

export interface TimeLimits {
  /** Aborts the request when the caller cancels or a limit is reached. */
  readonly signal: AbortSignal;
  /** The limit that ended the request. */
  expired(): ModelFailure | null;
  /** A part of the reply arrived: restarts the idle timer. */
  heard(): void;
  /** The reply is complete; the rest of the stream gets a moment. */
  whole(): void;
  stop(): void;
}

const lastWordsMs = 1_000;

/** The time limits of one request: until the first token, between tokens, in total. */
export function startTimeLimits(
  caller: AbortSignal,
  limits: { firstTokenMs: number; idleMs: number; totalMs: number },
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
  /** In two steps: a process that was itself blocked first reads what has arrived meanwhile. */
  const listen = (ms: number, reason: string): void => {
    clearTimeout(silence);
    silence = setTimeout(
      () => {
        silence = setTimeout(expire(reason), ms / 4);
      },
      (ms * 3) / 4,
    );
  };
  const broken = "stopped in the middle of a reply";
  listen(limits.firstTokenMs, "did not reply in time");

  return {
    signal: controller.signal,
    expired: () => failure,
    heard: () => listen(limits.idleMs, broken),
    whole: () => listen(Math.min(lastWordsMs, limits.idleMs), broken),
    stop() {
      clearTimeout(total);
      clearTimeout(silence);
      caller.removeEventListener("abort", cancel);
    },
  };
}
