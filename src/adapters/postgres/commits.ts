import type { Decision } from "../../interview/decision.ts";
import type { LoggedEvent } from "../../interview/events.ts";
import type { ModelUsage, Question, Session } from "../../interview/model.ts";
import { plannedChange } from "../../interview/sessionChange.ts";
import type { Cipher } from "../../ports/cipher.ts";
import { type Claim, ClaimLost, type JobSql, type SqlFragment, type StampedJob } from "../../ports/jobs.ts";
import type { Committed } from "../../ports/store.ts";
import { createBatcher } from "../../shared/batcher.ts";
import type { Database } from "./database.ts";
import { sealJson } from "./sealed.ts";

/** What is to become of one session. */
export interface Change {
  before: Session;
  decision: Decision;
  claims: Claim[];
  jobs: StampedJob[];
}

type Outcome = { done: Omit<Committed, "change">; mark: string } | "CONFLICT";
type Fate = Outcome | "CLAIM_LOST" | { error: unknown };

/**
 * Stores what was decided, as one statement that writes state, events and jobs or does nothing at all. What is decided
 * about other sessions while statements are at work goes along in the next one: most of what a statement costs, it
 * costs once. What one session's change does wrong is its own affair: the others are then stored without it.
 */
export class Commits {
  readonly #database: Database;
  readonly #jobs: JobSql;
  readonly #cipher: Cipher;
  readonly #batcher = createBatcher((changes: Change[]) => this.#store(changes), {
    concurrency: 2,
    maxSize: 64,
    slowMs: 100,
    // A second change of a session was decided on a state that will be gone.
    keyOf: ({ before }) => before.id,
  });

  constructor(database: Database, jobs: JobSql, cipher: Cipher) {
    this.#database = database;
    this.#jobs = jobs;
    this.#cipher = cipher;
  }

  async commit(before: Session, decision: Decision, claims: Claim[]): Promise<Outcome> {
    const change = { before, decision, claims, jobs: this.#jobs.stamp(decision.jobs) };
    const fate = (await this.#batcher.add(change)).get(before.id)!;
    if (fate === "CONFLICT") return fate;
    if (fate === "CLAIM_LOST") throw new ClaimLost();
    if ("error" in fate) throw fate.error;
    return fate;
  }

  async #store(changes: Change[]): Promise<Map<string, Fate>> {
    try {
      return await this.#write(changes);
    } catch (error) {
      if (changes.length === 1 || !isOnesFault(error)) throw error;
      const alone = changes.map((change) =>
        this.#write([change]).catch((own) => new Map<string, Fate>([[change.before.id, { error: own }]])),
      );
      return new Map((await Promise.all(alone)).flatMap((fates) => [...fates]));
    }
  }

  async #write(changes: Change[]): Promise<Map<string, Fate>> {
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
    return new Map(rows.map((row) => [row.id, fateOf(changeOf.get(row.id)!, row)]));
  }
}

interface MovedRow {
  id: string;
  mark: string | null;
  usage: ModelUsage | null;
  held: boolean;
  at: Date;
}

function fateOf({ before, decision }: Change, { mark, usage, held, at }: MovedRow): Fate {
  if (!held) return "CLAIM_LOST";
  if (mark === null) return "CONFLICT";
  // What the model was asked is counted beside the versions: it may have grown since the session was read.
  const session = { ...decision.session, usage: usage! };
  return { done: committed(before, { ...decision, session }, at), mark };
}

/** An error that comes of what one of several changes holds, or of what else happens to its session. */
function isOnesFault(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  // Bad data, broken constraints, deadlocks, locks that were not had in time.
  return typeof code === "string" && /^(22|23|40|55)...$/.test(code);
}

/** Tells one state of a session's row from any other: the number of the transaction that wrote it. */
export const markOf = (table: string): string => `${table}.xmin::text`;

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

/** One SQL statement out of parts that take effect together; parts after "moved" only do where it found its row. */
export class Statement {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  /** A list of ids beside a join: PostgreSQL then looks for each instead of reading the whole table. */
  ids(ids: string[]): string {
    return `${this.value(ids)}::uuid[]`;
  }

  /** Rows as a table x: its columns are named with their types. */
  rows<Column extends string>(types: Record<Column, string>, rows: Record<Column, unknown>[]): string {
    const columns = Object.entries(types).map(([column, type]) => `${column} ${type}`);
    return `json_to_recordset(${this.value(JSON.stringify(rows))}::text::json) AS x (${columns.join(", ")})`;
  }

  /** The same of rows that belong to sessions: those whose session "moved" has found. */
  ofMoved<Column extends string>(
    types: Record<Column | "session_id", string>,
    rows: Record<Column | "session_id", unknown>[],
  ): string {
    return `moved JOIN ${this.rows(types, rows)} ON x.session_id = moved.id`;
  }

  add(name: string, sql: string): void {
    this.#parts.push(`${name} AS (${sql})`);
  }

  /** A fragment that numbers its parameters from $1. */
  addFragment(name: string, fragment: SqlFragment, value: (value: unknown) => string): void {
    const values = fragment.values.map(value);
    this.add(
      name,
      fragment.text.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1]!),
    );
  }

  text(result: string): string {
    return `WITH ${this.#parts.join(",\n")} SELECT ${result}`;
  }
}

/** A question that a change touches, with its session as it was before and as it becomes. */
interface Touched {
  question: Question;
  before: Session;
  session: Session;
}

/** Everything that belongs to sessions, written where "moved" has their ids. */
export async function addParts(statement: Statement, changes: Change[], cipher: Cipher, jobSql: JobSql): Promise<void> {
  const touched = changes.flatMap(({ before, decision: { session } }) =>
    session.questions
      .filter((question, index) => question !== before.questions[index])
      .map((question): Touched => ({ question, before, session })),
  );
  addQuestionParts(statement, touched);
  addAnswerParts(statement, touched, cipher);
  addScoreParts(statement, touched, cipher);
  addPlannedParts(statement, changes);
  addReportPart(statement, changes, cipher);
  addEventPart(statement, changes);
  await addJobParts(statement, changes, jobSql);
}

/** Whether a question waits for its answer: the database allows one such question in a session. */
function isCurrent(session: Session, question: Question): boolean {
  return session.turn === "CANDIDATE" && question.index === session.questions.length - 1;
}

function addQuestionParts(statement: Statement, touched: Touched[]): void {
  const isNew = ({ question, before }: Touched): boolean => question.index >= before.questions.length;
  const kept = touched.filter((one) => !isNew(one));
  const added = touched.filter(isNew);
  if (kept.length > 0) {
    const rows = kept.map(({ question, session }) => ({
      id: question.id,
      session_id: session.id,
      current: isCurrent(session, question),
      follow_ups_closed: question.followUpsClosed,
    }));
    const columns = { id: "uuid", session_id: "uuid", current: "boolean", follow_ups_closed: "boolean" };
    statement.add(
      "kept",
      `UPDATE question q SET current = x.current, follow_ups_closed = x.follow_ups_closed
       FROM ${statement.ofMoved(columns, rows)}
       WHERE q.id = ANY(${statement.ids(rows.map(({ id }) => id))}) AND q.id = x.id RETURNING q.id`,
    );
  }
  if (added.length === 0) return;
  const columns = {
    id: "uuid",
    session_id: "uuid",
    index: "int",
    text: "text",
    type: "text",
    category: "text",
    level: "text",
    source: "text",
    reference: "jsonb",
    is_follow_up: "boolean",
    parent_question_index: "int",
    current: "boolean",
    follow_ups_closed: "boolean",
    asked_at: "timestamptz",
  };
  const rows = added.map(({ question, session }) => ({
    id: question.id,
    session_id: session.id,
    index: question.index,
    text: question.text,
    type: question.type,
    category: question.category,
    level: question.level,
    source: question.source,
    reference: question.reference,
    is_follow_up: question.isFollowUp,
    parent_question_index: question.parentQuestionIndex,
    current: isCurrent(session, question),
    follow_ups_closed: question.followUpsClosed,
    asked_at: question.askedAt,
  }));
  // The old current question is let go first: the new one is inserted from what that update leaves behind.
  const afterKept = kept.length > 0 ? "WHERE (SELECT count(*) FROM kept) >= 0" : "";
  statement.add(
    "asked",
    `INSERT INTO question (${Object.keys(columns).join(", ")})
     SELECT x.* FROM ${statement.ofMoved(columns, rows)}
     ${afterKept} RETURNING id`,
  );
}

function addAnswerParts(statement: Statement, touched: Touched[], cipher: Cipher): void {
  const differing = touched.filter(
    ({ question, before }) => question.answer !== (before.questions[question.index]?.answer ?? null),
  );
  const rows = differing.flatMap(({ question: { id, answer }, session }) => {
    if (answer === null) return [];
    return [
      {
        session_id: session.id,
        question_id: id,
        text: cipher.seal(answer.text),
        is_draft: answer.isDraft,
        updated_at: answer.updatedAt,
        submitted_at: answer.submittedAt,
      },
    ];
  });
  if (rows.length > 0) {
    const columns = {
      session_id: "uuid",
      question_id: "uuid",
      text: "text",
      is_draft: "boolean",
      updated_at: "timestamptz",
      submitted_at: "timestamptz",
    };
    statement.add(
      "answered",
      `INSERT INTO answer (question_id, text, is_draft, updated_at, submitted_at)
       SELECT x.question_id, x.text, x.is_draft, x.updated_at, x.submitted_at
       FROM ${statement.ofMoved(columns, rows)}
       ON CONFLICT (question_id) DO UPDATE SET text = excluded.text, is_draft = excluded.is_draft,
         updated_at = excluded.updated_at, submitted_at = excluded.submitted_at
       RETURNING question_id`,
    );
  }
  const cleared = differing
    .filter(({ question }) => question.answer === null)
    .map(({ question, session }) => ({ session_id: session.id, question_id: question.id }));
  if (cleared.length > 0) {
    const columns = { session_id: "uuid", question_id: "uuid" };
    statement.add(
      "cleared",
      `DELETE FROM answer a USING ${statement.ofMoved(columns, cleared)}
       WHERE a.question_id = ANY(${statement.ids(cleared.map(({ question_id }) => question_id))})
         AND a.question_id = x.question_id RETURNING a.question_id`,
    );
  }
}

function addScoreParts(statement: Statement, touched: Touched[], cipher: Cipher): void {
  const rows = touched.flatMap(({ question: { id, index, scoring }, before, session }) => {
    if (scoring === null || scoring === before.questions[index]?.scoring) return [];
    return [
      {
        session_id: session.id,
        question_id: id,
        version: session.scoringVersion,
        state: scoring.state,
        attempt: scoring.attempt,
        announced: scoring.state === "SCORED" && scoring.announced,
        reason: scoring.state === "FAILED" ? scoring.reason : null,
        score: scoring.state === "SCORED" ? sealJson(scoring.score, cipher) : null,
      },
    ];
  });
  if (rows.length === 0) return;
  const columns = {
    session_id: "uuid",
    question_id: "uuid",
    version: "int",
    state: "text",
    attempt: "int",
    announced: "boolean",
    reason: "text",
    score: "jsonb",
  };
  statement.add(
    "scored",
    `INSERT INTO score (question_id, version, state, attempt, announced, reason, score)
     SELECT x.question_id, x.version, x.state, x.attempt, x.announced, x.reason, x.score
     FROM ${statement.ofMoved(columns, rows)}
     ON CONFLICT (question_id, version) DO UPDATE SET state = excluded.state, attempt = excluded.attempt,
       announced = excluded.announced, reason = excluded.reason, score = excluded.score
     RETURNING question_id`,
  );
}

function addPlannedParts(statement: Statement, changes: Change[]): void {
  const planned = changes.map(({ before, decision: { session } }) => ({
    session_id: session.id,
    ...plannedChange(before, session),
  }));
  const taken = planned
    .filter((one) => one.taken > 0)
    .map((one) => ({ session_id: one.session_id, drafts: one.taken }));
  const added = planned.flatMap((one) =>
    one.added.map((draft, index) => ({ session_id: one.session_id, place: index + 1, draft })),
  );
  if (taken.length > 0) {
    const columns = { session_id: "uuid", drafts: "int" };
    statement.add(
      "taken",
      `DELETE FROM planned_question p
       USING ${statement.ofMoved(columns, taken)}
         CROSS JOIN LATERAL (SELECT f.position FROM planned_question f WHERE f.session_id = x.session_id
           ORDER BY f.position LIMIT x.drafts) front
       WHERE p.session_id = ANY(${statement.ids(taken.map(({ session_id }) => session_id))})
         AND p.session_id = x.session_id AND p.position = front.position RETURNING p.position`,
    );
  }
  if (added.length > 0) {
    const columns = { session_id: "uuid", place: "int", draft: "jsonb" };
    statement.add(
      "planned",
      `INSERT INTO planned_question (session_id, position, draft)
       SELECT x.session_id, x.place + (SELECT coalesce(max(position), 0) FROM planned_question
         WHERE session_id = x.session_id), x.draft
       FROM ${statement.ofMoved(columns, added)}
       RETURNING position`,
    );
  }
}

function addReportPart(statement: Statement, changes: Change[], cipher: Cipher): void {
  const rows = changes.flatMap(({ decision: { session, report } }) => {
    if (!report) return [];
    return [
      {
        id: report.id,
        session_id: session.id,
        version: report.version,
        overall_score: session.overallScore,
        category_scores: report.categoryScores,
        content: sealJson(report, cipher),
        created_at: report.createdAt,
      },
    ];
  });
  if (rows.length === 0) return;
  const columns = {
    id: "uuid",
    session_id: "uuid",
    version: "int",
    overall_score: "int",
    category_scores: "jsonb",
    content: "jsonb",
    created_at: "timestamptz",
  };
  statement.add(
    "reported",
    `INSERT INTO report (${Object.keys(columns).join(", ")})
     SELECT x.* FROM ${statement.ofMoved(columns, rows)} RETURNING id`,
  );
}

function addEventPart(statement: Statement, changes: Change[]): void {
  const rows = changes.flatMap(({ before, decision }) =>
    decision.events.map(({ kind, ...data }, index) => ({
      session_id: before.id,
      seq: before.seq + index + 1,
      kind,
      data,
    })),
  );
  if (rows.length === 0) return;
  const columns = { session_id: "uuid", seq: "int", kind: "text", data: "jsonb" };
  statement.add(
    "logged",
    `INSERT INTO session_event (${Object.keys(columns).join(", ")})
     SELECT x.* FROM ${statement.ofMoved(columns, rows)} RETURNING seq`,
  );
}

/** The queue's statement takes its jobs as one JSON text: it is given those of sessions that "moved" has found. */
async function addJobParts(statement: Statement, changes: Change[], jobSql: JobSql): Promise<void> {
  const jobs = changes.flatMap((change) => change.jobs);
  if (jobs.length === 0) return;
  const ofMoved = (value: unknown): string =>
    `(SELECT json_agg(job)::text FROM json_array_elements(${statement.value(value)}::text::json) AS job
      JOIN moved ON moved.id = (job->'data'->>'sessionId')::uuid)`;
  for (const [index, fragment] of (await jobSql.enqueueSql(jobs)).entries())
    statement.addFragment(`jobs_${index}`, fragment, ofMoved);
}
