import pg from "pg";

export interface Fill {
  sessions: number;
  /** Answers of each session; one more question waits for its answer. */
  answers: number;
  ownerId: string;
  /** Questions that follow without anybody having to write them. */
  planned?: number;
  /** Main questions of each; 20 if left out. What is answered beyond them are follow-ups. */
  questions?: number;
  /** Whether the answers have been scored, as they are while an interview runs. */
  scored?: boolean;
  /** Tells the sessions of one call from those of another. */
  group?: number;
}

/**
 * Interviews put straight into a database, as the product would have left them: answers given, scored unseen, one
 * question waiting, the log complete. Session number n of a group has the id that sessionId() tells.
 */
export async function fill(databaseUrl: string, options: Fill): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { planned = 0, questions = 20, scored = true, group = 0 } = options;
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL synchronous_commit = off");
    for (const [text, values] of statements({ ...options, planned, questions, scored, group })) {
      await client.query(text, values);
    }
    await client.query("COMMIT");
    await client.query("VACUUM ANALYZE");
  } finally {
    await client.end();
  }
}

/** The id of the n-th session (from 1) as the database knows it. */
export function sessionId(n: number, group = 0): string {
  return idOf("a", group, n);
}

/** As clients know it. */
export function globalSessionId(n: number, group = 0): string {
  return Buffer.from(`InterviewSession:${sessionId(n, group)}`).toString("base64");
}

function idOf(kind: string, group: number, n: number): string {
  return `${kind}${String(group).padStart(7, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

/** The same in SQL; ids of a session's questions hold its number and their own index. */
const sqlId = (kind: string, group: number, n: string): string =>
  `('${kind}${String(group).padStart(7, "0")}-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

function statements({
  sessions,
  answers,
  ownerId,
  planned,
  questions,
  scored,
  group,
}: Required<Fill>): [string, unknown[]][] {
  const resume = idOf("b", group, 1);
  const session = sqlId("a", group, "n");
  const question = sqlId("c", group, "n * 100 + i");
  const all = `generate_series(1, ${sessions}) AS n`;
  const asked = `${all}, generate_series(0, ${answers}) AS i`;
  const answered = `${all}, generate_series(0, ${answers - 1}) AS i`;
  const reference = { answer: "It keeps its promise.", keyPoints: [{ text: "promise", accept: [], followUp: null }] };
  const draft = {
    text: "What follows?",
    type: "GENERAL",
    category: "General",
    level: "MID",
    source: "BANK",
    reference,
  };
  const score = {
    accuracy: 30,
    completeness: 20,
    clarity: 20,
    feedback: "Right, and to the point.",
    referenceAnswer: reference.answer,
    keyPoints: ["promise"],
    evidence: ["measured"],
  };
  const rows: [string, unknown[]][] = [
    [
      "INSERT INTO resume (id, owner_id, key, text, text_hash) VALUES ($1, $2, $3, 'An engineer', $3)",
      [resume, ownerId, `group-${group}`],
    ],
    [
      `INSERT INTO interview_session (id, owner_id, resume_id, resume_key, status, mode, turn, locale, job_title,
         company_name, question_count, follow_ups, forced, seq, version, started_at)
       SELECT ${session}, $1, $2, $3, 'IN_PROGRESS', 'PLANNED', 'CANDIDATE', 'EN', 'Engineer ' || n, 'Company', $4, 0,
         true, ${2 * answers + 2}, ${answers + 2}, now() FROM ${all}`,
      [ownerId, resume, `group-${group}`, questions],
    ],
    [
      `INSERT INTO question (id, session_id, index, text, type, category, level, source, reference, is_follow_up,
         parent_question_index, current)
       SELECT ${question}, ${session}, i, 'How do you make sure of it, in case ' || i || '?', 'GENERAL', 'General', 'MID',
         'BANK', $1::jsonb, i >= ${questions}, CASE WHEN i >= ${questions} THEN i % ${questions} END, i = ${answers} FROM ${asked}`,
      [JSON.stringify(reference)],
    ],
    [
      `INSERT INTO session_event (session_id, seq, kind, data)
       SELECT ${session}, 1, 'SessionCreated', '{}'::jsonb FROM ${all}
       UNION ALL SELECT ${session}, 2 * i + 2, 'QuestionAsked', jsonb_build_object('index', i) FROM ${asked}`,
      [],
    ],
  ];
  if (planned > 0) {
    rows.push([
      `INSERT INTO planned_question (session_id, position, draft)
       SELECT ${session}, i, $1::jsonb FROM ${all}, generate_series(0, ${planned - 1}) AS i`,
      [JSON.stringify(draft)],
    ]);
  }
  if (answers === 0) return rows;
  return [
    ...rows,
    [
      `INSERT INTO answer (question_id, text, is_draft, updated_at, submitted_at)
       SELECT ${question}, 'I would measure it first, in case ' || i || ', and then look again.', false, now(), now()
       FROM ${answered}`,
      [],
    ],
    ...(scored
      ? [
          [
            `INSERT INTO score (question_id, version, state, attempt, score)
             SELECT ${question}, 1, 'SCORED', 1, $1::jsonb FROM ${answered}`,
            [JSON.stringify(score)],
          ] as [string, unknown[]],
        ]
      : []),
    [
      `INSERT INTO session_event (session_id, seq, kind, data)
       SELECT ${session}, 2 * i + 3, 'AnswerSubmitted', jsonb_build_object('index', i) FROM ${answered}`,
      [],
    ],
  ];
}
