import { globalId } from "../../interview/globalId.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { PersonalData } from "../../ports/store.ts";
import type { Database } from "./database.ts";

/** Reads everything stored about one owner, as of one moment, unsealed, with the ids that clients know. */
export async function exportOwner(database: Database, cipher: Cipher, ownerId: string): Promise<PersonalData> {
  const { resumes, sessions } = await database.transaction(async (tx) => {
    await tx.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    return {
      resumes: await tx.query<{ text: string }>(exportedResumes, [ownerId]),
      sessions: await tx.query<Exported>(exportedSessions, [ownerId]),
    };
  });
  return {
    exportedAt: new Date().toISOString(),
    resumes: resumes.map((resume) => ({ ...resume, text: cipher.open(resume.text) })),
    sessions: sessions.map((session) => ({
      ...session,
      id: globalId("InterviewSession", session.id),
      jobDescription: session.jobDescription === null ? null : cipher.open(session.jobDescription),
      questions: session.questions.map((question) => ({
        ...question,
        id: globalId("Question", question.id),
        answer: question.answer && { ...question.answer, text: cipher.open(question.answer.text) },
        scores: question.scores.map(({ score, ...rest }) => ({ ...rest, score: open(score, cipher) })),
      })),
      reports: session.reports.map((report) => exportedReport(open(report, cipher) as StoredReport)),
    })),
  };
}

interface Exported {
  id: string;
  jobDescription: string | null;
  questions: {
    id: string;
    answer: { text: string } | null;
    scores: { version: number; score: { sealed?: string } | null }[];
  }[];
  reports: { sealed?: string }[];
}

interface StoredReport {
  id: string;
  questions: { questionId: string }[];
}

function exportedReport(report: StoredReport): StoredReport {
  return {
    ...report,
    id: globalId("Report", report.id),
    questions: report.questions.map((question) => ({
      ...question,
      questionId: globalId("Question", question.questionId),
    })),
  };
}

function open(value: { sealed?: string } | null, cipher: Cipher): unknown {
  return typeof value?.sealed === "string" ? JSON.parse(cipher.open(value.sealed)) : value;
}

/** A timestamp within JSON, in the format that timestamps have elsewhere. */
const moment = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const exportedResumes = `
  SELECT key, text, current, created_at AS "createdAt" FROM resume WHERE owner_id = $1 ORDER BY created_at`;

/** As elsewhere, scores are hidden until the interview is completed. */
const exportedSessions = `
  SELECT s.id, s.resume_key AS "resumeKey", s.mode, s.locale, s.status, s.job_title AS "jobTitle",
    s.company_name AS "companyName", s.job_description AS "jobDescription", s.overall_score AS "overallScore",
    s.created_at AS "createdAt", s.started_at AS "startedAt", s.completed_at AS "completedAt",
    s.evaluated_at AS "evaluatedAt", s.evaluation_status AS "evaluationStatus", s.evaluation_error AS "evaluationError",
    json_build_object('calls', s.model_calls, 'inputTokens', s.model_input_tokens,
      'outputTokens', s.model_output_tokens, 'durationMs', s.model_duration_ms,
      'longestMs', s.model_longest_ms) AS usage,
    (SELECT coalesce(json_agg(json_build_object(
        'id', q.id, 'index', q.index, 'text', q.text, 'type', q.type, 'category', q.category,
        'isFollowUp', q.is_follow_up, 'parentQuestionIndex', q.parent_question_index, 'source', q.source, 'askedAt', ${moment("q.asked_at")},
        'answer', (SELECT json_build_object('text', a.text, 'isDraft', a.is_draft, 'updatedAt', ${moment("a.updated_at")},
          'submittedAt', ${moment("a.submitted_at")}) FROM answer a WHERE a.question_id = q.id),
        'scores', (SELECT coalesce(json_agg(json_build_object('version', c.version, 'score', c.score)
          ORDER BY c.version), '[]') FROM score c WHERE c.question_id = q.id AND s.completed_at IS NOT NULL))
        ORDER BY q.index), '[]')
      FROM question q WHERE q.session_id = s.id) AS questions,
    (SELECT coalesce(json_agg(r.content ORDER BY r.version), '[]') FROM report r WHERE r.session_id = s.id) AS reports,
    (SELECT coalesce(json_agg(json_build_object('seq', e.seq, 'kind', e.kind, 'occurredAt', ${moment("e.occurred_at")})
      ORDER BY e.seq), '[]') FROM session_event e WHERE e.session_id = s.id) AS events
  FROM interview_session s WHERE s.owner_id = $1 ORDER BY s.created_at, s.id`;
