import type { LoggedEvent, OwnerDeleted, SessionDeleted } from "../../interview/events.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { EventLog, EventPage, RecentEvents } from "../../ports/events.ts";
import { coalesce } from "./coalesce.ts";
import type { Database } from "./database.ts";

/** The stored events. Simultaneous reads, as after the death of a node, share one statement. */
export function createEventLog(database: Database, cipher: Cipher): EventLog {
  const read = coalesce<string, EventPage>(async (keys) => {
    const asked = keys.map((key) => key.split(" ") as [sessionId: string, after: string, limit: string]);
    const rows = await database.query<PageRow>(
      `SELECT w.place::int AS place, s.owner_id AS "ownerId", s.seq AS newest, s.oldest, e.events
       FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY AS w(session_id, after, "limit", place)
       CROSS JOIN LATERAL (
         SELECT owner_id, seq,
           coalesce((SELECT min(seq) FROM session_event WHERE session_id = w.session_id), seq + 1) AS oldest
         FROM interview_session WHERE id = w.session_id OFFSET 0
       ) s
       CROSS JOIN LATERAL (
         SELECT json_agg(json_build_array(seq, kind, data, occurred_at) ORDER BY seq) AS events
         FROM (
           SELECT seq, kind, data, occurred_at FROM session_event
           WHERE session_id = w.session_id AND seq > w.after ORDER BY seq LIMIT w."limit"
         ) page
       ) e`,
      [
        asked.map(([id]) => id),
        asked.map(([, after]) => (after === "" ? null : Number(after))),
        asked.map(([, , limit]) => Number(limit)),
      ],
    );
    return new Map(rows.map((row) => [keys[row.place - 1]!, toPage(asked[row.place - 1]![0], row)]));
  });

  return {
    read: (sessionId, after, limit) => read(`${sessionId} ${after ?? ""} ${limit}`),

    async readAll({ occurredAt, sessionId, seq }, limit, owners) {
      const rows = await database.query<EventRow>(
        `SELECT * FROM (
           (SELECT e.session_id, e.seq, e.kind, e.data, e.occurred_at,
             (SELECT owner_id FROM interview_session WHERE id = e.session_id) AS owner_id
           FROM session_event e
           WHERE (e.occurred_at, e.session_id, e.seq) > ($1, $2, $3)
           ORDER BY e.occurred_at, e.session_id, e.seq LIMIT $4)
           UNION ALL
           (SELECT id, seq, 'SessionDeleted', '{}', deleted_at, owner_id FROM deleted_session
           WHERE (deleted_at, id, seq) > ($1, $2, $3) ORDER BY deleted_at, id, seq LIMIT $4)
         ) page
         ORDER BY occurred_at, session_id, seq LIMIT $4`,
        [occurredAt, sessionId, seq, limit],
      );
      const resolveOwner = ownerResolver(owners, cipher);
      return rows.map((row) => toEvent({ ...row, owner_id: resolveOwner(row.owner_id) }));
    },

    async recent({ eventsMs, deletionsMs }, limit, owners) {
      // Before the events: a transaction that ends in between has its events read, or is known to have been open.
      const [open] = await database.query<{ ms: number }>(openSince);
      const [row] = await database.query<RecentRow>(
        `SELECT (SELECT json_agg(json_build_array(owner_id, deleted_at)) FROM (
             SELECT owner_id, deleted_at FROM deleted_owner
             WHERE deleted_at >= now() - $2 * interval '1 millisecond' LIMIT $3) o) AS owners,
           json_agg(json_build_array(session_id, owner_id, first, last, deleted_at)) AS sessions
         FROM (
           SELECT e.session_id, s.owner_id, e.first, e.last, NULL::timestamptz AS deleted_at
           FROM (
             SELECT session_id, min(seq) AS first, max(seq) AS last FROM session_event
             WHERE occurred_at >= now() - $1 * interval '1 millisecond' GROUP BY session_id LIMIT $3
           ) e
           CROSS JOIN LATERAL (SELECT owner_id FROM interview_session WHERE id = e.session_id OFFSET 0) s
           UNION ALL
           (SELECT id, owner_id, seq, seq, deleted_at FROM deleted_session
           WHERE deleted_at >= now() - $2 * interval '1 millisecond' LIMIT $3)
         ) recent`,
        [eventsMs, deletionsMs, limit],
      );
      const resolveOwner = ownerResolver(owners, cipher);
      const sessions = (row!.sessions ?? []).map(([sessionId, ownerId, first, last, deletedAt]): RecentEvents => {
        if (deletedAt === null) return { sessionId, ownerId, first, last, deletedAt };
        return { sessionId, ownerId: resolveOwner(ownerId), first, last, deletedAt: new Date(deletedAt) };
      });
      const gone = (row!.owners ?? []).map(([ownerId, deletedAt]): OwnerDeleted => {
        return { kind: "OwnerDeleted", ownerId: resolveOwner(ownerId), seq: null, occurredAt: new Date(deletedAt) };
      });
      return { sessions, owners: gone, openMs: open!.ms };
    },

    async deletionOf(sessionId) {
      const [row] = await database.query<SessionDeleted>(`SELECT ${deletion} FROM deleted_session WHERE id = $1`, [
        sessionId,
      ]);
      return row ?? null;
    },

    async now() {
      const [row] = await database.query<{ now: Date }>("SELECT clock_timestamp() AS now");
      return row!.now;
    },
  };
}

/**
 * Owners who deleted everything are stored under a pseudonym, which callers who know their ids can recognise. The
 * pseudonyms are computed only when there is a deletion to compare with.
 */
function ownerResolver(owners: string[], cipher: Cipher): (stored: string) => string {
  let byPseudonym: Map<string, string> | null = null;
  return (stored) => {
    byPseudonym ??= new Map(owners.map((id) => [cipher.pseudonym(id), id]));
    return byPseudonym.get(stored) ?? stored;
  };
}

/** For how long the oldest writing transaction of any of our nodes has been open. */
const openSince = `
  SELECT coalesce(extract(epoch FROM clock_timestamp() - min(xact_start)) * 1000, 0)::float8 AS ms
  FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()
    AND application_name = current_setting('application_name')`;

/** A row of deleted_session as a SessionDeleted event. */
export const deletion = `'SessionDeleted' AS kind, id AS "sessionId", owner_id AS "ownerId", seq, deleted_at AS "occurredAt"`;

interface RecentRow {
  sessions: [sessionId: string, ownerId: string, first: number, last: number, deletedAt: string | null][] | null;
  owners: [ownerId: string, deletedAt: string][] | null;
}

interface PageRow extends Omit<EventPage, "events"> {
  place: number;
  /** One JSON value for all events of a session: parsing a row with columns for each costs several times as much. */
  events: [seq: number, kind: LoggedEvent["kind"], data: Record<string, unknown>, occurredAt: string][] | null;
}

function toPage(sessionId: string, { ownerId, newest, oldest, events }: PageRow): EventPage {
  const logged = (events ?? []).map(
    ([seq, kind, data, occurredAt]) =>
      ({ ...data, kind, sessionId, ownerId, seq, occurredAt: new Date(occurredAt) }) as LoggedEvent,
  );
  return { ownerId, newest, oldest, events: logged };
}

interface EventRow {
  session_id: string;
  owner_id: string;
  seq: number;
  kind: (LoggedEvent | SessionDeleted)["kind"];
  data: Record<string, unknown>;
  occurred_at: Date;
}

function toEvent(row: EventRow): LoggedEvent | SessionDeleted {
  return {
    ...row.data,
    kind: row.kind,
    sessionId: row.session_id,
    ownerId: row.owner_id,
    seq: row.seq,
    occurredAt: row.occurred_at,
  } as LoggedEvent | SessionDeleted;
}
