import type { AnswerScore, Question, QuestionDraft, Session } from "../../interview/model.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { Database } from "./database.ts";
import { openJson, type Sealed } from "./sealed.ts";
import type { Marked } from "./sessionCache.ts";

export async function loadSessions(database: Database, cipher: Cipher, ids: string[]): Promise<Map<string, Marked>> {
  const rows = await database.query<SessionRow>(selectSessions, [ids]);
  return new Map(rows.map((row) => [row.id, { session: toSession(row, cipher), mark: row.mark }]));
}

export async function loadMarks(database: Database, ids: string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; mark: string }>(selectMarks, [ids]);
  return new Map(rows.map(({ id, mark }) => [id, mark]));
}

/** Identifies one state of a row: the id of the transaction that wrote it. */
export const markOf = (table: string): string => `${table}.xmin::text`;

/**
 * A list of ids whose length the planner cannot see: seeing a single id, it would plan anew each time, which takes
 * longer than the read itself.
 */
const wanted = "ANY((SELECT $1::uuid[])::uuid[])";

const selectMarks = `SELECT id, ${markOf("interview_session")} AS mark FROM interview_session WHERE id = ${wanted}`;

/**
 * Columns by name: with *, a prepared statement fails once a newer version adds a column. OFFSET 0 makes the planner
 * look answers and scores up question by question, even under a cached plan that expected few rows.
 */
const selectSessions = `
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
