import type { SessionDeleted } from "../interview/events.ts";
import type { UntoldEvents } from "../ports/events.ts";
import type { Deps } from "./deps.ts";

/**
 * Beyond the last look: twice the time that a look and a commit may take, and buses remember longer what they have told.
 * Deletions of many sessions at once take a while.
 */
const beyond = { eventsMs: 2_000, deletionsMs: 9_000 };
const mostSessions = 20_000;
const mostEvents = 200;

/**
 * One look at the newest events of the log: what was stored and could not be published reaches those who watch on this
 * node. Only what they have not been told is read, and of deleted sessions nothing: there is no more to it. `lastMs` is
 * how long ago the last look was that succeeded: a database may have been away from this node alone.
 */
export async function tail({ log, bus }: Pick<Deps, "log" | "bus">, lastMs: number): Promise<void> {
  const within = { eventsMs: beyond.eventsMs + lastMs, deletionsMs: beyond.deletionsMs + lastMs };
  const { sessions, owners } = await log.recent(within, mostSessions, bus.listenedOwners());
  const untold = bus.untold(sessions);
  const deletions = untold.flatMap(deletionIn);
  if (deletions.length > 0) bus.deliver(deletions);
  // Each time: a stream ends once, and those that have begun since pass over it.
  if (owners.length > 0) bus.deliver(owners);
  const missing = untold.filter(({ deletedAt }) => deletedAt === null);
  const pages = await Promise.all(missing.map(({ sessionId, after }) => log.read(sessionId, after, mostEvents)));
  for (const page of pages) if (page !== null) bus.deliver(page.events);
}

function deletionIn({ sessionId, ownerId, last, deletedAt }: UntoldEvents): SessionDeleted[] {
  return deletedAt === null ? [] : [{ kind: "SessionDeleted", sessionId, ownerId, seq: last, occurredAt: deletedAt }];
}
