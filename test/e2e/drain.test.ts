import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { createEmbeddedTables, createTables } from "../support/databases.ts";
import { createSession } from "../support/interview.ts";
import { startModelServer } from "../support/modelServer.ts";
import { startProcess } from "../support/process.ts";
import { post } from "../support/world.ts";

/** A model that never answers keeps a request waiting and a job at work; sockets are open; then SIGTERM. */
it("says that it is going, finishes what it was asked, sends sockets elsewhere, and ends with 0", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-"));
  await createEmbeddedTables(dataDir);
  const model = await startModelServer();
  model.always({ kind: "no-headers" });
  const server = await startProcess({
    DATA_DIR: dataDir,
    LLM_PROVIDERS: "slow",
    SLOW_BASE_URL: model.url,
    SLOW_API_KEY: "sk-test",
    SLOW_MODEL: "test-model",
    LLM_FIRST_TOKEN_TIMEOUT: "60s",
    DRAIN_DELAY: "2s",
    DRAIN_TIMEOUT: "3s",
  });
  const sockets = await Promise.all(Array.from({ length: 50 }, () => open(server.url)));
  const codes = Promise.all(sockets.map((socket) => once(socket, "close").then(([code]) => code)));
  const creating = post<any>(server.url, createSession, {
    input: { resumeText: "Java engineer", questionCount: 3 },
  });
  await model.until(() => model.open() > 0);

  const ended = server.terminate();
  // Balancers still send requests for a moment: they are served, while readiness says no.
  await untilNotReady(server.url);
  expect((await post<any>(server.url, "{ viewer { role } }")).data.viewer.role).toBe("ADMIN");
  const { data } = await creating;
  expect(data.createSession.session).toMatchObject({ turn: "INTERVIEWER", currentQuestion: null });
  expect(new Set(await codes)).toEqual(new Set([1012]));
  expect(await ended).toBe(0);
  await model.close();
});

/** A lock keeps a mutation from being answered while the sockets that wait for nothing are closed. */
it("closes a socket that waits for an answer once it has it, and the others meanwhile", async () => {
  const databaseUrl = await createTables();
  const server = await startProcess({ DATABASE_URL: databaseUrl });
  const [busy, idle] = [await open(server.url), await open(server.url)];
  const told: string[] = [];
  busy.on("message", (data) => told.push(JSON.parse(String(data)).type));
  const [busyClosed, idleClosed] = [busy, idle].map((socket) => once(socket, "close"));
  const locker = new pg.Client({ connectionString: databaseUrl });
  await locker.connect();
  await locker.query("BEGIN");
  await locker.query("LOCK TABLE interview_session IN ACCESS EXCLUSIVE MODE");
  const payload = { query: createSession, variables: { input: { resumeText: "Java engineer" } } };
  busy.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
  await vi.waitUntil(async () => {
    const { rows } = await locker.query(
      "SELECT FROM pg_locks WHERE relation = 'interview_session'::regclass AND NOT granted",
    );
    return rows.length > 0;
  }, 10_000);

  const ended = server.terminate();
  expect((await idleClosed!)[0]).toBe(1012);
  expect(told).toEqual([]);
  await locker.query("ROLLBACK");
  expect((await busyClosed!)[0]).toBe(1012);
  expect(told).toEqual(["next", "complete"]);
  expect(await ended).toBe(0);
  await locker.end();
});

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init" }));
  await once(socket, "message");
  return socket;
}

async function untilNotReady(url: string): Promise<void> {
  while ((await fetch(`${url}/health/ready`)).status !== 503);
}
