import type { Store } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import { loadMarks } from "./sessionRows.ts";

/** Questions about sessions that are answered without loading them. */
export function createSessionLookups(
  database: Database,
): Pick<Store, "gone" | "ended" | "findOpenSession" | "askedElsewhere"> {
  return {
    async gone(sessionIds) {
      const there = await loadMarks(database, sessionIds);
      return sessionIds.filter((id) => !there.has(id));
    },

    async ended(sessionIds) {
      if (sessionIds.length === 0) return [];
      const rows = await database.query<{ id: string }>(
        "SELECT id FROM interview_session WHERE id = ANY($1::uuid[]) AND completed_at IS NOT NULL",
        [sessionIds],
      );
      return rows.map(({ id }) => id);
    },

    async findOpenSession(ownerId, by) {
      const [text, value] = "key" in by ? [openByKey, by.key] : [openByText, by.textHash];
      const [row] = await database.query<{ id: string }>(text, [ownerId, value]);
      return row?.id ?? null;
    },

    async askedElsewhere({ id, ownerId, resumeKey }, sessions, limit) {
      const rows = await database.query<{ text: string }>(selectAskedElsewhere, [
        ownerId,
        resumeKey,
        id,
        sessions,
        limit,
      ]);
      return [...new Set(rows.map((row) => row.text))];
    },
  };
}

const isOpen = "status IN ('CREATED', 'IN_PROGRESS')";

const openByKey = `
  SELECT id FROM interview_session WHERE owner_id = $1 AND resume_key = $2 AND ${isOpen}
  ORDER BY created_at DESC, id DESC LIMIT 1`;

/**
 * A text may be stored under several keys. OFFSET 0 makes the planner look sessions up by résumé instead of scanning
 * from the newest one.
 */
const openByText = `
  SELECT s.id FROM resume r CROSS JOIN LATERAL (
    SELECT id, created_at FROM interview_session
    WHERE owner_id = $1 AND resume_key = r.key AND resume_id = r.id AND ${isOpen} OFFSET 0
  ) s WHERE r.owner_id = $1 AND r.text_hash = $2 ORDER BY s.created_at DESC, s.id DESC LIMIT 1`;

const selectAskedElsewhere = `
  WITH s AS (
    SELECT id, created_at FROM interview_session WHERE owner_id = $1 AND resume_key = $2 AND id <> $3
    ORDER BY created_at DESC, id DESC LIMIT $4
  )
  (SELECT text FROM (
    SELECT DISTINCT ON (q.text) q.text, s.created_at, q.index
    FROM s JOIN question q ON q.session_id = s.id AND NOT q.is_follow_up
    ORDER BY q.text, s.created_at DESC
  ) asked ORDER BY created_at DESC, index LIMIT $5)
  UNION ALL
  (SELECT p.draft->>'text' FROM s JOIN planned_question p ON p.session_id = s.id
   ORDER BY s.created_at DESC, p.position LIMIT $5)`;
