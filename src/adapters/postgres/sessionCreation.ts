import type { Decision } from "../../interview/decision.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { JobSql } from "../../ports/jobs.ts";
import type { IdempotencyUse, NotInserted } from "../../ports/store.ts";
import { committed, type Stored } from "./commits.ts";
import { type Database, foreignKeyViolation, uniqueViolation } from "./database.ts";
import { addIdempotencyPart } from "./idempotencyKeys.ts";
import { addParts } from "./sessionParts.ts";
import { markOf } from "./sessionRows.ts";
import { Statement } from "./statement.ts";

/** Stores a new session, in one statement with its idempotency key, events and jobs. */
export async function insertSession(
  database: Database,
  jobs: JobSql,
  cipher: Cipher,
  decision: Decision,
  idempotency: IdempotencyUse | null,
): Promise<Stored | NotInserted> {
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
    return { done: committed(session, decision, row!.at), mark: row!.mark };
  } catch (error) {
    const taken = notInserted(error);
    if (taken === null) throw error;
    return taken;
  }
}

function notInserted(error: unknown): NotInserted | null {
  const { code, constraint, message } = error as { code?: string; constraint?: string; message?: string };
  if (code === foreignKeyViolation) return "RESUME_GONE";
  if (code !== uniqueViolation) return null;
  const name = constraint ?? message ?? "";
  if (name.includes("interview_session_open_resume")) return "OPEN_SESSION_EXISTS";
  if (name.includes("idempotency_key")) return "IDEMPOTENCY_KEY_TAKEN";
  return null;
}
