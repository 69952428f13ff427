/** graphql-ws with graphql and ws as its documentation begins; events come from Redis through Yoga's own pub/sub. */
import { createServer } from "node:http";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { createPubSub } from "graphql-yoga";
import { Redis } from "ioredis";
import pg from "pg";
import { WebSocketServer } from "ws";

const { REDIS_URL, DATABASE_URL } = process.env;
const schema = buildSchema(`
  type Query { viewer: ID }
  type Subscription { sessionEvents(sessionId: ID!, after: ID): SessionEvent! }
  interface SessionEvent { cursor: ID sessionId: ID! occurredAt: String! }
  type QuestionAsked implements SessionEvent { cursor: ID sessionId: ID! occurredAt: String! }
  type AnswerSubmitted implements SessionEvent { cursor: ID sessionId: ID! occurredAt: String! }
  type SessionCreated implements SessionEvent { cursor: ID sessionId: ID! occurredAt: String! }
  type EvaluationProgressed implements SessionEvent {
    cursor: ID
    sessionId: ID!
    occurredAt: String!
    evaluation: Evaluation!
  }
  type Evaluation {
    status: String!
    error: String
    answersEvaluated: Int!
    answersTotal: Int!
    percent: Int!
    attempt: Int!
  }
`);

const pubSub = createPubSub();
const known = new Set();
const redis = new Redis(REDIS_URL);
redis.on("message", (session, message) => pubSub.publish(session, toEvent(session, JSON.parse(message))));
const pool = DATABASE_URL ? new pg.Pool({ connectionString: DATABASE_URL, max: 10 }) : null;

function toEvent(sessionId, { kind, seq, occurredAt, occurred_at = occurredAt, evaluation }) {
  const occurred = typeof occurred_at === "string" ? occurred_at : occurred_at.toISOString();
  return { __typename: kind, cursor: String(seq), sessionId, occurredAt: occurred, evaluation };
}

async function* sessionEvents({ sessionId, after }) {
  const live = pubSub.subscribe(sessionId);
  if (!known.has(sessionId)) {
    known.add(sessionId);
    await redis.subscribe(sessionId);
  }
  if (after) {
    const { rows } = await pool.query({
      name: "after",
      text: "SELECT seq, kind, occurred_at FROM session_event WHERE session_id = $1 AND seq > $2 ORDER BY seq",
      values: [sessionId, Number(after)],
    });
    for (const row of rows) yield { sessionEvents: toEvent(sessionId, row) };
  }
  for await (const event of live) yield { sessionEvents: event };
}

const server = createServer((_, response) => response.end());
const wss = new WebSocketServer({ server, path: "/graphql" });
useServer({ schema, roots: { subscription: { sessionEvents } } }, wss);
server.listen(0, "127.0.0.1", () => console.log(`ready at http://127.0.0.1:${server.address().port}`));
