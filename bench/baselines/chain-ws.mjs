/** The raw chain, second half: what is published in a session goes to the sockets that asked for it, as it is. */
import { Redis } from "ioredis";
import { WebSocketServer } from "ws";

const redis = new Redis(process.env.REDIS_URL);
const watchers = new Map();
redis.on("message", (channel, message) => {
  for (const socket of watchers.get(channel) ?? []) socket.send(message);
});

const server = new WebSocketServer({ host: "127.0.0.1", port: 0 }, () =>
  console.log(`ready at http://127.0.0.1:${server.address().port}`),
);
server.on("connection", (socket) => {
  socket.on("message", async (sessionId) => {
    const channel = `session:${sessionId}`;
    const sockets = watchers.get(channel) ?? new Set();
    watchers.set(channel, sockets);
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      watchers.delete(channel);
      redis.unsubscribe(channel);
    });
    await redis.subscribe(channel);
    socket.send(`{"subscribed":"${sessionId}"}`);
  });
});
process.once("SIGTERM", () => process.exit(0));
