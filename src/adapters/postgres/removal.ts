import type { OwnerDeleted, SessionDeleted } from "../../interview/events.ts";
import type { Cipher } from "../../ports/cipher.ts";
import { ClaimLost, type JobSql } from "../../ports/jobs.ts";
import type { Store } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import { deletion } from "./eventLog.ts";
import { isUsed, retryOnForeignKeyViolation } from "./resumes.ts";
import type { SessionCache } from "./sessionCache.ts";

/** Removal of sessions, of everything that an owner has, and of what is past its retention time. */
export function createRemoval(
  database: Database,
  jobs: JobSql,
  cipher: Cipher,
  sessions: SessionCache,
): Pick<Store, "remove" | "takeBack" | "removeOwner" | "trimEvents" | "removeExpired" | "forgetDeletions"> {
  return {
    async remove(sessionId) {
      const [deleted] = await retryOnForeignKeyViolation(() =>
        database.query<SessionDeleted>(deleteSession(jobs.removeSql, "true"), [sessionId]),
      );
      sessions.forget(sessionId);
      return deleted ?? null;
    },

    async takeBack(session, { jobId, attempt }) {
      const held = (at: number) => jobs.heldSql(`ARRAY[$${at}::uuid]`, `ARRAY[$${at + 1}::int]`);
      const sql = deleteSession(jobs.removeSql, `version = $2 AND ${held(3)}`);
      const values = [session.id, session.version, jobId, attempt];
      const [deleted] = await retryOnForeignKeyViolation(() => database.query<SessionDeleted>(sql, values));
      sessions.forget(session.id);
      if (deleted) return deleted;
      const [claim] = await database.query<{ held: boolean }>(`SELECT ${held(1)} AS held`, [jobId, attempt]);
      if (!claim!.held) throw new ClaimLost();
      return "CONFLICT";
    },

    async removeOwner(ownerId) {
      const removed = await retryOnForeignKeyViolation(() =>
        database.transaction(async (tx) => {
          const owned = await tx.query<{ id: string; seq: number }>(
            "DELETE FROM interview_session WHERE owner_id = $1 RETURNING id, seq",
            [ownerId],
          );
          for (const { id } of owned) await tx.query(jobs.removeSql, [id]);
          for (const table of ["idempotency_key", "resume"]) {
            await tx.query(`DELETE FROM ${table} WHERE owner_id = $1`, [ownerId]);
          }
          // Last, so that their timestamps are close to the commit: readers of recent deletions look back only a
          // little.
          const [ids, seqs] = [owned.map(({ id }) => id), owned.map(({ seq }) => seq)];
          const pseudonym = cipher.pseudonym(ownerId);
          await tx.query("UPDATE deleted_session SET owner_id = $2 WHERE owner_id = $1", [ownerId, pseudonym]);
          const deletions = await tx.query<SessionDeleted>(insertOwnedDeletions, [pseudonym, ids, seqs]);
          const [owner] = await tx.query<OwnerDeleted>(insertOwnerDeletion, [pseudonym]);
          return { sessions: deletions.map((deleted) => ({ ...deleted, ownerId })), owner: { ...owner!, ownerId } };
        }),
      );
      for (const { sessionId } of removed.sessions) sessions.forget(sessionId);
      return removed;
    },

    async trimEvents(olderThanMs, limit) {
      const rows = await database.query(
        `DELETE FROM session_event WHERE (session_id, seq) IN (
           SELECT e.session_id, e.seq FROM session_event e JOIN interview_session s ON s.id = e.session_id
           WHERE e.occurred_at < ${ago} AND ${ended} LIMIT $2) RETURNING seq`,
        [olderThanMs, limit],
      );
      return rows.length;
    },

    async removeExpired(olderThanMs, limit) {
      // Texts that concurrent removals left behind. First, because a failure after sessions were removed would keep the
      // caller from publishing their events.
      await retryOnForeignKeyViolation(() =>
        database.query(`DELETE FROM resume r WHERE NOT current AND NOT ${isUsed}`),
      );
      const removed = await retryOnForeignKeyViolation(() =>
        database.query<SessionDeleted>(deleteExpired, [olderThanMs, limit]),
      );
      for (const { sessionId } of removed) sessions.forget(sessionId);
      return removed;
    },

    async forgetDeletions(olderThanMs) {
      for (const table of ["deleted_session", "deleted_owner"]) {
        await database.query(`DELETE FROM ${table} WHERE deleted_at < now() - $1 * interval '1 millisecond'`, [
          olderThanMs,
        ]);
      }
    },
  };
}

/**
 * Deleting a session deletes its events. The deletion itself is recorded here, for nodes and streams that have missed
 * it. A session that was restored from a backup can be deleted again.
 */
const insertDeletions = `
  INSERT INTO deleted_session (id, owner_id, seq) SELECT id, owner_id, seq + 1 FROM gone
  ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, deleted_at = clock_timestamp()
  RETURNING ${deletion}`;

/** Under the owner's pseudonym: no record may name an owner who asked for deletion. */
const insertOwnedDeletions = `
  WITH gone AS (SELECT id, $1::text AS owner_id, seq FROM unnest($2::uuid[], $3::int[]) AS owned (id, seq))
  ${insertDeletions}`;

const insertOwnerDeletion = `
  INSERT INTO deleted_owner (owner_id) VALUES ($1) ON CONFLICT (owner_id) DO UPDATE SET deleted_at = clock_timestamp()
  RETURNING 'OwnerDeleted' AS kind, owner_id AS "ownerId", NULL AS seq, deleted_at AS "occurredAt"`;

/**
 * OFFSET 0 makes the planner look the résumé's other sessions up by index, whatever it estimates their number to be.
 */
const deleteSession = (removeJobs: string, condition: string): string => `
  WITH gone AS (
    DELETE FROM interview_session WHERE id = $1::uuid AND ${condition} RETURNING id, owner_id, seq, resume_id
  ), jobs AS (
    ${removeJobs} AND EXISTS (SELECT 1 FROM gone)
  ), unused AS (
    DELETE FROM resume r USING gone WHERE r.id = gone.resume_id AND NOT r.current
      AND NOT EXISTS (SELECT 1 FROM interview_session s WHERE s.resume_id = r.id AND s.id <> gone.id OFFSET 0)
  ) ${insertDeletions}`;

/** Sessions that have been final for that long. */
const ended = `s.status IN ('COMPLETED', 'EVALUATED') AND s.evaluation_status IN ('COMPLETED', 'FAILED')
  AND coalesce(s.evaluated_at, s.completed_at) < clock_timestamp() - $1 * interval '1 millisecond'`;
const ago = "clock_timestamp() - $1 * interval '1 millisecond'";

/** A résumé is deleted with the last of its sessions. One without any session is kept. */
const deleteExpired = `
  WITH gone AS (
    DELETE FROM interview_session WHERE id IN (
      SELECT s.id FROM interview_session s WHERE s.completed_at < ${ago} AND ${ended} LIMIT $2)
    RETURNING id, owner_id, seq, resume_id
  ), unused AS (
    DELETE FROM resume r WHERE id IN (SELECT resume_id FROM gone) AND NOT EXISTS (
      SELECT 1 FROM interview_session s WHERE s.resume_id = r.id AND s.id NOT IN (SELECT id FROM gone))
  ) ${insertDeletions}`;
