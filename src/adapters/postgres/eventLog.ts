import type { LoggedEvent } from "../../interview/events.ts";
import type { EventLog } from "../../ports/events.ts";
import type { Database } from "./database.ts";

export function createEventLog(database: Database): EventLog {
  return {
    async read(sessionId, after, limit) {
      const rows = await database.query<EventRow>(
        `SELECT e.session_id, s.owner_id, e.seq, e.kind, e.data, e.occurred_at
         FROM session_event e JOIN interview_session s ON s.id = e.session_id
         WHERE e.session_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`,
        [sessionId, after, limit],
      );
      return rows.map(toEvent);
    },

    async bounds(sessionId) {
      const [row] = await database.query<{ newest: number; oldest: number; ownerId: string }>(
        `SELECT s.seq AS newest, s.owner_id AS "ownerId",
           coalesce((SELECT min(seq) FROM session_event WHERE session_id = s.id), s.seq + 1) AS oldest
         FROM interview_session s WHERE s.id = $1`,
        [sessionId],
      );
      return row ?? null;
    },

    async readRecent(withinMs, limit) {
      // now(), which stands still within a statement, can be looked up in an index; clock_timestamp() cannot.
      const rows = await database.query<EventRow>(
        `SELECT e.session_id, e.seq, e.kind, e.data, e.occurred_at,
           (SELECT owner_id FROM interview_session WHERE id = e.session_id) AS owner_id
         FROM session_event e
         WHERE e.occurred_at >= now() - $1 * interval '1 millisecond'
         ORDER BY e.occurred_at, e.session_id, e.seq LIMIT $2`,
        [withinMs, limit],
      );
      return rows.map(toEvent);
    },

    async now() {
      const [row] = await database.query<{ now: Date }>("SELECT clock_timestamp() AS now");
      return row!.now;
    },
  };
}

interface EventRow {
  session_id: string;
  owner_id: string;
  seq: number;
  kind: LoggedEvent["kind"];
  data: Record<string, unknown>;
  occurred_at: Date;
}

function toEvent(row: EventRow): LoggedEvent {
  return {
    ...row.data,
    kind: row.kind,
    sessionId: row.session_id,
    ownerId: row.owner_id,
    seq: row.seq,
    occurredAt: row.occurred_at,
  } as LoggedEvent;
}
