import type { Deps } from "./deps.ts";

/** Twice the time that a look and a commit may take. */
const withinMs = 3_000;
const mostSessions = 20_000;
const mostEvents = 200;

/**
 * One look at the newest events of the log: what was stored and could not be published reaches those who watch on this
 * node. Only what they have not been told is read.
 */
export async function tail({ log, bus }: Pick<Deps, "log" | "bus">): Promise<void> {
  const missing = bus.untold(await log.recent(withinMs, mostSessions));
  const pages = await Promise.all(missing.map(({ sessionId, after }) => log.read(sessionId, after, mostEvents)));
  for (const page of pages) if (page !== null) bus.deliver(page.events);
}
