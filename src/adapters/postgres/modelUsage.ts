import type { ModelUsage } from "../../interview/model.ts";
import { addUsage, noUsage } from "../../interview/usage.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { Store } from "../../ports/store.ts";
import { createBatcher } from "../../shared/batcher.ts";
import type { Database } from "./database.ts";

/** Usage of the language model: per session, and per owner and day. */
export function createModelUsage(database: Database, cipher: Cipher): Pick<Store, "addUsage" | "spending"> {
  // Calls for one session often end together: written one by one they would wait for its row lock.
  const usages = createBatcher<{ sessionId: string; ownerId: string; usage: ModelUsage }>(async (all) => {
    const statements = [...Map.groupBy(all, ({ sessionId }) => sessionId)].map(([sessionId, same]) => {
      const sum = same.reduce((total, { usage }) => addUsage(total, usage), noUsage);
      return database.query(recordUsage, [
        sessionId,
        cipher.pseudonym(same[0]!.ownerId),
        sum.calls,
        sum.inputTokens,
        sum.outputTokens,
        sum.durationMs,
        sum.longestMs,
      ]);
    });
    await Promise.all(statements);
  });

  return {
    addUsage: (sessionId, ownerId, usage) => usages.add({ sessionId, ownerId, usage }),

    async spending(ownerId) {
      const [row] = await database.query<Record<string, number>>(selectSpending, [cipher.pseudonym(ownerId)]);
      const { calls, tokens, allCalls, allTokens, dayEndsInMs } = row!;
      return {
        own: { calls: calls!, tokens: tokens! },
        all: { calls: allCalls!, tokens: allTokens! },
        dayEndsInMs: dayEndsInMs!,
      };
    },
  };
}

/**
 * Counted under the owner's pseudonym, which survives deleteMyData: otherwise that would reset the budget. Only today's
 * counts are needed. Those of earlier days are deleted a few at a time, skipping rows that another statement is
 * deleting.
 */
const recordUsage = `
  WITH past AS (
    DELETE FROM model_spending WHERE (owner_id, day) IN (
      SELECT owner_id, day FROM model_spending WHERE day < (now() AT TIME ZONE 'UTC')::date
      LIMIT 100 FOR UPDATE SKIP LOCKED)
  ), used AS (
    UPDATE interview_session SET model_calls = model_calls + $3, model_input_tokens = model_input_tokens + $4,
      model_output_tokens = model_output_tokens + $5, model_duration_ms = model_duration_ms + $6,
      model_longest_ms = greatest(model_longest_ms, $7)
    WHERE id = $1
  )
  INSERT INTO model_spending (owner_id, day, calls, input_tokens, output_tokens)
  VALUES ($2, (now() AT TIME ZONE 'UTC')::date, $3, $4, $5)
  ON CONFLICT (owner_id, day) DO UPDATE SET calls = model_spending.calls + $3,
    input_tokens = model_spending.input_tokens + $4, output_tokens = model_spending.output_tokens + $5`;

const selectSpending = `
  SELECT coalesce(sum(calls) FILTER (WHERE owner_id = $1), 0)::int AS calls,
    coalesce(sum(input_tokens + output_tokens) FILTER (WHERE owner_id = $1), 0)::float8 AS tokens,
    coalesce(sum(calls), 0)::int AS "allCalls",
    coalesce(sum(input_tokens + output_tokens), 0)::float8 AS "allTokens",
    ceil(extract(epoch FROM date_trunc('day', now() AT TIME ZONE 'UTC') + interval '1 day'
      - (now() AT TIME ZONE 'UTC')) * 1000)::int AS "dayEndsInMs"
  FROM model_spending WHERE day = (now() AT TIME ZONE 'UTC')::date`;
