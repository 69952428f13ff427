import type { RowFragment, SessionOrder, SessionStatus, SessionsQueryVariables } from "./generated/graphql.ts";

/** Which sessions the board shows, and in which order. */
export interface Filter {
  status: SessionStatus | null;
  search: string;
  /** Days of this place, as `2026-11-25`; "" where it does not matter. Both belong to what is shown. */
  from: string;
  to: string;
  order: SessionOrder;
}

export const everything: Filter = { status: null, search: "", from: "", to: "", order: "NEWEST_FIRST" };

export const orders: readonly SessionOrder[] = [
  "NEWEST_FIRST",
  "OLDEST_FIRST",
  "HIGHEST_SCORE_FIRST",
  "LOWEST_SCORE_FIRST",
];

/** Such a key says nothing to anybody, and the server does not search it. */
const madeByServer = /^text-[0-9a-f]{32}$/;

/** What the server is asked for. */
export function variablesOf({ status, search, from, to, order }: Filter): SessionsQueryVariables {
  return {
    status: status === null ? null : [status],
    ofState: status !== null,
    search: wordsOf(search).join(" ") || null,
    from: startOf(from, 0),
    to: startOf(to, 1),
    order,
  };
}

/** Whether a session that an event tells of belongs to what the filter leaves, whatever its state. */
export function fits({ jobTitle, companyName, resumeId, ownerId, createdAt }: RowFragment, filter: Filter): boolean {
  const { from, to } = variablesOf(filter);
  if (typeof from === "string" && createdAt < from) return false;
  if (typeof to === "string" && createdAt >= to) return false;
  const said = [jobTitle ?? "", companyName ?? "", madeByServer.test(resumeId) ? "" : resumeId, ownerId]
    .join("\n")
    .toLowerCase();
  return wordsOf(filter.search).every((word) => said.includes(word.toLowerCase()));
}

/** Which of two sessions comes first; those without a score come last. */
export function comparison(order: SessionOrder): (a: Placed, b: Placed) => number {
  const byAge = (a: Placed, b: Placed): number =>
    a.session.createdAt.localeCompare(b.session.createdAt) || (a.session.id < b.session.id ? -1 : 1);
  const byScore = (a: Placed, b: Placed, without: number): number =>
    (a.report?.overallScore ?? without) - (b.report?.overallScore ?? without) || byAge(a, b);
  switch (order) {
    case "NEWEST_FIRST":
      return (a, b) => byAge(b, a);
    case "OLDEST_FIRST":
      return byAge;
    case "HIGHEST_SCORE_FIRST":
      return (a, b) => byScore(b, a, -1);
    case "LOWEST_SCORE_FIRST":
      return (a, b) => byScore(a, b, 101);
  }
}

interface Placed {
  session: RowFragment;
  report: { overallScore: number } | null;
}

/** The server takes no more of them. */
function wordsOf(search: string): string[] {
  return search.split(/\s+/).filter(Boolean).slice(0, 10);
}

/** The beginning of a day, or of the one so many days later. */
function startOf(day: string, later: number): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date + later).toISOString();
}
