import type { LoggedEvent } from "../../interview/events.ts";
import type { EventLog } from "../../ports/events.ts";
import { coalesce } from "./coalesce.ts";
import type { Database } from "./database.ts";

type Bounds = { newest: number; oldest: number; ownerId: string };

/** The stored events. What many ask for at the same moment, as after a node's death, is read by one statement. */
export function createEventLog(database: Database): EventLog {
  const bounds = coalesce<string, Bounds>(async (ids) => {
    const rows = await database.query<Bounds & { id: string }>(
      `SELECT s.id, s.seq AS newest, s.owner_id AS "ownerId",
         coalesce((SELECT min(seq) FROM session_event WHERE session_id = s.id), s.seq + 1) AS oldest
       FROM interview_session s WHERE s.id = ANY($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map(({ id, ...found }) => [id, found]));
  });

  const read = coalesce<string, LoggedEvent[]>(async (keys) => {
    const asked = keys.map((key) => key.split(" ") as [sessionId: string, after: string, limit: string]);
    const rows = await database.query<EventRow & { place: number }>(
      `SELECT w.place::int AS place, e.session_id, s.owner_id, e.seq, e.kind, e.data, e.occurred_at
       FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY AS w(session_id, after, "limit", place)
       CROSS JOIN LATERAL (SELECT owner_id FROM interview_session WHERE id = w.session_id OFFSET 0) s
       CROSS JOIN LATERAL (
         SELECT * FROM session_event
         WHERE session_id = w.session_id AND seq > w.after ORDER BY seq LIMIT w."limit"
       ) e
       ORDER BY w.place, e.seq`,
      [asked.map(([id]) => id), asked.map(([, after]) => Number(after)), asked.map(([, , limit]) => Number(limit))],
    );
    const found = new Map<string, LoggedEvent[]>();
    for (const row of rows) {
      const key = keys[row.place - 1]!;
      const events = found.get(key);
      if (events) events.push(toEvent(row));
      else found.set(key, [toEvent(row)]);
    }
    return found;
  });

  return {
    read: async (sessionId, after, limit) => (await read(`${sessionId} ${after} ${limit}`)) ?? [],
    bounds: bounds,

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
