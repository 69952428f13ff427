import type { OwnerDeleted, SessionDeleted } from "../../interview/events.ts";
import type {
  AnswerScore,
  ModelUsage,
  Question,
  QuestionDraft,
  Report,
  Resume,
  Session,
} from "../../interview/model.ts";
import { changeOf } from "../../interview/sessionChange.ts";
import { addUsage, noUsage } from "../../interview/usage.ts";
import type { Cipher } from "../../ports/cipher.ts";
import { ClaimLost, type JobSql } from "../../ports/jobs.ts";
import type { Committed, IdempotencyUse, IdempotentCreation, NotInserted, Store } from "../../ports/store.ts";
import { createBatcher } from "../../shared/batcher.ts";
import { addParts, Commits, committed, markOf, Statement } from "./commits.ts";
import type { Database } from "./database.ts";
import { deletion } from "./eventLog.ts";
import { exportOwner } from "./personalData.ts";
import { openJson, type Sealed } from "./sealed.ts";
import { SessionCache } from "./sessionCache.ts";
import { listSessions, summarizeSessions } from "./sessionLists.ts";
import { readTrends } from "./trends.ts";

/** The store in SQL. Every change is part of one statement: state, events and jobs are stored together or not at all. */
export function createStore(database: Database, jobs: JobSql, cipher: Cipher): Store {
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

  const sessions = new SessionCache({
    async load(ids) {
      const rows = await database.query<SessionRow>(loadSessions, [ids]);
      return new Map(rows.map((row) => [row.id, { session: toSession(row, cipher), mark: row.mark }]));
    },
    marks,
  });

  async function marks(ids: string[]): Promise<Map<string, string>> {
    const rows = await database.query<{ id: string; mark: string }>(readMarks, [ids]);
    return new Map(rows.map(({ id, mark }) => [id, mark]));
  }

  const commits = new Commits(database, jobs, cipher);

  function kept(done: Omit<Committed, "change">, mark: string, before: Session | null): Committed {
    sessions.keep({ session: done.session, mark });
    return { ...done, change: before && { ...changeOf(before, done.session), mark } };
  }

  return {
    load: (sessionId) => sessions.load(sessionId),
    recall: (sessionId) => sessions.recall(sessionId),
    learn: (change) => sessions.learn(change),

    async commit(before, decision, claims = []) {
      const outcome = await commits.commit(before, decision, claims);
      return outcome === "CONFLICT" ? outcome : kept(outcome.done, outcome.mark, before);
    },

    async insert(decision, idempotency) {
      const { session } = decision;
      const statement = new Statement();
      const columns = {
        id: session.id,
        owner_id: session.ownerId,
        resume_id: session.resume.id,
        resume_key: session.resume.key,
        mode: session.mode,
        locale: session.locale,
        job_title: session.jobTitle,
        company_name: session.companyName,
        job_description: session.jobDescription === null ? null : cipher.seal(session.jobDescription),
        question_count: session.questionCount,
        follow_ups: session.followUps,
        forced: session.forced,
        status: session.status,
        turn: session.turn,
        seq: session.seq + decision.events.length,
        version: 1,
        created_at: session.createdAt,
      };
      const names = Object.keys(columns);
      const values = Object.values(columns).map((value) => statement.value(value));
      statement.add(
        "moved",
        `INSERT INTO interview_session (${names.join(", ")}) VALUES (${values.join(", ")})
         RETURNING id, ${markOf("interview_session")} AS mark`,
      );
      if (idempotency) addIdempotencyPart(statement, session.ownerId, idempotency);
      const change = { before: session, decision, claims: [], jobs: jobs.stamp(decision.jobs) };
      await addParts(statement, [change], cipher, jobs);
      try {
        const [row] = await database.query<{ mark: string; at: Date }>(
          statement.text("(SELECT mark FROM moved) AS mark, clock_timestamp() AS at"),
          statement.values,
        );
        return kept(committed(session, decision, row!.at), row!.mark, null);
      } catch (error) {
        const taken = notInserted(error);
        if (taken === null) throw error;
        return taken;
      }
    },

    async remove(sessionId) {
      const [deleted] = await whileUsed(() =>
        database.query<SessionDeleted>(removeSession(jobs.removeSql, "true"), [sessionId]),
      );
      sessions.forget(sessionId);
      return deleted ?? null;
    },

    async takeBack(session, { jobId, attempt }) {
      const held = (at: number) => jobs.heldSql(`ARRAY[$${at}::uuid]`, `ARRAY[$${at + 1}::int]`);
      const sql = removeSession(jobs.removeSql, `version = $2 AND ${held(3)}`);
      const values = [session.id, session.version, jobId, attempt];
      const [deleted] = await whileUsed(() => database.query<SessionDeleted>(sql, values));
      sessions.forget(session.id);
      if (deleted) return deleted;
      const [claim] = await database.query<{ held: boolean }>(`SELECT ${held(1)} AS held`, [jobId, attempt]);
      if (!claim!.held) throw new ClaimLost();
      return "CONFLICT";
    },

    async gone(sessionIds) {
      const there = await marks(sessionIds);
      return sessionIds.filter((id) => !there.has(id));
    },

    async ended(sessionIds) {
      if (sessionIds.length === 0) return [];
      const rows = await database.query<{ id: string }>(
        "SELECT id FROM interview_session WHERE id = ANY($1::uuid[]) AND completed_at IS NOT NULL",
        [sessionIds],
      );
      return rows.map(({ id }) => id);
    },

    async findOpenSession(ownerId, by) {
      const [text, value] = "key" in by ? [openByKey, by.key] : [openByText, by.textHash];
      const [row] = await database.query<{ id: string }>(text, [ownerId, value]);
      return row?.id ?? null;
    },

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
        const [row] = await database.query<Resume>(saveResume, [
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
      const rows = await whileUsed(() =>
        database.query<{ id: string; current: boolean }>(removeResume, [ownerId, key]),
      );
      return rows.find(({ current }) => current)?.id ?? null;
    },

    async removeUnusedTexts(ownerId, key) {
      await whileUsed(() =>
        database.query(`DELETE FROM resume r WHERE owner_id = $1 AND key = $2 AND NOT current AND NOT ${isUsed}`, [
          ownerId,
          key,
        ]),
      );
    },

    async askedElsewhere({ id, ownerId, resumeKey }, sessions, limit) {
      const rows = await database.query<{ text: string }>(askedElsewhere, [ownerId, resumeKey, id, sessions, limit]);
      return [...new Set(rows.map((row) => row.text))];
    },

    // Calls for one session end together: one after the other they would wait for its row.
    addUsage: (sessionId, ownerId, usage) => usages.add({ sessionId, ownerId, usage }),

    async loadReport(sessionId, version) {
      const [row] = await database.query<{ content: Sealed }>(
        "SELECT content FROM report WHERE session_id = $1 AND version = $2",
        [sessionId, version],
      );
      return row ? toReport(openJson(row.content, cipher)) : null;
    },

    listSessions: (filter, order, page) => listSessions(database, filter, order, page),
    summarizeSessions: (filter) => summarizeSessions(database, filter),
    trends: (ownerId, options) => readTrends(database, ownerId, options),

    async spending(ownerId) {
      const [row] = await database.query<Record<string, number>>(spending, [cipher.pseudonym(ownerId)]);
      const { calls, tokens, allCalls, allTokens, dayEndsInMs } = row!;
      return {
        own: { calls: calls!, tokens: tokens! },
        all: { calls: allCalls!, tokens: allTokens! },
        dayEndsInMs: dayEndsInMs!,
      };
    },

    exportOwner: (ownerId) => exportOwner(database, cipher, ownerId),

    async removeOwner(ownerId) {
      const removed = await whileUsed(() =>
        database.transaction(async (tx) => {
          const owned = await tx.query<{ id: string; seq: number }>(
            "DELETE FROM interview_session WHERE owner_id = $1 RETURNING id, seq",
            [ownerId],
          );
          for (const { id } of owned) await tx.query(jobs.removeSql, [id]);
          for (const table of ["idempotency_key", "resume"]) {
            await tx.query(`DELETE FROM ${table} WHERE owner_id = $1`, [ownerId]);
          }
          // Last: whoever looks for the newest deletions should find it soon after it was stored.
          const [ids, seqs] = [owned.map(({ id }) => id), owned.map(({ seq }) => seq)];
          const pseudonym = cipher.pseudonym(ownerId);
          await tx.query("UPDATE deleted_session SET owner_id = $2 WHERE owner_id = $1", [ownerId, pseudonym]);
          const told = await tx.query<SessionDeleted>(tellOfOwned, [pseudonym, ids, seqs]);
          const [owner] = await tx.query<OwnerDeleted>(tellOfOwner, [pseudonym]);
          return { sessions: told.map((deleted) => ({ ...deleted, ownerId })), owner: { ...owner!, ownerId } };
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
      // First, so that a failure keeps nobody from telling of the sessions: texts that concurrent removals left behind.
      await whileUsed(() => database.query(`DELETE FROM resume r WHERE NOT current AND NOT ${isUsed}`));
      const removed = await whileUsed(() => database.query<SessionDeleted>(removeExpired, [olderThanMs, limit]));
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

    async loadFile(reportId, format) {
      const [row] = await database.query<{ bytes: Uint8Array | null }>(
        `SELECT f.bytes FROM report r LEFT JOIN report_file f ON f.report_id = r.id AND f.format = $2
         WHERE r.id = $1`,
        [reportId, format],
      );
      if (row === undefined) return null;
      if (row.bytes === null) return "UNPRINTED";
      return row.bytes.length === 0 ? "UNPRINTABLE" : cipher.openBytes(row.bytes);
    },

    async saveFile(reportId, format, file) {
      // No printed file is empty: that says that there will be none.
      const bytes = file === "UNPRINTABLE" ? new Uint8Array() : cipher.sealBytes(file);
      // A session deleted meanwhile takes its report along: then there is nothing to keep.
      await database.query(
        `INSERT INTO report_file (report_id, format, bytes)
         SELECT id, $2, $3 FROM report WHERE id = $1
         ON CONFLICT (report_id, format) DO NOTHING`,
        [reportId, format, bytes],
      );
    },
  };
}

/**
 * Ids as a parameter of which the planner does not see how many they are: it would plan anew for each single one, which
 * takes longer than reading it.
 */
const wanted = "ANY((SELECT $1::uuid[])::uuid[])";

const readMarks = `SELECT id, ${markOf("interview_session")} AS mark FROM interview_session WHERE id = ${wanted}`;

/**
 * Columns by name: a prepared statement fails when what it returns grows, as "all" does while a newer version adds some.
 * OFFSET 0: answers and scores are looked up question by question, however few a kept plan took them for.
 */
const loadSessions = `
  SELECT s.id, s.owner_id, s.resume_id, s.resume_key, s.status, s.mode, s.turn, s.locale, s.job_title, s.company_name,
    s.job_description, s.question_count, s.follow_ups, s.forced, s.evaluation_status, s.evaluation_error,
    s.evaluation_attempt, s.evaluation_percent, s.scoring_version, s.overall_score, s.model_calls, s.model_input_tokens,
    s.model_output_tokens, s.model_duration_ms, s.model_longest_ms, s.seq, s.version, s.created_at, s.started_at, s.completed_at, s.evaluated_at,
    ${markOf("s")} AS mark,
    (SELECT coalesce(json_agg(json_build_object(
        'id', q.id, 'index', q.index, 'text', q.text, 'type', q.type, 'category', q.category, 'level', q.level,
        'source', q.source, 'reference', q.reference, 'isFollowUp', q.is_follow_up,
        'parentQuestionIndex', q.parent_question_index, 'followUpsClosed', q.follow_ups_closed, 'askedAt', q.asked_at,
        'answerText', a.text, 'isDraft', a.is_draft, 'updatedAt', a.updated_at, 'submittedAt', a.submitted_at,
        'scoringState', c.state, 'scoringAttempt', c.attempt, 'announced', c.announced, 'reason', c.reason,
        'score', c.score) ORDER BY q.index), '[]')
      FROM question q
      LEFT JOIN LATERAL (SELECT * FROM answer WHERE question_id = q.id OFFSET 0) a ON true
      LEFT JOIN LATERAL (
        SELECT * FROM score WHERE question_id = q.id AND version = s.scoring_version OFFSET 0
      ) c ON true
      WHERE q.session_id = s.id) AS questions,
    (SELECT coalesce(json_agg(p.draft ORDER BY p.position), '[]')
      FROM planned_question p WHERE p.session_id = s.id) AS planned,
    (SELECT coalesce(max(version), 0) FROM report WHERE session_id = s.id) AS report_version
  FROM interview_session s WHERE s.id = ${wanted}`;

const isOpen = "status IN ('CREATED', 'IN_PROGRESS')";

const openByKey = `
  SELECT id FROM interview_session WHERE owner_id = $1 AND resume_key = $2 AND ${isOpen}
  ORDER BY created_at DESC, id DESC LIMIT 1`;

/** A text may be stored under several keys. OFFSET 0: sessions are looked for by résumé, not from the newest of all on. */
const openByText = `
  SELECT s.id FROM resume r CROSS JOIN LATERAL (
    SELECT id, created_at FROM interview_session
    WHERE owner_id = $1 AND resume_key = r.key AND resume_id = r.id AND ${isOpen} OFFSET 0
  ) s WHERE r.owner_id = $1 AND r.text_hash = $2 ORDER BY s.created_at DESC, s.id DESC LIMIT 1`;

const selectResume = `SELECT id, owner_id AS "ownerId", key, text, created_at AS "createdAt" FROM resume`;

/** Returns the row that is current afterwards; no row when a concurrent writer was in between. */
const saveResume = `
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

const isUsed = "EXISTS (SELECT 1 FROM interview_session s WHERE s.resume_id = r.id)";

const removeResume = `
  WITH gone AS (
    DELETE FROM resume r WHERE owner_id = $1 AND key = $2 AND NOT ${isUsed} RETURNING id, current
  ), kept AS (
    UPDATE resume r SET current = false WHERE owner_id = $1 AND key = $2 AND current AND ${isUsed} RETURNING id
  )
  SELECT id, current FROM gone UNION ALL SELECT id, true FROM kept`;

/**
 * What is deleted takes its events along. That it was deleted is stored with it: a node that has not been told, or a
 * stream that missed it, finds it here. A session that was restored from a copy may be deleted once more.
 */
const tellOfGone = `
  INSERT INTO deleted_session (id, owner_id, seq) SELECT id, owner_id, seq + 1 FROM gone
  ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, deleted_at = clock_timestamp()
  RETURNING ${deletion}`;

/** Under the owner's pseudonym: nothing is to name who wanted to be forgotten. */
const tellOfOwned = `
  WITH gone AS (SELECT id, $1::text AS owner_id, seq FROM unnest($2::uuid[], $3::int[]) AS owned (id, seq))
  ${tellOfGone}`;

const tellOfOwner = `
  INSERT INTO deleted_owner (owner_id) VALUES ($1) ON CONFLICT (owner_id) DO UPDATE SET deleted_at = clock_timestamp()
  RETURNING 'OwnerDeleted' AS kind, owner_id AS "ownerId", NULL AS seq, deleted_at AS "occurredAt"`;

/** OFFSET 0: the other sessions of the one résumé are looked for, however many each was thought to have. */
const removeSession = (removeJobs: string, condition: string): string => `
  WITH gone AS (
    DELETE FROM interview_session WHERE id = $1::uuid AND ${condition} RETURNING id, owner_id, seq, resume_id
  ), jobs AS (
    ${removeJobs} AND EXISTS (SELECT 1 FROM gone)
  ), unused AS (
    DELETE FROM resume r USING gone WHERE r.id = gone.resume_id AND NOT r.current
      AND NOT EXISTS (SELECT 1 FROM interview_session s WHERE s.resume_id = r.id AND s.id <> gone.id OFFSET 0)
  ) ${tellOfGone}`;

/** A session made meanwhile of a text that is being removed keeps it: then what is unused is looked for again. */
async function whileUsed<T>(remove: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await remove();
    } catch (error) {
      if ((error as { code?: string }).code !== foreignKeyViolation) throw error;
    }
  }
}

const foreignKeyViolation = "23503";

const askedElsewhere = `
  WITH s AS (
    SELECT id, created_at FROM interview_session WHERE owner_id = $1 AND resume_key = $2 AND id <> $3
    ORDER BY created_at DESC, id DESC LIMIT $4
  )
  (SELECT text FROM (
    SELECT DISTINCT ON (q.text) q.text, s.created_at, q.index
    FROM s JOIN question q ON q.session_id = s.id AND NOT q.is_follow_up
    ORDER BY q.text, s.created_at DESC
  ) asked ORDER BY created_at DESC, index LIMIT $5)
  UNION ALL
  (SELECT p.draft->>'text' FROM s JOIN planned_question p ON p.session_id = s.id
   ORDER BY s.created_at DESC, p.position LIMIT $5)`;

/**
 * Counted under the owner's pseudonym, which outlives deleteMyData: else a ceiling would be as high as one likes. Only
 * today's counts are of use. Those of earlier days go a few at a time, and none of them waits for another that takes them.
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

/** Interviews that nothing is going to happen in any more, and since when. */
const ended = `s.status IN ('COMPLETED', 'EVALUATED') AND s.evaluation_status IN ('COMPLETED', 'FAILED')
  AND coalesce(s.evaluated_at, s.completed_at) < clock_timestamp() - $1 * interval '1 millisecond'`;
const ago = "clock_timestamp() - $1 * interval '1 millisecond'";

/** A résumé goes with the last of its sessions, as old as they are. One that no session was made from yet waits for it. */
const removeExpired = `
  WITH gone AS (
    DELETE FROM interview_session WHERE id IN (
      SELECT s.id FROM interview_session s WHERE s.completed_at < ${ago} AND ${ended} LIMIT $2)
    RETURNING id, owner_id, seq, resume_id
  ), unused AS (
    DELETE FROM resume r WHERE id IN (SELECT resume_id FROM gone) AND NOT EXISTS (
      SELECT 1 FROM interview_session s WHERE s.resume_id = r.id AND s.id NOT IN (SELECT id FROM gone))
  ) ${tellOfGone}`;

const spending = `
  SELECT coalesce(sum(calls) FILTER (WHERE owner_id = $1), 0)::int AS calls,
    coalesce(sum(input_tokens + output_tokens) FILTER (WHERE owner_id = $1), 0)::float8 AS tokens,
    coalesce(sum(calls), 0)::int AS "allCalls",
    coalesce(sum(input_tokens + output_tokens), 0)::float8 AS "allTokens",
    ceil(extract(epoch FROM date_trunc('day', now() AT TIME ZONE 'UTC') + interval '1 day'
      - (now() AT TIME ZONE 'UTC')) * 1000)::int AS "dayEndsInMs"
  FROM model_spending WHERE day = (now() AT TIME ZONE 'UTC')::date`;

function addIdempotencyPart(statement: Statement, ownerId: string, use: IdempotencyUse): void {
  statement.add(
    "keyed",
    `INSERT INTO idempotency_key (owner_id, key, input_hash, session_id, reused_existing)
     SELECT ${statement.value(ownerId)}, ${statement.value(use.key)}, ${statement.value(use.inputHash)}, moved.id, false
     FROM moved RETURNING key`,
  );
}

function notInserted(error: unknown): NotInserted | null {
  const { code, constraint, message } = error as { code?: string; constraint?: string; message?: string };
  if (code === foreignKeyViolation) return "RESUME_GONE";
  if (code !== "23505") return null;
  const name = constraint ?? message ?? "";
  if (name.includes("interview_session_open_resume")) return "OPEN_SESSION_EXISTS";
  if (name.includes("idempotency_key")) return "IDEMPOTENCY_KEY_TAKEN";
  return null;
}

function toReport(content: Report): Report {
  return { ...content, createdAt: new Date(content.createdAt) };
}

interface SessionRow {
  id: string;
  owner_id: string;
  resume_id: string;
  resume_key: string;
  status: Session["status"];
  mode: Session["mode"];
  turn: Session["turn"];
  locale: Session["locale"];
  job_title: string | null;
  company_name: string | null;
  job_description: string | null;
  question_count: number;
  follow_ups: number;
  forced: boolean;
  evaluation_status: "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | null;
  evaluation_error: string | null;
  evaluation_attempt: number;
  evaluation_percent: number;
  scoring_version: number;
  overall_score: number | null;
  report_version: number;
  model_calls: number;
  model_input_tokens: number;
  model_output_tokens: number;
  model_duration_ms: number;
  model_longest_ms: number;
  seq: number;
  version: number;
  mark: string;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  evaluated_at: Date | null;
  questions: QuestionRow[];
  planned: QuestionDraft[];
}

interface QuestionRow extends QuestionDraft {
  id: string;
  index: number;
  isFollowUp: boolean;
  parentQuestionIndex: number | null;
  followUpsClosed: boolean;
  askedAt: string;
  answerText: string | null;
  isDraft: boolean | null;
  updatedAt: string | null;
  submittedAt: string | null;
  scoringState: "QUEUED" | "FAILED" | "SCORED" | null;
  scoringAttempt: number | null;
  announced: boolean | null;
  reason: string | null;
  score: Sealed | null;
}

function toSession(row: SessionRow, cipher: Cipher): Session {
  const questions = row.questions.map((question) => toQuestion(question, cipher));
  return {
    id: row.id,
    ownerId: row.owner_id,
    status: row.status,
    mode: row.mode,
    turn: row.turn,
    locale: row.locale,
    resume: { id: row.resume_id, key: row.resume_key },
    jobTitle: row.job_title,
    companyName: row.company_name,
    jobDescription: row.job_description === null ? null : cipher.open(row.job_description),
    questionCount: row.question_count,
    followUps: row.follow_ups,
    forced: row.forced,
    questions,
    planned: row.planned,
    evaluation:
      row.evaluation_status === null
        ? null
        : {
            status: row.evaluation_status,
            error: row.evaluation_error,
            answersEvaluated: questions.filter((question) => question.scoring?.state === "SCORED").length,
            answersTotal: questions.length,
            percent: row.evaluation_percent,
            attempt: row.evaluation_attempt,
          },
    scoringVersion: row.scoring_version,
    reportVersion: row.report_version,
    overallScore: row.overall_score,
    usage: {
      calls: row.model_calls,
      inputTokens: row.model_input_tokens,
      outputTokens: row.model_output_tokens,
      durationMs: row.model_duration_ms,
      longestMs: row.model_longest_ms,
    },
    seq: row.seq,
    version: row.version,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    evaluatedAt: row.evaluated_at,
  };
}

function toQuestion(row: QuestionRow, cipher: Cipher): Question {
  return {
    id: row.id,
    index: row.index,
    text: row.text,
    type: row.type,
    category: row.category,
    level: row.level,
    source: row.source,
    reference: row.reference,
    isFollowUp: row.isFollowUp,
    parentQuestionIndex: row.parentQuestionIndex,
    askedAt: new Date(row.askedAt),
    followUpsClosed: row.followUpsClosed,
    answer:
      row.answerText === null
        ? null
        : {
            text: cipher.open(row.answerText),
            isDraft: row.isDraft === true,
            updatedAt: new Date(row.updatedAt!),
            submittedAt: row.submittedAt === null ? null : new Date(row.submittedAt),
          },
    scoring: toScoring(row, cipher),
  };
}

function toScoring(row: QuestionRow, cipher: Cipher): Question["scoring"] {
  const attempt = row.scoringAttempt ?? 1;
  switch (row.scoringState) {
    case null:
      return null;
    case "QUEUED":
      return { state: "QUEUED", attempt };
    case "FAILED":
      return { state: "FAILED", attempt, reason: row.reason ?? "" };
    case "SCORED":
      return {
        state: "SCORED",
        attempt,
        score: openJson<AnswerScore>(row.score!, cipher),
        announced: row.announced === true,
      };
  }
}
