import { describe, expect, it } from "vitest";
import { answerAll, create, sessionEvents } from "../support/interview.ts";
import { openWorld } from "../support/world.ts";

describe.each(["pglite", "postgres"] as const)("retention on %s", (kind) => {
  it("asks clients for a snapshot when their cursor is older than what is kept", async () => {
    const world = await openWorld(kind, { RETENTION: "1s" });
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    await answerAll(world, session.id);
    await world
      .watch(sessionEvents, { id: session.id, after: "0" })
      .until((event) => event.__typename === "ReportReady");

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
