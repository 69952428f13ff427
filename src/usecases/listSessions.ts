import type { Session } from "../interview/model.ts";
import type { SessionFilter, SessionOrder, SessionPage, SessionPlace, SessionSummary } from "../ports/store.ts";
import type { Deps } from "./deps.ts";

export interface ListedSession {
  session: Session;
  place: SessionPlace;
}

/** A page of the sessions that match a filter, each with its position; one deleted meanwhile is left out. */
export async function listSessions(
  { store }: Pick<Deps, "store">,
  filter: SessionFilter,
  order: SessionOrder,
  page: SessionPage,
): Promise<ListedSession[]> {
  const places = await store.listSessions(filter, order, page);
  const listed = await Promise.all(places.map(async (place) => ({ place, session: await store.load(place.id) })));
  return listed.filter((entry): entry is ListedSession => entry.session !== null);
}

export interface ListSummary {
  read(): Promise<SessionSummary>;
  /** How many sessions match the filter. */
  total(): Promise<number>;
}

/** Aggregates over all sessions that match a filter: read once, and only when requested. */
export function summarizeList({ store }: Pick<Deps, "store">, filter: SessionFilter): ListSummary {
  let reading: Promise<SessionSummary> | undefined;
  const read = () => (reading ??= store.summarizeSessions(filter));
  return { read, total: async () => totalOf(await read(), filter) };
}

function totalOf({ statusCounts }: SessionSummary, { statuses }: SessionFilter): number {
  let total = 0;
  for (const [status, count] of Object.entries(statusCounts)) {
    if (statuses === null || statuses.some((wanted) => wanted === status)) total += count;
  }
  return total;
}
