import { afterAll, beforeAll, expect, it } from "vitest";
import { create } from "../support/interview.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
/** Newest first. */
const ids: string[] = [];
beforeAll(async () => {
  world = await openWorld("pglite");
  for (let n = 0; n < 7; n++)
    ids.unshift((await create(world, { forceCreate: true, resumeId: `${n % 2}` })).session.id);
});
afterAll(() => world.close());

async function page(args: object) {
  const { data } = await world.gql(
    `query ($first: Int, $after: String, $last: Int, $before: String, $resumeId: ID, $status: [SessionStatus!]) {
      viewer { sessions(first: $first, after: $after, last: $last, before: $before, resumeId: $resumeId, status: $status) {
        totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } }
    }`,
    args,
  );
  const { edges, pageInfo, totalCount } = data.viewer.sessions;
  return {
    ids: edges.map(({ node }: any) => node.id),
    cursors: edges.map((edge: any) => edge.cursor),
    pageInfo,
    totalCount,
  };
}

it("walks the whole list forwards and backwards, each session once", async () => {
  const forwards: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const found = await page({ first: 3, after });
    expect(found.totalCount).toBe(7);
    forwards.push(...found.ids);
    after = found.pageInfo.endCursor;
    more = found.pageInfo.hasNextPage;
  }
  expect(forwards).toEqual(ids);

  const backwards: string[] = [];
  for (let before: string | null = null, more = true; more; ) {
    const found = await page({ last: 3, before });
    backwards.unshift(...found.ids);
    before = found.pageInfo.startCursor;
    more = found.pageInfo.hasPreviousPage;
  }
  expect(backwards).toEqual(ids);
});

it("takes a stretch between two cursors", async () => {
  const { cursors } = await page({});
  expect((await page({ after: cursors[1], before: cursors[5] })).ids).toEqual(ids.slice(2, 5));
  expect((await page({ first: 2, before: cursors[5] })).ids).toEqual(ids.slice(0, 2));
  expect((await page({ last: 2, after: cursors[1] })).ids).toEqual(ids.slice(5));
});

it.each([{ resumeId: "nobody's" }, { resumeId: "" }, { resumeId: "\u0000" }, { first: 0 }, { status: ["EVALUATED"] }])(
  "has no cursors on an empty page: %o",
  async (args) => {
    const { ids, pageInfo } = await page(args);
    expect(ids).toEqual([]);
    expect(pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  },
);

it.each(["sessions", "resumes"])("says which cursor of %s is malformed, in both languages", async (list) => {
  const refusal = async (args: string, language: string): Promise<string> => {
    const query = `{ viewer { ${list}(${args}) { totalCount } } }`;
    const { errors } = await world.gql(query, {}, { "accept-language": language });
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    return errors![0]!.message;
  };
  expect(await refusal('after: "one"', "en")).toBe("The cursor in `after` is malformed");
  expect(await refusal('before: "one"', "en")).toBe("The cursor in `before` is malformed");
  expect(await refusal('after: "one"', "zh")).toBe("参数after中的游标格式不正确");
  expect(await refusal('before: "one"', "zh")).toBe("参数before中的游标格式不正确");
});

it("has no trends over fewer than no sessions", async () => {
  const { errors } = await world.gql("{ viewer { trends(last: -1) { scores { sessionId } } } }");
  expect(errors).toMatchObject([{ message: "A page size cannot be negative", extensions: { code: "BAD_USER_INPUT" } }]);
});

it.each(["", "\u0000", "\ud800"])("finds no session of a résumé whose key is %j", async (resumeId) => {
  const { data, errors } = await world.gql(
    "query ($r: ID!) { unfinishedSession(resumeId: $r) { id } viewer { trends(resumeId: $r) { scores { sessionId } } } }",
    { r: resumeId },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ unfinishedSession: null, viewer: { trends: { scores: [] } } });
});
