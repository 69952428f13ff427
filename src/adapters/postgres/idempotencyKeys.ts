import type { IdempotencyUse, IdempotentCreation, Store } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import type { Statement } from "./statement.ts";

export function createIdempotencyKeys(database: Database): Pick<Store, "findByIdempotencyKey" | "keepIdempotencyKey"> {
  return {
    async findByIdempotencyKey(ownerId, key) {
      const [row] = await database.query<IdempotentCreation>(
        `SELECT session_id AS "sessionId", input_hash AS "inputHash", reused_existing AS "reusedExisting"
         FROM idempotency_key WHERE owner_id = $1 AND key = $2`,
        [ownerId, key],
      );
      return row ?? null;
    },

    async keepIdempotencyKey(ownerId, use, sessionId) {
      const rows = await database.query(
        `INSERT INTO idempotency_key (owner_id, key, input_hash, session_id, reused_existing)
         SELECT $1, $2, $3, id, true FROM interview_session WHERE id = $4
         ON CONFLICT DO NOTHING RETURNING key`,
        [ownerId, use.key, use.inputHash, sessionId],
      );
      return rows.length > 0;
    },
  };
}

/** Stores the key with the session that the statement inserts as "moved". */
export function addIdempotencyPart(statement: Statement, ownerId: string, use: IdempotencyUse): void {
  statement.add(
    "keyed",
    `INSERT INTO idempotency_key (owner_id, key, input_hash, session_id, reused_existing)
     SELECT ${statement.value(ownerId)}, ${statement.value(use.key)}, ${statement.value(use.inputHash)}, moved.id, false
     FROM moved RETURNING key`,
  );
}
