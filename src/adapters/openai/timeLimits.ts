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

/** The limits of one request: until the first token, between tokens, in all. */
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
  /** In two steps: a process that was held up itself reads what has arrived meanwhile before it complains. */
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
