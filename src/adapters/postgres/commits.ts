import type { Decision } from "../../interview/decision.ts";
import type { LoggedEvent } from "../../interview/events.ts";
import type { ModelUsage, Session } from "../../interview/model.ts";
import type { Cipher } from "../../ports/cipher.ts";
import { type Claim, ClaimLost, type JobSql } from "../../ports/jobs.ts";
import type { Committed } from "../../ports/store.ts";
import { createBatcher } from "../../shared/batcher.ts";
import type { Database } from "./database.ts";
import { addParts, type Change } from "./sessionParts.ts";
import { markOf } from "./sessionRows.ts";
import { Statement } from "./statement.ts";

export interface Stored {
  done: Omit<Committed, "change">;
  mark: string;
}

type Outcome = Stored | "CONFLICT";
type WriteOutcome = Outcome | "CLAIM_LOST" | { error: unknown };

/**
 * Stores decisions: state, events and jobs of a change are written by one statement, or nothing is. Decisions about
 * other sessions that arrive while statements are running share the next one, because most of a statement's cost is per
 * statement. If one change makes a shared statement fail, each of them is written in a statement of its own.
 */
export class Commits {
  readonly #database: Database;
  readonly #jobs: JobSql;
  readonly #cipher: Cipher;
  readonly #batcher = createBatcher((changes: Change[]) => this.#store(changes), {
    concurrency: 2,
    maxSize: 64,
    slowMs: 100,
    // A second change of the same session would conflict: it was decided on a state that the first one replaces.
    keyOf: ({ before }) => before.id,
  });

  constructor(database: Database, jobs: JobSql, cipher: Cipher) {
    this.#database = database;
    this.#jobs = jobs;
    this.#cipher = cipher;
  }

  async commit(before: Session, decision: Decision, claims: Claim[]): Promise<Outcome> {
    const change = { before, decision, claims, jobs: this.#jobs.stamp(decision.jobs) };
    const outcome = (await this.#batcher.add(change)).get(before.id)!;
    if (outcome === "CONFLICT") return outcome;
    if (outcome === "CLAIM_LOST") throw new ClaimLost();
    if ("error" in outcome) throw outcome.error;
    return outcome;
  }

  async #store(changes: Change[]): Promise<Map<string, WriteOutcome>> {
    try {
      return await this.#write(changes);
    } catch (error) {
      if (changes.length === 1 || !isCausedByOneChange(error)) throw error;
      const alone = changes.map((change) =>
        this.#write([change]).catch((own) => new Map<string, WriteOutcome>([[change.before.id, { error: own }]])),
      );
      return new Map((await Promise.all(alone)).flatMap((outcomes) => [...outcomes]));
    }
  }

  async #write(changes: Change[]): Promise<Map<string, WriteOutcome>> {
    const statement = new Statement();
    const claimed = changes.some(({ claims }) => claims.length > 0);
    const held = claimed ? `(c.job_ids IS NULL OR ${this.#jobs.heldSql("c.job_ids", "c.attempts")})` : "true";
    statement.add("change", `SELECT * FROM ${statement.rows(changeColumns, changes.map(toRow))}`);
    statement.add(
      "moved",
      `UPDATE interview_session s SET ${sessionColumns.map((column) => `${column} = c.${column}`).join(", ")}
       FROM change c
       WHERE s.id = ANY(${statement.ids(changes.map(({ before }) => before.id))}) AND s.id = c.id
         AND s.version = c.version_before AND ${held}
       RETURNING s.id, ${markOf("s")} AS mark, json_build_object('calls', s.model_calls,
         'inputTokens', s.model_input_tokens, 'outputTokens', s.model_output_tokens,
         'durationMs', s.model_duration_ms, 'longestMs', s.model_longest_ms) AS usage`,
    );
    await addParts(statement, changes, this.#cipher, this.#jobs);
    const rows = await this.#database.query<MovedRow>(
      statement.text(
        `c.id, m.mark, m.usage, CASE WHEN m.id IS NULL THEN ${held} ELSE true END AS held, clock_timestamp() AS at
         FROM change c LEFT JOIN moved m ON m.id = c.id`,
      ),
      statement.values,
    );
    const changeOf = new Map(changes.map((change) => [change.before.id, change]));
    return new Map(rows.map((row) => [row.id, outcomeOf(changeOf.get(row.id)!, row)]));
  }
}

interface MovedRow {
  id: string;
  mark: string | null;
  usage: ModelUsage | null;
  held: boolean;
  at: Date;
}

function outcomeOf({ before, decision }: Change, { mark, usage, held, at }: MovedRow): WriteOutcome {
  if (!held) return "CLAIM_LOST";
  if (mark === null) return "CONFLICT";
  // Usage is counted without a new version: it may have grown since the session was read.
  const session = { ...decision.session, usage: usage! };
  return { done: committed(before, { ...decision, session }, at), mark };
}

/** An error caused by the data of one change, or by a conflict over its session. */
function isCausedByOneChange(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  // Data exceptions, constraint violations, deadlocks and serialization failures, lock timeouts.
  return typeof code === "string" && /^(22|23|40|55)...$/.test(code);
}

const sessionColumnTypes = {
  seq: "int",
  version: "int",
  status: "text",
  turn: "text",
  started_at: "timestamptz",
  completed_at: "timestamptz",
  evaluated_at: "timestamptz",
  evaluation_status: "text",
  evaluation_error: "text",
  evaluation_attempt: "int",
  evaluation_percent: "int",
  scoring_version: "int",
  overall_score: "int",
};
const sessionColumns = Object.keys(sessionColumnTypes);
const changeColumns = {
  id: "uuid",
  version_before: "int",
  job_ids: "uuid[]",
  attempts: "int[]",
  ...sessionColumnTypes,
};

function toRow({ before, decision: { session, events }, claims }: Change): Record<keyof typeof changeColumns, unknown> {
  const evaluation = session.evaluation;
  return {
    id: before.id,
    version_before: before.version,
    job_ids: claims.length > 0 ? claims.map(({ jobId }) => jobId) : null,
    attempts: claims.length > 0 ? claims.map(({ attempt }) => attempt) : null,
    seq: before.seq + events.length,
    version: before.version + 1,
    status: session.status,
    turn: session.turn,
    started_at: session.startedAt,
    completed_at: session.completedAt,
    evaluated_at: session.evaluatedAt,
    evaluation_status: evaluation?.status ?? null,
    evaluation_error: evaluation?.error ?? null,
    evaluation_attempt: evaluation?.attempt ?? 0,
    evaluation_percent: evaluation?.percent ?? 0,
    scoring_version: session.scoringVersion,
    overall_score: session.overallScore,
  };
}

export function committed(before: Session, decision: Decision, at: Date): Omit<Committed, "change"> {
  const { events, session } = decision;
  return {
    session: { ...session, seq: before.seq + events.length, version: before.version + 1 },
    events: events.map(
      (event, index): LoggedEvent => ({
        ...event,
        sessionId: session.id,
        ownerId: session.ownerId,
        seq: before.seq + index + 1,
        occurredAt: at,
      }),
    ),
  };
}
