import type { SessionDeleted } from "../interview/events.ts";
import type { UndeliveredEvents } from "../ports/events.ts";
import type { Deps } from "./deps.ts";

/**
 * How far to look back beyond the last run: twice the time that a run may take; buses remember longer than that what they
 * delivered. Deleting many sessions at once takes a while.
 */
const beyond = { eventsMs: 2_000, deletionsMs: 9_000 };
const mostSessions = 20_000;
const mostEvents = 200;

/**
 * Reads the newest events of the log once and delivers on this node those that were stored but could not be published.
 * Only events that listeners lack are read; for deleted sessions nothing has to be. `lastMs` is the time since the last
 * successful run, as the database may have been unreachable from this node alone, and what that run returned: for how
 * long a transaction had been open whose events it could not see yet. Commits may take long, as when a standby is awaited.
 */
export async function tail({ log, bus }: Pick<Deps, "log" | "bus">, lastMs: number): Promise<number> {
  const within = { eventsMs: beyond.eventsMs + lastMs, deletionsMs: beyond.deletionsMs + lastMs };
  const { sessions, owners, openMs } = await log.recent(within, mostSessions, bus.listenedOwners());
  const undelivered = bus.undelivered(sessions);
  const deletions = undelivered.flatMap(deletionIn);
  if (deletions.length > 0) bus.deliver(deletions);
  // Every time: a stream ends once, and streams that began later ignore it.
  if (owners.length > 0) bus.deliver(owners);
  const missing = undelivered.filter(({ deletedAt }) => deletedAt === null);
  const pages = await Promise.all(missing.map(({ sessionId, after }) => log.read(sessionId, after, mostEvents)));
  for (const page of pages) if (page !== null) bus.deliver(page.events);
  return openMs;
}

function deletionIn({ sessionId, ownerId, last, deletedAt }: UndeliveredEvents): SessionDeleted[] {
  return deletedAt === null ? [] : [{ kind: "SessionDeleted", sessionId, ownerId, seq: last, occurredAt: deletedAt }];
}
