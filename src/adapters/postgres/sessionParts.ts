import type { Decision } from "../../interview/decision.ts";
import type { Question, Session } from "../../interview/model.ts";
import { plannedChange } from "../../interview/sessionChange.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { Claim, JobSql, StampedJob } from "../../ports/jobs.ts";
import { sealJson } from "./sealed.ts";
import type { Statement } from "./statement.ts";

/** A decision about one session, to be stored. */
export interface Change {
  before: Session;
  decision: Decision;
  claims: Claim[];
  jobs: StampedJob[];
}

/**
 * Adds what belongs to the changed sessions. Each part joins "moved", so it applies only where the session was written.
 */
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

/** A question that a change adds or modifies, with its session before and after. */
interface Touched {
  question: Question;
  before: Session;
  session: Session;
}

/** Whether a question waits for its answer: a unique index allows one such question per session. */
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
  // The previous current question has to be updated first: this subquery makes the insert wait for that.
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

/** The queue's statement takes its jobs as one JSON text: those of sessions in "moved" are selected. */
async function addJobParts(statement: Statement, changes: Change[], jobSql: JobSql): Promise<void> {
  const jobs = changes.flatMap((change) => change.jobs);
  if (jobs.length === 0) return;
  const ofMoved = (value: unknown): string =>
    `(SELECT json_agg(job)::text FROM json_array_elements(${statement.value(value)}::text::json) AS job
      JOIN moved ON moved.id = (job->'data'->>'sessionId')::uuid)`;
  for (const [index, fragment] of (await jobSql.enqueueSql(jobs)).entries())
    statement.addFragment(`jobs_${index}`, fragment, ofMoved);
}
