import type { Deps } from "./deps.ts";

/** How long things are kept after an interview has ended, in milliseconds; null: for ever. */
export interface Retention {
  eventsMs: number | null;
  sessionsMs: number | null;
}

const batch = 500;
/** Nodes look for deletions every second; the rest is for those that could not. */
const deletionsMs = 600_000;

/** Removes what is past its retention time. Several nodes may do it at once. */
export async function trim(
  deps: Deps,
  { eventsMs, sessionsMs }: Retention,
): Promise<{ events: number; sessions: number }> {
  const trimmed = { events: 0, sessions: 0 };
  if (eventsMs !== null) {
    for (let removed = batch; removed === batch; trimmed.events += removed) {
      removed = await deps.store.trimEvents(eventsMs, batch);
    }
  }
  if (sessionsMs !== null) {
    for (;;) {
      const removed = await deps.store.removeExpired(sessionsMs, batch);
      trimmed.sessions += removed.length;
      deps.bus.publish(removed);
      if (removed.length < batch) break;
    }
  }
  await deps.store.forgetDeletions(deletionsMs);
  return trimmed;
}
