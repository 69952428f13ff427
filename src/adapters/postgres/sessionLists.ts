import { type SessionStatus, sessionStatuses } from "../../interview/model.ts";
import type { SessionFilter, SessionOrder, SessionPage, SessionPlace, SessionSummary } from "../../ports/store.ts";
import type { Database } from "./database.ts";

/** Each order matches an index. Sessions without a score come last in both orders by score. */
const orders: Record<SessionOrder, { score: string | null; unscored: number; descending: boolean }> = {
  NEWEST_FIRST: { score: null, unscored: 0, descending: true },
  OLDEST_FIRST: { score: null, unscored: 0, descending: false },
  HIGHEST_SCORE_FIRST: { score: "coalesce(overall_score, -1)", unscored: -1, descending: true },
  LOWEST_SCORE_FIRST: { score: "coalesce(overall_score, 101)", unscored: 101, descending: false },
};

const words = "session_words(job_title, company_name, resume_key, owner_id)";

export function listSessions(
  database: Database,
  filter: SessionFilter,
  order: SessionOrder,
  { after, before, limit, backwards }: SessionPage,
): Promise<SessionPlace[]> {
  const { score, unscored, descending } = orders[order];
  const columns = [...(score ? [score] : []), "created_at", "id"];
  const where = new Conditions(filter);
  const beside = (place: SessionPlace, sign: "<" | ">"): void => {
    const values = [...(score ? [place.score ?? unscored] : []), place.createdAt, place.id];
    where.add(`(${columns.join(", ")}) ${sign} (${values.map((value) => where.value(value)).join(", ")})`);
  };
  if (after) beside(after, descending ? "<" : ">");
  if (before) beside(before, descending ? ">" : "<");
  if (filter.statuses) where.add(`status = ANY(${where.value(filter.statuses)})`);
  const direction = descending === backwards ? "ASC" : "DESC";
  return database.query<SessionPlace>(
    `SELECT id, created_at AS "createdAt", overall_score AS score FROM interview_session WHERE ${where}
     ORDER BY ${columns.map((column) => `${column} ${direction}`).join(", ")} LIMIT ${where.value(limit)}`,
    where.values,
  );
}

export async function summarizeSessions(database: Database, filter: SessionFilter): Promise<SessionSummary> {
  const where = new Conditions(filter);
  const rows = await database.query<{ status: SessionStatus; sessions: number; scored: number; sum: number }>(
    `SELECT status, count(*)::int AS sessions, count(overall_score)::int AS scored,
       coalesce(sum(overall_score), 0)::float AS sum
     FROM interview_session WHERE ${where} GROUP BY status`,
    where.values,
  );
  const counts = new Map(rows.map(({ status, sessions }) => [status, sessions]));
  const listed = rows.filter(({ status }) => filter.statuses?.includes(status) ?? true);
  const scored = listed.reduce((all, row) => all + row.scored, 0);
  return {
    statusCounts: Object.fromEntries(sessionStatuses.map((status) => [status, counts.get(status) ?? 0])) as Record<
      SessionStatus,
      number
    >,
    averageScore: scored === 0 ? null : listed.reduce((all, row) => all + row.sum, 0) / scored,
  };
}

/** Everything in a filter except the states, which apply to lists only. */
class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = ["true"];

  constructor(filter: SessionFilter) {
    if (filter.visibleTo !== null) this.add(`owner_id = ${this.value(filter.visibleTo)}`);
    if (filter.ownerId !== null) this.add(`owner_id = ${this.value(filter.ownerId)}`);
    if (filter.resumeKey !== null) this.add(`resume_key = ${this.value(filter.resumeKey)}`);
    if (filter.from) this.add(`created_at >= ${this.value(filter.from)}`);
    if (filter.to) this.add(`created_at < ${this.value(filter.to)}`);
    for (const word of filter.words) {
      const wanted = `lower_case(${this.value(word)}::text)`;
      // The index narrows down the candidates; the exact match is checked below. A single character has no pairs.
      if ([...word].length > 1) this.add(`text_pairs(${words}) @> text_pairs(${wanted})`);
      this.add(`strpos(${words}, ${wanted}) > 0`);
    }
  }

  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  add(condition: string): void {
    this.#parts.push(condition);
  }

  toString(): string {
    return this.#parts.join(" AND ");
  }
}
