import { describe, expect, it } from "vitest";
import { SessionCache, type SessionSource } from "../../../src/adapters/postgres/sessionCache.ts";
import { newSession } from "../../interview/sessions.ts";
import { createTables } from "../../support/databases.ts";
import { create, submit } from "../../support/interview.ts";
import { openWorld, type World } from "../../support/world.ts";

/** A database of one session whose answers come when they are let go. */
function source(): SessionSource & { mark: string; loads: number; checks: string[][]; answer(): void } {
  const waiting: (() => void)[] = [];
  return {
    mark: "1",
    loads: 0,
    checks: [],
    async load(ids) {
      this.loads += ids.length;
      return new Map(ids.map((id) => [id, { session: { ...newSession(), id }, mark: this.mark }]));
    },
    marks(ids) {
      this.checks.push(ids);
      const mark = this.mark;
      return new Promise((resolve) => waiting.push(() => resolve(new Map(ids.map((id) => [id, mark])))));
    },
    answer: () => waiting.shift()!(),
  };
}

/** Lets everything run that waits for nothing. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("kept sessions", () => {
  it("are asked for together by all who come while a question is under way, and that question began after they came", async () => {
    const rows = source();
    const cache = new SessionCache(rows);
    await Promise.all(["a", "b"].map((id) => cache.load(id)));
    const first = cache.load("a");
    await settle();
    expect(rows.checks).toEqual([["a"]]);

    const later = [cache.load("a"), cache.load("b"), cache.load("b")];
    rows.mark = "2";
    await settle();
    expect(rows.checks).toHaveLength(1);
    rows.answer();
    await first;
    await settle();
    expect(rows.checks).toEqual([["a"], ["a", "b"]]);
    expect(rows.loads).toBe(2);

    rows.answer();
    await Promise.all(later);
    expect(rows.loads).toBeGreaterThan(2);
  });

  it("are the same object as long as their row is unchanged, and are forgotten when it is gone", async () => {
    const rows = source();
    const cache = new SessionCache(rows);
    const session = await cache.load("a");
    const again = cache.load("a");
    await settle();
    rows.answer();
    expect(await again).toBe(session);
    expect(cache.recall("a")).toBe(session);

    rows.marks = async () => new Map();
    rows.load = async () => new Map();
    expect(await cache.load("a")).toBeNull();
    expect(cache.recall("a")).toBeNull();
  });
});

describe("two nodes on one database", () => {
  const everything = /* GraphQL */ `
    query Everything($id: ID!) {
      session(id: $id) {
        id ownerId status mode turn jobTitle companyName jobDescription locale totalQuestions currentQuestionIndex cursor
        createdAt startedAt completedAt evaluatedAt
        currentQuestion { id }
        questions {
          id index text type category isFollowUp parentQuestionIndex source askedAt
          answer { text isDraft updatedAt submittedAt evaluation { score feedback evidence } }
        }
        messages { id role content timestamp }
        progress { asked answered total isStarted isComplete }
        evaluation { status error answersEvaluated answersTotal percent attempt }
        usage { calls inputTokens outputTokens durationMs longestMs }
        report { version overallScore }
      }
    }
  `;

  it("show the same at any time, whichever of them wrote", async () => {
    const databaseUrl = await createTables();
    const nodes: World[] = [];
    try {
      for (let n = 0; n < 2; n++) nodes.push(await openWorld("postgres", { DATABASE_URL: databaseUrl }));
      const [one, other] = nodes as [World, World];
      const { session } = await create(one, { questionCount: 3, followUps: 0, jobTitle: "Engineer" });
      const compare = async (): Promise<any> => {
        // Scores come by themselves: both are asked until nothing comes in between.
        for (;;) {
          const before = await one.gql(everything, { id: session.id });
          const between = await other.gql(everything, { id: session.id });
          const after = await one.gql(everything, { id: session.id });
          if (before.data.session?.cursor !== after.data.session?.cursor) continue;
          if (JSON.stringify(before) !== JSON.stringify(after)) continue;
          expect(between).toEqual(before);
          return before.data.session;
        }
      };
      await compare();
      for (let index = 0; index < 3; index++) {
        await submit(nodes[index % 2]!, session.id, index, `Answer ${index}, because it matters.`);
        expect((await compare()).questions[index].answer.text).toContain(String(index));
      }
      await expect.poll(async () => (await compare()).status, { timeout: 20_000 }).toBe("EVALUATED");
      expect((await compare()).report.version).toBe(1);

      const remove = `mutation ($id: ID!) { deleteSession(input: { sessionId: $id }) { __typename } }`;
      await other.gql(remove, { id: session.id });
      expect(await compare()).toBeNull();
      expect((await submit(one, session.id, 0, "Too late")).__typename).toBe("SessionNotFoundError");
    } finally {
      for (const node of nodes) await node.close();
    }
  });
});
