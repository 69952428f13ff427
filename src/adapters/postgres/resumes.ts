import type { Resume } from "../../interview/model.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { Store } from "../../ports/store.ts";
import { type Database, foreignKeyViolation } from "./database.ts";

/**
 * Résumé texts. The newest text under a key is the current one; replaced texts are kept as long as a session uses them.
 */
export function createResumes(
  database: Database,
  cipher: Cipher,
): Pick<Store, "findResume" | "loadResume" | "saveResume" | "removeResume" | "removeUnusedTexts"> {
  return {
    async findResume(ownerId, by) {
      const [condition, value] = "key" in by ? ["key = $2", by.key] : ["text_hash = $2", by.textHash];
      const [row] = await database.query<Resume>(
        `${selectResume} WHERE owner_id = $1 AND ${condition} AND current ORDER BY created_at DESC, id DESC LIMIT 1`,
        [ownerId, value],
      );
      return row ? { ...row, text: cipher.open(row.text) } : null;
    },

    async loadResume(resumeId) {
      const [row] = await database.query<Resume>(`${selectResume} WHERE id = $1`, [resumeId]);
      return row ? { ...row, text: cipher.open(row.text) } : null;
    },

    async saveResume(resume, textHash) {
      for (;;) {
        const [row] = await database.query<Resume>(insertResume, [
          resume.id,
          resume.ownerId,
          resume.key,
          cipher.seal(resume.text),
          textHash,
          resume.createdAt,
        ]);
        if (row) return { ...row, text: resume.text };
      }
    },

    async removeResume(ownerId, key) {
      const rows = await retryOnForeignKeyViolation(() =>
        database.query<{ id: string; current: boolean }>(deleteResume, [ownerId, key]),
      );
      return rows.find(({ current }) => current)?.id ?? null;
    },

    async removeUnusedTexts(ownerId, key) {
      await retryOnForeignKeyViolation(() =>
        database.query(`DELETE FROM resume r WHERE owner_id = $1 AND key = $2 AND NOT current AND NOT ${isUsed}`, [
          ownerId,
          key,
        ]),
      );
    },
  };
}

const selectResume = `SELECT id, owner_id AS "ownerId", key, text, created_at AS "createdAt" FROM resume`;

/** Returns the row that is current afterwards, or no row if a concurrent write interfered. */
const insertResume = `
  WITH same AS (
    SELECT id, owner_id, key, created_at FROM resume
    WHERE owner_id = $2 AND key = $3 AND text_hash = $5 AND current
  ), replaced AS (
    UPDATE resume SET current = false
    WHERE owner_id = $2 AND key = $3 AND current AND text_hash <> $5 RETURNING id
  ), added AS (
    INSERT INTO resume (id, owner_id, key, text, text_hash, created_at)
    SELECT $1, $2, $3, $4, $5, $6
    WHERE NOT EXISTS (SELECT 1 FROM same) AND (SELECT count(*) FROM replaced) >= 0
    ON CONFLICT DO NOTHING
    RETURNING id, owner_id, key, created_at
  )
  SELECT id, owner_id AS "ownerId", key, created_at AS "createdAt" FROM same
  UNION ALL SELECT id, owner_id, key, created_at FROM added`;

export const isUsed = "EXISTS (SELECT 1 FROM interview_session s WHERE s.resume_id = r.id)";

const deleteResume = `
  WITH gone AS (
    DELETE FROM resume r WHERE owner_id = $1 AND key = $2 AND NOT ${isUsed} RETURNING id, current
  ), kept AS (
    UPDATE resume r SET current = false WHERE owner_id = $1 AND key = $2 AND current AND ${isUsed} RETURNING id
  )
  SELECT id, current FROM gone UNION ALL SELECT id, true FROM kept`;

/**
 * A session that was created meanwhile from a text being removed keeps that text, by its foreign key: the removal is
 * repeated.
 */
export async function retryOnForeignKeyViolation<T>(remove: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await remove();
    } catch (error) {
      if ((error as { code?: string }).code !== foreignKeyViolation) throw error;
    }
  }
}
