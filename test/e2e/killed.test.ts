import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "graphql-ws";
import { expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createEmbeddedTables } from "../support/databases.ts";
import { createSession, sessionEvents, submitAnswer } from "../support/interview.ts";
import { startModelServer } from "../support/modelServer.ts";
import { startProcess } from "../support/process.ts";
import { post } from "../support/world.ts";

const saveDraft = `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { __typename } }`;

/** kill -9 under load, several times on one data folder: what was acknowledged is there, and so is every event, once. */
it("loses nothing that was acknowledged when it is killed", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-"));
  await createEmbeddedTables(dataDir);
  const env = { DATA_DIR: dataDir };
  let server = await startProcess(env);
  const input = { resumeText: "Java engineer", questionCount: 20, followUps: 0, forceCreate: true };
  const created = await post<any>(server.url, createSession, { input });
  const { id } = created.data.createSession.session;

  const acknowledged = new Map<number, string>();
  const drafts = new Map<number, string>();
  const seen: { cursor: string; kind: string }[] = [];
  let index = 0;

  for (let round = 0; round < 4; round++) {
    const watching = watchUntilClosed(server.url, id, seen);
    // The kill comes while requests are under way, a different number of answers in each time.
    const working = (async () => {
      for (;;) {
        const draft = `draft ${index} of round ${round}`;
        const saved = await post<any>(server.url, saveDraft, {
          input: { sessionId: id, questionIndex: index, answer: draft },
        });
        if (saved.data.saveDraft.__typename === "SaveDraftPayload") drafts.set(index, draft);
        const answer = `answer ${index}`;
        const result = await post<any>(server.url, submitAnswer, {
          input: { sessionId: id, questionIndex: index, answer },
        });
        const outcome = result.data.submitAnswer;
        if (outcome.__typename === "SubmitAnswerPayload") {
          acknowledged.set(index, answer);
          index = outcome.currentIndex;
          if (acknowledged.size % 4 === 3) void server.kill();
        } else {
          index = outcome.expectedIndex;
        }
      }
    })();
    await working.catch(() => {});
    await server.kill();
    await watching;
    server = await startProcess(env);
  }

  const { data } = await post<any>(
    server.url,
    `query($id: ID!) { session(id: $id) { cursor questions { index answer { text isDraft } } } }`,
    { id },
  );
  for (const [at, answer] of acknowledged)
    expect(data.session.questions[at].answer).toEqual({ text: answer, isDraft: false });
  const open = data.session.questions.at(-1);
  if (drafts.has(open.index) && !acknowledged.has(open.index)) {
    expect(open.answer.text).toMatch(/^(draft|answer) /);
  }

  const last = await new Promise<void>((resolve) => {
    watchUntilClosed(server.url, id, seen, data.session.cursor).then(resolve);
  });
  expect(last).toBeUndefined();
  expect(seen.map(({ cursor }) => cursor)).toEqual(seen.map((_, n) => String(n + 1)));
  expect(seen.length).toBeGreaterThanOrEqual(Number(data.session.cursor));
  await server.kill();
}, 120_000);

it("evaluates an interview although it is killed three times while it waits for the model", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-"));
  await createEmbeddedTables(dataDir);
  const model = await startModelServer();
  onTestFinished(() => model.close());
  const env = {
    DATA_DIR: dataDir,
    LLM_PROVIDERS: "test",
    TEST_BASE_URL: model.url,
    TEST_API_KEY: "key",
    TEST_MODEL: "model",
    EVALUATION_EAGER: "false",
  };
  let server = await startProcess(env);
  const input = { resumeText: "Java engineer", questionCount: 3, followUps: 0 };
  const created = await post<any>(server.url, createSession, { input });
  const { id } = created.data.createSession.session;
  const scoring = model.hold(({ task }) => task === "score_answers");
  for (let questionIndex = 0; questionIndex < 3; questionIndex++) {
    await post(server.url, submitAnswer, { input: { sessionId: id, questionIndex, answer: "Because it matters." } });
  }
  for (let kills = 1; kills <= 3; kills++) {
    await model.until(() => scoring.requests.length === kills);
    await server.kill();
    server = await startProcess(env);
  }
  scoring.release();
  const evaluation = `query($id: ID!) { session(id: $id) { evaluation { status error } } }`;
  await expect
    .poll(async () => (await post<any>(server.url, evaluation, { id })).data.session.evaluation, { timeout: 60_000 })
    .toEqual({ status: "COMPLETED", error: null });
  await server.kill();
}, 120_000);

it("gives up an evaluation that kills it each time", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-"));
  await createEmbeddedTables(dataDir);
  const env = { DATA_DIR: dataDir, EVALUATION_EAGER: "false", FAIL_AT: "before-scoring" };
  let server = await startProcess(env);
  const input = { resumeText: "Java engineer", questionCount: 3, followUps: 0 };
  const created = await post<any>(server.url, createSession, { input });
  const { id } = created.data.createSession.session;
  for (let questionIndex = 0; questionIndex < 3; questionIndex++) {
    const answered = { sessionId: id, questionIndex, answer: "Because it matters." };
    // The last one begins the evaluation, whose end the reply may not see.
    await post(server.url, submitAnswer, { input: answered }).catch(() => {});
  }
  const evaluation = `query($id: ID!) { session(id: $id) { evaluation { status error } } }`;
  let lives = 1;
  let ended: any = null;
  while (ended?.status !== "FAILED") {
    try {
      ended = (await post<any>(server.url, evaluation, { id })).data.session.evaluation;
    } catch {
      lives++;
      // It may be killed before it is ready.
      server = await startProcess(env).catch(() => server);
    }
  }
  expect([ended.error, lives]).toEqual(["The evaluation was interrupted repeatedly and has been stopped.", 7]);
  await server.kill();
}, 120_000);

/** Subscribes with the last cursor seen; resolves when the connection breaks, or at a cursor. */
function watchUntilClosed(
  url: string,
  id: string,
  seen: { cursor: string; kind: string }[],
  until?: string,
): Promise<void> {
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const done = (): boolean => until !== undefined && Number(seen.at(-1)?.cursor ?? 0) >= Number(until);
  return new Promise((resolve) => {
    const stop = client.subscribe(
      { query: sessionEvents, variables: { id, after: seen.at(-1)?.cursor ?? "0" } },
      {
        next: ({ data }) => {
          const event = (data as any).sessionEvents;
          if (event.cursor !== null) seen.push({ cursor: event.cursor, kind: event.__typename });
          if (done()) stop();
        },
        error: () => resolve(),
        complete: () => {
          void client.dispose();
          resolve();
        },
      },
    );
    if (done()) stop();
  });
}
