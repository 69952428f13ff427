import pg from "pg";
import { describe, expect, it } from "vitest";
import { answerAll, create, sessionEvents } from "../support/interview.ts";
import { openWorld } from "../support/world.ts";

describe.each(["pglite", "postgres"] as const)("retention on %s", (kind) => {
  it("asks clients for a snapshot when their cursor is older than what is kept", async () => {
    const world = await openWorld(kind, { RETENTION: "1s" });
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    // From the beginning: once the report is there, what came before it may soon be gone.
    const live = world.watch(sessionEvents, { id: session.id, after: "0" });
    await answerAll(world, session.id);
    await live.until((event) => event.__typename === "ReportReady");

    // Trimmed after a second, and looked for every second: asked until it is so.
    for (;;) {
      const watch = world.watch(sessionEvents, { id: session.id, after: "2" });
      const first = await watch.until(() => true);
      watch.stop();
      const [error] = first.errors ?? [];
      if (error?.extensions?.code === "SNAPSHOT_REQUIRED") break;
    }
    const { data } = await world.gql("query($id: ID!) { session(id: $id) { cursor report { overallScore } } }", {
      id: session.id,
    });
    expect(data.session.report).not.toBeNull();
    // The newest cursor, read with the snapshot, is always good.
    const watch = world.watch(sessionEvents, { id: session.id, after: data.session.cursor });
    await world.gql("mutation($input: RetryEvaluationInput!) { retryEvaluation(input: $input) { __typename } }", {
      input: { sessionId: session.id },
    });
    await watch.until((event) => event.__typename === "ReportReady" && event.report.version === 2);
    await world.close();
  });

  it("removes whole sessions where that is wished, and tells their watchers", async () => {
    const world = await openWorld(kind, { SESSION_RETENTION: "1s" });
    const open = await create(world, { questionCount: 3 });
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    await answerAll(world, session.id);
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await watch.until((event) => event.__typename === "SessionDeleted");
    expect(await watch.ended).toBeNull();
    const { data } = await world.gql(
      `query($id: ID!) { session(id: $id) { status } viewer { resumes { totalCount } } }`,
      {
        id: open.session.id,
      },
    );
    // What is under way stays, with its résumé.
    expect(data.session.status).toBe("CREATED");
    expect(data.viewer.resumes.totalCount).toBe(1);
    await world.close();
  });
});

it("ends a stream that needs what is no longer kept, on a socket and as Server-Sent Events", async () => {
  const world = await openWorld("postgres");
  const { session } = await create(world, { questionCount: 3 });
  const place = { id: session.id, after: session.cursor };
  const watch = world.watch(sessionEvents, place);
  const response = await fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: sessionEvents, variables: place }),
  });
  const pieces = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const saveDraft = (text: string) =>
    world.gql("mutation($input: SaveDraftInput!) { saveDraft(input: $input) { __typename } }", {
      input: { sessionId: session.id, questionIndex: 0, answer: text },
    });
  await saveDraft("Heard by both");
  await watch.until((event) => event.__typename === "DraftSaved");
  let said = "";
  while (!said.includes("DraftSaved")) said += (await pieces.next()).value;

  // As if events had come and been trimmed while neither reader was told.
  const database = new pg.Client({ connectionString: world.databaseUrl! });
  await database.connect();
  await database.query("DELETE FROM session_event");
  await database.query("UPDATE interview_session SET seq = seq + 5, version = version + 1");
  await database.end();
  await saveDraft("Too much is missing before this");
  const { errors } = await watch.until((event) => event.errors);
  expect(errors[0].extensions.code).toBe("SNAPSHOT_REQUIRED");
  expect(await watch.ended).toBeNull();
  for await (const piece of pieces) said += piece;
  expect(said).toMatch(/SNAPSHOT_REQUIRED[\s\S]*event: complete/);
  await world.close();
});
