import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { create } from "../support/interview.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

const list = `query($first: Int, $after: String, $last: Int, $before: String, $status: [SessionStatus!], $resumeId: ID,
    $search: String, $ownerId: ID, $from: DateTime, $to: DateTime, $order: SessionOrder) {
  viewer { sessions(first: $first, after: $after, last: $last, before: $before, status: $status, resumeId: $resumeId,
      search: $search, ownerId: $ownerId, from: $from, to: $to, order: $order) {
    totalCount averageScore statusCounts { status count }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { jobTitle companyName ownerId resumeId status createdAt report { overallScore } } } } } }`;

type Headers = Record<string, string>;

describe.each(["pglite", "postgres"] as const)("lists of sessions on %s", (kind) => {
  let world: World;
  let headers: Record<"ada" | "bob" | "reviewer", Headers>;
  const made: { id: string; title: string; score: number | null }[] = [];

  beforeAll(async () => {
    world = await openWorld(kind, { AUTH_JWT_SECRET: testSecret });
    const bearer = async (sub: string, role: string): Promise<Headers> => ({
      authorization: `Bearer ${await mintToken(sub, role)}`,
    });
    headers = {
      ada: await bearer("ada", "candidate"),
      bob: await bearer("bob", "candidate"),
      reviewer: await bearer("rita", "reviewer"),
    };
    await interview("ada", { jobTitle: "Platform engineer", companyName: "Äther & Söhne", resumeId: "cv-100%" }, 2);
    await interview("bob", { jobTitle: "Java 后端工程师", companyName: "北京公司" }, 0);
    await interview("ada", { jobTitle: "Senior platform lead", companyName: "Acme" }, 1);
    await interview("bob", { jobTitle: "Data_engineer" }, null);
    await interview("ada", { jobTitle: "Unfinished" }, null);
  });
  afterAll(() => world.close());

  /** An interview with so many good answers, or one that is left open. */
  async function interview(
    owner: "ada" | "bob",
    input: { jobTitle: string; companyName?: string; resumeId?: string },
    answers: number | null,
  ): Promise<void> {
    const own: World = { ...world, gql: (query, variables) => world.gql(query, variables, headers[owner]) };
    const { session } = await create(own, { questionCount: 3, followUps: 0, ...input });
    const ask = (query: string, variables: object): Promise<any> => own.gql(query, variables);
    let score: number | null = null;
    if (answers !== null) {
      const done = world.watch(
        'subscription($id: ID!) { sessionEvents(sessionId: $id, after: "0") { __typename ... on ReportReady { report { overallScore } } } }',
        { id: session.id },
        { authorization: headers[owner].authorization! },
      );
      for (let index = 0; index < answers; index++) {
        const { data } = await ask(`query($id: ID!) { session(id: $id) { currentQuestion { text category } } }`, {
          id: session.id,
        });
        const { text, category } = data.session.currentQuestion;
        const answer = `${text} ${category}: I measured it, because indexes, locks and caches behave as their readers do.`;
        await ask(`mutation($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename } }`, {
          input: { sessionId: session.id, questionIndex: index, answer },
        });
      }
      await ask(`mutation($input: CompleteInterviewInput!) { completeInterview(input: $input) { __typename } }`, {
        input: { sessionId: session.id },
      });
      score = (await done.until((event) => event.__typename === "ReportReady")).report.overallScore;
      done.stop();
    }
    made.push({ id: session.id, title: input.jobTitle, score });
  }

  async function read(variables: object, by: keyof typeof headers = "reviewer"): Promise<any> {
    const { data, errors } = await world.gql(list, variables, headers[by]);
    if (errors) throw new Error(errors[0]!.extensions.code);
    return data.viewer.sessions;
  }
  const titles = (connection: any): string[] => connection.edges.map(({ node }: any) => node.jobTitle);

  it("are searched by every word, in any case and within words, in titles, companies, keys and owners", async () => {
    expect(titles(await read({ search: "PLATFORM" }))).toEqual(["Senior platform lead", "Platform engineer"]);
    expect(titles(await read({ search: "  engineer\tform " }))).toEqual(["Platform engineer"]);
    expect(titles(await read({ search: "后端" }))).toEqual(["Java 后端工程师"]);
    expect(titles(await read({ search: "京" }))).toEqual(["Java 后端工程师"]);
    expect(titles(await read({ search: "äTHER & söhne" }))).toEqual(["Platform engineer"]);
    expect(titles(await read({ search: "ÄTHER & SÖHNE" }))).toEqual(["Platform engineer"]);
    expect(titles(await read({ search: "acme ada" }))).toEqual(["Senior platform lead"]);
    expect(titles(await read({ search: "cv-100%" }))).toEqual(["Platform engineer"]);
    expect(titles(await read({ search: "_" }))).toEqual(["Data_engineer"]);
    expect(titles(await read({ search: "%" }))).toEqual(["Platform engineer"]);
    expect((await read({ search: "text-" })).totalCount).toBe(0);
    expect((await read({ search: "nobody" })).totalCount).toBe(0);
    expect((await read({ search: " " })).totalCount).toBe(5);
  });

  it("refuse a search that is too long, or that no text can hold", async () => {
    await expect(read({ search: "x".repeat(101) })).rejects.toThrow("BAD_USER_INPUT");
    await expect(read({ search: "a b c d e f g h i j k" })).rejects.toThrow("BAD_USER_INPUT");
    await expect(read({ search: "a\0" })).rejects.toThrow("BAD_USER_INPUT");
    expect((await read({ search: "界".repeat(100) })).totalCount).toBe(0);
  });

  it("are those of an owner, a time and a résumé", async () => {
    const all = (await read({ order: "OLDEST_FIRST" })).edges.map(({ node }: any) => node);
    expect(titles(await read({ ownerId: "bob" }))).toEqual(["Data_engineer", "Java 后端工程师"]);
    const [, second, , fourth] = all;
    const between = await read({ from: second.createdAt, to: fourth.createdAt, order: "OLDEST_FIRST" });
    expect(titles(between)).toEqual(["Java 后端工程师", "Senior platform lead"]);
    expect(titles(await read({ resumeId: second.resumeId }))).toEqual([second.jobTitle]);
    for (const ownerId of ["", "a\0"]) expect((await read({ ownerId })).totalCount).toBe(0);
  });

  it("take moments of every year that a database knows, and refuse others", async () => {
    const codes = async (moments: string[]): Promise<unknown[]> =>
      Promise.all(
        moments.flatMap((moment) =>
          [{ from: moment }, { to: moment }].map(async (variables) => {
            const { errors } = await world.gql(list, variables, headers.reviewer);
            return errors?.[0]?.extensions.code;
          }),
        ),
      );
    const known = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"];
    expect(new Set(await codes(known))).toEqual(new Set([undefined]));
    const unknown = [
      "0000-01-01T00:00:00Z",
      "0001-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
      "+275760-09-13T00:00:00Z",
      "-000001-01-01T00:00:00Z",
    ];
    expect(new Set(await codes(unknown))).toEqual(new Set(["BAD_USER_INPUT"]));
  });

  it("show a candidate their own alone, whatever is asked for", async () => {
    expect((await read({ ownerId: "bob" }, "ada")).totalCount).toBe(0);
    expect((await read({ search: "bob" }, "ada")).totalCount).toBe(0);
    const own = await read({}, "ada");
    expect(own.totalCount).toBe(3);
    const scores = made.filter(({ title }) => title.includes("latform")).map(({ score }) => score!);
    expect(own.averageScore).toBeCloseTo((scores[0]! + scores[1]!) / 2);
  });

  it("sum up what they hold over every page", async () => {
    const counts = [
      { status: "CREATED", count: 2 },
      { status: "IN_PROGRESS", count: 0 },
      { status: "COMPLETED", count: 0 },
      { status: "EVALUATED", count: 3 },
    ];
    const scores = made.flatMap(({ score }) => score ?? []);
    const page = await read({ first: 1 });
    expect(page.edges).toHaveLength(1);
    expect(page).toMatchObject({ totalCount: 5, statusCounts: counts });
    expect(page.averageScore).toBeCloseTo(scores.reduce((sum, score) => sum + score) / scores.length);
    expect(await read({ status: ["CREATED"] })).toMatchObject({
      totalCount: 2,
      averageScore: null,
      statusCounts: counts,
    });
    expect(await read({ status: [] })).toMatchObject({ totalCount: 0, averageScore: null, statusCounts: counts });
    expect((await read({ search: "bob" })).statusCounts).toMatchObject([{ count: 1 }, {}, {}, { count: 1 }]);
  });

  it.each([
    ["NEWEST_FIRST", (): string[] => made.map(({ title }) => title).reverse()],
    ["OLDEST_FIRST", (): string[] => made.map(({ title }) => title)],
    ["HIGHEST_SCORE_FIRST", (): string[] => [...byScore(1), "Unfinished", "Data_engineer"]],
    ["LOWEST_SCORE_FIRST", (): string[] => [...byScore(-1), "Data_engineer", "Unfinished"]],
  ])("are paged both ways in the order %s", async (order, expected) => {
    const forwards: string[] = [];
    for (let after: string | null = null; ; ) {
      const page = await read({ first: 2, after, order });
      forwards.push(...titles(page));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(forwards).toEqual(expected());
    const backwards: string[] = [];
    for (let before: string | null = null; ; ) {
      const page = await read({ last: 2, before, order });
      backwards.unshift(...titles(page));
      if (!page.pageInfo.hasPreviousPage) break;
      before = page.pageInfo.startCursor;
    }
    expect(backwards).toEqual(expected());
  });

  it("tell apart cursors of orders by different things", async () => {
    const { pageInfo } = await read({ first: 1, order: "HIGHEST_SCORE_FIRST" });
    await expect(read({ after: pageInfo.endCursor })).rejects.toThrow("BAD_USER_INPUT");
  });

  it("refuse a cursor with a time that no database knows", async () => {
    const forged = Buffer.from("999999999999999:00000000-0000-0000-0000-000000000000").toString("base64url");
    await expect(read({ after: forged })).rejects.toThrow("BAD_USER_INPUT");
  });

  function byScore(sign: number): string[] {
    const scored = made.filter(({ score }) => score !== null);
    // Equal scores: in the order of their making, turned round where the highest come first.
    const ordered = scored
      .map((session, at) => ({ ...session, at }))
      .sort((a, b) => sign * (b.score! - a.score! || b.at - a.at));
    return ordered.map(({ title }) => title);
  }
});
