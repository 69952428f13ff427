/** The least that can keep an answer: one prepared insert of one row behind a bare node:http. */
import { createServer } from "node:http";
import pg from "pg";
import { announce } from "./announce.mjs";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query("CREATE TABLE raw_answer (session_id uuid, index int, text text, PRIMARY KEY (session_id, index))");

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => (body += chunk));
  request.on("end", async () => {
    const { sessionId, questionIndex, answer } = JSON.parse(body).variables.input;
    const id = Buffer.from(sessionId, "base64").toString().slice("InterviewSession:".length);
    await pool.query({
      name: "insert",
      text: "INSERT INTO raw_answer (session_id, index, text) VALUES ($1, $2, $3)",
      values: [id, questionIndex, answer],
    });
    const text = JSON.stringify({ data: { submitAnswer: { hasNextQuestion: true, currentIndex: questionIndex + 1 } } });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, "127.0.0.1", () => announce(server));
