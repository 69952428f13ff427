/** The raw chain, first half: an HTTP request is stored by one prepared statement, then published; no more. */
import { createServer } from "node:http";
import { Redis } from "ioredis";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const redis = new Redis(process.env.REDIS_URL);
await pool.query(
  `CREATE TABLE IF NOT EXISTS event (session_id uuid, seq int, data jsonb, PRIMARY KEY (session_id, seq))`,
);

const insert = {
  name: "insert",
  text: "INSERT INTO event (session_id, seq, data) VALUES ($1, $2, $3), ($1, $4, $5)",
};

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { sessionId, index, answer } = JSON.parse(body);
  const seq = 2 * index + 3;
  const submitted = JSON.stringify({ kind: "AnswerSubmitted", index, answer });
  const asked = JSON.stringify({ kind: "QuestionAsked", index: index + 1, text: "What follows?" });
  await pool.query({ ...insert, values: [sessionId, seq, submitted, seq + 1, asked] });
  const pipeline = redis.pipeline();
  for (const [n, data] of [submitted, asked].entries()) {
    pipeline.publish(`session:${sessionId}`, `{"sessionId":"${sessionId}","seq":${seq + n},"data":${data}}`);
  }
  pipeline.exec();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ sessionId, seq: seq + 1 }));
});
server.listen(0, "127.0.0.1", () => console.log(`ready at http://127.0.0.1:${server.address().port}`));
process.once("SIGTERM", () => process.exit(0));
