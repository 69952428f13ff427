/**
 * Bare ws: whoever opens /?session=… is sent what Redis brings for that session, as it is. With a database, what came
 * after ?after=… first, by one prepared SELECT.
 */
import { createServer } from "node:http";
import { Redis } from "ioredis";
import pg from "pg";
import { WebSocketServer } from "ws";

const { REDIS_URL, DATABASE_URL } = process.env;
const redis = REDIS_URL ? new Redis(REDIS_URL) : null;
const pool = DATABASE_URL ? new pg.Pool({ connectionString: DATABASE_URL, max: 10 }) : null;
const audiences = new Map();

redis?.on("message", (channel, message) => {
  // One frame's content for all of them, as ws' documentation broadcasts.
  const data = Buffer.from(message);
  for (const socket of audiences.get(channel) ?? []) socket.send(data, { binary: false });
});

const server = createServer((_, response) => response.end());
const wss = new WebSocketServer({ server, perMessageDeflate: false });
wss.on("connection", async (socket, request) => {
  const query = new URLSearchParams(request.url.slice(2));
  const session = query.get("session");
  const audience = audiences.get(session) ?? new Set();
  socket.on("error", console.error);
  socket.on("close", () => audience.delete(socket));
  if (!audiences.has(session)) {
    audiences.set(session, audience);
    await redis?.subscribe(session);
  }
  if (pool !== null && query.has("after")) {
    const { rows } = await pool.query({
      name: "after",
      text: "SELECT seq, kind, data, occurred_at FROM session_event WHERE session_id = $1 AND seq > $2 ORDER BY seq",
      values: [session, Number(query.get("after"))],
    });
    for (const { seq, kind, occurred_at } of rows) {
      socket.send(
        JSON.stringify({ __typename: kind, cursor: String(seq), sessionId: session, occurredAt: occurred_at }),
      );
    }
  } else {
    socket.send("joined");
  }
  audience.add(socket);
});

server.listen(0, "127.0.0.1", () => console.log(`ready at http://127.0.0.1:${server.address().port}`));
