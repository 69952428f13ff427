import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { fill, sessionId } from "../../../bench/sessions.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { plainCipher } from "../../../src/adapters/system/cipher.ts";
import { saveDraft, submitAnswer } from "../../../src/interview/conversation.ts";
import type { Decision } from "../../../src/interview/decision.ts";
import type { Session } from "../../../src/interview/model.ts";
import { ClaimLost } from "../../../src/ports/jobs.ts";
import { decided } from "../../interview/sessions.ts";
import { createTables } from "../../support/databases.ts";
import { openJobQueue } from "../../support/jobQueue.ts";

const moment = { now: new Date(), newId: randomUUID };
const answer = (session: Session): Decision => decided(submitAnswer(session, 1, `Of ${session.id}`, true, moment));

it("stores what comes together in a few statements, and each session's fate is its own", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  let statements = 0;
  const database: typeof server = {
    ...server,
    query(text, values) {
      statements++;
      return server.query(text, values);
    },
  };
  try {
    const jobs = await openJobQueue(server);
    await fill(url, { sessions: 40, answers: 1, ownerId: "ann", planned: 3 });
    const store = createStore(database, jobs, plainCipher);
    const ids = Array.from({ length: 40 }, (_, index) => sessionId(index + 1));
    const sessions = (await Promise.all(ids.map((id) => store.load(id)))) as Session[];
    // One waits for no other, the rest for that one.
    expect(statements).toBeLessThanOrEqual(2);

    const [stale, broken, claimed, twice] = sessions as [Session, Session, Session, Session];
    await store.commit(stale, decided(saveDraft(stale, 1, "Somebody was faster", moment)));
    const good = answer(broken);
    const taken = sessions[5]!.questions[0]!.id;
    const bad = {
      ...good,
      session: {
        ...good.session,
        questions: good.session.questions.map((question, index) =>
          index === 2 ? { ...question, id: taken } : question,
        ),
      },
    };
    statements = 0;
    const outcomes = await Promise.allSettled([
      store.commit(stale, answer(stale)),
      store.commit(broken, bad),
      store.commit(claimed, answer(claimed), [{ jobId: randomUUID(), attempt: 0 }]),
      ...sessions.slice(4).map((session) => store.commit(session, answer(session))),
    ]);
    const [onStale, onBroken, onClaimed, ...others] = outcomes;
    expect(onStale).toMatchObject({ value: "CONFLICT" });
    expect(onBroken).toMatchObject({ reason: { code: "23505" } });
    expect(onClaimed!.status === "rejected" && onClaimed.reason).toBeInstanceOf(ClaimLost);
    for (const [index, outcome] of others.entries()) {
      const { id, version } = sessions[index + 4]!;
      expect(outcome).toMatchObject({
        value: { session: { id, version: version + 1 }, change: { id, before: version } },
      });
    }

    expect(statements).toBeLessThan(50);
    const rivals = await Promise.all([
      store.commit(twice, answer(twice)),
      store.commit(twice, decided(submitAnswer(twice, 1, "Decided on the same state", true, moment))),
    ]);
    expect(rivals.filter((outcome) => outcome === "CONFLICT")).toHaveLength(1);

    // What was told is what is there, also for a node that remembers nothing.
    const fresh = createStore(server, jobs, plainCipher);
    for (const { id } of sessions.slice(3)) {
      const session = (await fresh.load(id))!;
      expect(session).toEqual(store.recall(id));
      if (id !== twice.id) expect(session.questions[1]!.answer?.text).toBe(`Of ${id}`);
    }
    expect((await fresh.load(broken.id))!).toEqual(broken);
    expect((await fresh.load(claimed.id))!).toEqual(claimed);
    const [counted] = await server.query<{ events: number; jobs: number }>(
      `SELECT (SELECT count(*) FROM session_event WHERE seq > 4) AS events,
         (SELECT count(DISTINCT data->>'sessionId') FROM pgboss.job WHERE data->>'kind' = 'SCORE_ANSWERS') AS jobs`,
    );
    expect(counted).toEqual({ events: 37 * 2 + 1, jobs: 37 });
  } finally {
    await server.close();
  }
});

it("is not held up by a session that somebody else has locked", async () => {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 8, timeoutMs: 60_000, onError() {} });
  try {
    const jobs = await openJobQueue(server);
    await fill(url, { sessions: 4, answers: 1, ownerId: "ann", planned: 3 });
    const store = createStore(server, jobs, plainCipher);
    const [locked, second, free] = (await Promise.all([1, 2, 3].map((n) => store.load(sessionId(n))))) as Session[];
    let waiting: Promise<unknown> = Promise.resolve();
    await server.transaction(async (tx) => {
      await tx.query("SELECT 1 FROM interview_session WHERE id IN ($1, $2) FOR UPDATE", [locked!.id, second!.id]);
      const untilWaiting = async (statements: number): Promise<void> => {
        for (;;) {
          const [found] = await server.query<{ waiting: number }>(
            "SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          );
          if (found!.waiting === statements) return;
        }
      };
      const first = store.commit(locked!, answer(locked!));
      await untilWaiting(1);
      waiting = Promise.all([first, store.commit(second!, answer(second!))]);
      await untilWaiting(2);
      // Both places are taken by statements that wait; they do not count for long.
      expect(await store.commit(free!, answer(free!))).toMatchObject({ session: { id: free!.id } });
    });
    expect(await waiting).toMatchObject([{ session: { id: locked!.id } }, { session: { id: second!.id } }]);
  } finally {
    await server.close();
  }
});
