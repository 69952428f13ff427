import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Deps } from "./usecases/deps.ts";
import { tail } from "./usecases/tail.ts";
import { trim } from "./usecases/trim.ts";

/** Deletions are stored for ten minutes. */
const longestLookBackMs = 600_000;

/**
 * Tails the log every second, so that events which another node stored but could not publish reach the subscribers of
 * this one.
 */
export function tailRegularly(deps: Pick<Deps, "log" | "bus">, log: Logger): () => void {
  let looking = false;
  let lookedAt = performance.now();
  let openMs = 0;
  const timer = setInterval(() => {
    if (looking) return;
    const now = performance.now();
    if (!deps.bus.hasListeners()) {
      // Whoever comes next is told nothing from before.
      lookedAt = now;
      openMs = 0;
      return;
    }
    looking = true;
    tail(deps, Math.min(now - lookedAt + openMs, longestLookBackMs))
      .then((ms) => {
        lookedAt = now;
        openMs = ms;
      })
      .catch((error) => log.debug({ err: error }, "log not read"))
      .finally(() => (looking = false));
  }, 1_000);
  return () => clearInterval(timer);
}

/** Removes what is past its retention time, at intervals. */
export function trimRegularly(deps: Deps, config: Config, log: Logger): () => void {
  const retention = { eventsMs: config.retention, sessionsMs: config.sessionRetention };
  const shortest = Math.min(retention.eventsMs ?? Infinity, retention.sessionsMs ?? Infinity);
  const timer = setInterval(
    () => {
      trim(deps, retention).then(
        (trimmed) => (trimmed.events + trimmed.sessions > 0 ? log.info(trimmed, "trimmed") : undefined),
        (error) => log.warn({ err: error }, "not trimmed"),
      );
    },
    Math.min(Math.max(shortest / 10, 1_000), 600_000),
  );
  return () => clearInterval(timer);
}
