import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerAll, create, sessionEvents } from "../support/interview.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type Watch, type World } from "../support/world.ts";

const viewerEvents = "subscription { viewerEvents { __typename cursor sessionId } }";

/** Nothing but the database joins them: no node is told by another. */
describe("a deletion on another node", () => {
  let here: World;
  let there: World;
  let as: Record<string, string>;
  beforeAll(async () => {
    const env = { AUTH_JWT_SECRET: testSecret };
    there = await openWorld("postgres", { ...env, SESSION_RETENTION: "2s" });
    here = await openWorld("pglite", { ...env, DATABASE_URL: there.databaseUrl!, ROLE: "api" });
    as = { authorization: `Bearer ${await mintToken("ada")}` };
  });
  afterAll(async () => {
    await here.close();
    await there.close();
  });

  async function make() {
    const onNode = { ...there, gql: (query: string, variables?: object) => there.gql(query, variables, as) } as World;
    const { session } = await create(onNode, { questionCount: 3, followUps: 0, forceCreate: true });
    return { onNode, session };
  }

  async function begin() {
    const { onNode, session } = await make();
    const options = { authorization: as.authorization! };
    const one = here.watch(sessionEvents, { id: session.id, after: "0" }, options);
    const all = here.watch(viewerEvents, {}, options);
    // The stream of all has begun once it has brought something.
    for (let n = 0; !all.events.some(({ sessionId }) => sessionId === session.id); n++) {
      const input = { sessionId: session.id, questionIndex: 0, answer: `Draft ${n}` };
      await there.gql("mutation($i: SaveDraftInput!) { saveDraft(input: $i) { __typename } }", { i: input }, as);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { id: session.id, onNode, one, all };
  }

  /** Told once to either, with a number after all others. */
  async function expectDeletion(id: string, one: Watch, all: Watch): Promise<number> {
    const isDeletion = (event: any): boolean => event.__typename === "SessionDeleted";
    const told = await one.until(isDeletion);
    expect(await one.ended).toBeNull();
    const cursors = one.events.flatMap(({ cursor }) => (cursor === null ? [] : [Number(cursor)]));
    expect(cursors).toEqual([...new Set(cursors)].sort((a, b) => a - b));
    expect((await all.until((event) => isDeletion(event) && event.sessionId === id)).cursor).toBe(told.cursor);
    // Two more looks at the database: each tells of a session that was made after the one before.
    for (let look = 0; look < 2; look++) {
      const { session } = await make();
      await all.until(({ sessionId }) => sessionId === session.id);
    }
    expect(all.events.filter((event) => isDeletion(event) && event.sessionId === id)).toHaveLength(1);
    all.stop();
    return Number(told.cursor);
  }

  async function cursorOf(id: string): Promise<number> {
    const { data } = await there.gql("query($id: ID!) { session(id: $id) { cursor } }", { id }, as);
    return Number(data.session.cursor);
  }

  it("reaches whoever watches the session, or all of them", async () => {
    const { id, one, all } = await begin();
    const cursor = await cursorOf(id);
    await there.gql("mutation($id: ID!) { deleteSession(input: { sessionId: $id }) { __typename } }", { id }, as);
    expect(await expectDeletion(id, one, all)).toBe(cursor + 1);
  });

  it("reaches them also when the time of a session is up", async () => {
    const { id, onNode, one, all } = await begin();
    await answerAll(onNode, id);
    await expectDeletion(id, one, all);
  });

  it("reaches them also when everything of its owner goes, and ends what watches all of the owner's sessions", async () => {
    const { id, one, all } = await begin();
    const cursor = await cursorOf(id);
    await there.gql("mutation { deleteMyData { __typename } }", {}, as);
    const isDeletion = (event: any): boolean => event.__typename === "SessionDeleted" && event.sessionId === id;
    expect(Number((await one.until(isDeletion)).cursor)).toBe(cursor + 1);
    expect(await one.ended).toBeNull();
    expect(await all.ended).toBeNull();
    expect(all.events.filter(isDeletion)).toHaveLength(1);
    // Whoever comes back watches what is new: the deletion, which the other node still finds, is none of it.
    const again = here.watch(viewerEvents, {}, { authorization: as.authorization! });
    for (let look = 0; look < 3; look++) {
      const { session } = await make();
      await again.until(({ sessionId }) => sessionId === session.id);
    }
    again.stop();
  });
});
