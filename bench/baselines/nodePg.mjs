/** The same answer from PostgreSQL, written by hand: two prepared statements at once, no GraphQL. */
import { createServer } from "node:http";
import pg from "pg";
import { announce } from "./announce.mjs";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

async function read(id) {
  const [{ rows: sessions }, { rows: questions }] = await Promise.all([
    pool.query({
      name: "session",
      text: "SELECT status, turn, seq, question_count FROM interview_session WHERE id = $1",
      values: [id],
    }),
    pool.query({
      name: "questions",
      text: `SELECT q.index, q.text, q.is_follow_up, a.text AS answer, a.submitted_at
        FROM question q LEFT JOIN answer a ON a.question_id = q.id WHERE q.session_id = $1 ORDER BY q.index`,
      values: [id],
    }),
  ]);
  const [session] = sessions;
  return {
    id: Buffer.from(`InterviewSession:${id}`).toString("base64"),
    status: session.status,
    turn: session.turn,
    cursor: String(session.seq),
    totalQuestions: session.question_count + questions.filter((question) => question.is_follow_up).length,
    currentQuestionIndex: session.turn === "CANDIDATE" ? questions.length - 1 : questions.length,
    questions: questions.map(({ index, text, answer, submitted_at }) => ({
      index,
      text,
      answer: answer === null ? null : { text: answer, submittedAt: submitted_at },
    })),
  };
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => (body += chunk));
  request.on("end", async () => {
    const id = Buffer.from(JSON.parse(body).variables.id, "base64").toString().slice("InterviewSession:".length);
    const answer = JSON.stringify({ data: { session: await read(id) } });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => announce(server));
