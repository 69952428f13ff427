import { once } from "node:events";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { committed } from "../../../src/adapters/postgres/commits.ts";
import { SessionCache } from "../../../src/adapters/postgres/sessionCache.ts";
import { createRedisBus } from "../../../src/adapters/redis/bus.ts";
import { connectRedis, connectSubscriber, type RedisConnection } from "../../../src/adapters/redis/connect.ts";
import { createSeal } from "../../../src/adapters/system/cipher.ts";
import { addPlannedQuestions, submitAnswer } from "../../../src/interview/conversation.ts";
import type { LiveEvent } from "../../../src/interview/events.ts";
import type { Session } from "../../../src/interview/model.ts";
import { changeOf } from "../../../src/interview/sessionChange.ts";
import type { LiveBus } from "../../../src/ports/events.ts";
import type { StoredChange } from "../../../src/ports/store.ts";
import { decided, draft, moments, newSession } from "../../interview/sessions.ts";
import { createTables } from "../../support/databases.ts";
import { create, submit } from "../../support/interview.ts";
import { startRedis, type TestServer } from "../../support/servers.ts";
import { openWorld, type World } from "../../support/world.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("what a node has stored", () => {
  const moment = moments();
  let redis: TestServer;
  let heard: LiveEvent[];
  let messages: string[];
  /** Three states that follow on each other, and what the first change brought. */
  let states: [Session, Session, Session];
  let events: LiveEvent[][];

  beforeEach(async () => {
    redis = await startRedis();
    cleanups.push(() => redis.stop());
    heard = [];
    messages = [];
    const created = newSession({ jobDescription: "A secret position", followUps: 0 }, moment);
    const asked = addPlannedQuestions(created, [draft("one"), draft("two"), draft("three")], moment);
    const first = committed(created, asked, moment.now).session;
    const answered = decided(submitAnswer(first, 0, "What nobody else may read", true, moment));
    const { session: second, events: told } = committed(first, answered, moment.now);
    const after = decided(submitAnswer(second, 1, "Nor this", true, moment));
    states = [first, second, committed(second, after, moment.now).session];
    events = [told, []];
  });

  it("is known to the others before its events are heard, in every detail", async () => {
    const there = await node("secret");
    const here = await node("secret");
    there.sessions.keep({ session: states[0], mark: "1" });
    let known: Session | null = null;
    await listenTo(there.bus, () => (known ??= there.sessions.recall(states[0].id)));
    here.bus.publish(events[0]!, change(0));
    await expect.poll(() => heard.length).toBe(events[0]!.length);
    expect(known).toEqual(states[1]);
    expect(there.sessions.recall(states[0].id)).toEqual(states[1]);

    // Also without an event: scores are stored before anybody is told.
    here.bus.publish([], change(1));
    await expect.poll(() => there.sessions.recall(states[0].id)).toEqual(states[2]);
  });

  it("cannot be read by whoever reads Redis", async () => {
    const spy = await ready(connectSubscriber(addressOf()));
    spy.on("pmessage", (_pattern: string, _channel: string, message: string) => messages.push(message));
    await spy.psubscribe("*");
    const { bus } = await node("secret");
    bus.publish(events[0]!, change(0));
    await expect.poll(() => messages.length).toBe(3);
    // Each with a blank: no letters that a seal is written with make it by chance.
    for (const message of messages) {
      for (const text of ["nobody else", "about two", "Point of", "secret position"])
        expect(message).not.toContain(text);
      for (const part of message.split(/[^A-Za-z0-9+/=]+/)) {
        expect(Buffer.from(part, "base64").toString("latin1")).not.toContain("nobody");
      }
    }
  });

  it("is not taken from whoever has another key, nor when it was changed on its way; the events are heard", async () => {
    const there = await node("secret");
    const stranger = await node("another secret");
    there.sessions.keep({ session: states[0], mark: "1" });
    await listenTo(there.bus);
    stranger.bus.publish(events[0]!, change(0));
    await expect.poll(() => heard.length).toBe(events[0]!.length);

    const publisher = await ready(connectRedis(addressOf()));
    const spy = await ready(connectSubscriber(addressOf()));
    const channel = `vivavoce:session:${states[0].id}`;
    await spy.subscribe(channel);
    const original = once(spy, "message");
    // It follows on what nobody keeps: this alone changes nothing.
    (await node("secret")).bus.publish(events[0]!, { ...change(0), before: 99 });
    await expect.poll(() => heard.length).toBe(2 * events[0]!.length);
    const { from: _, ...message } = JSON.parse((await original)[1]);
    const { sealed } = message.change;
    const otherLetter = sealed[40] === "A" ? "B" : "A";
    for (const forged of [
      `${sealed.slice(0, 40)}${otherLetter}${sealed.slice(41)}`,
      JSON.stringify({ form: 1, change: change(0) }),
      "",
      null,
    ]) {
      const before = heard.length;
      const told = { ...message, change: { ...message.change, before: states[0].version, sealed: forged } };
      await publisher.publish(channel, JSON.stringify(told));
      await expect.poll(() => heard.length).toBe(before + events[0]!.length);
    }
    for (const nonsense of ["[]", "null", "what is this", '{"events":{}}', '{"events":[],"change":{}}']) {
      await publisher.publish(channel, nonsense);
    }
    const before = heard.length;
    await publisher.publish(channel, JSON.stringify({ events: events[0], change: "what is this" }));
    await expect.poll(() => heard.length).toBe(before + events[0]!.length);
    expect(there.sessions.recall(states[0].id)).toBe(states[0]);
  });

  it("is not taken where it does not follow on what is kept, nor when it is too long", async () => {
    const there = await node("secret");
    const here = await node("secret");
    there.sessions.keep({ session: states[0], mark: "1" });
    await listenTo(there.bus);
    here.bus.publish(events[0]!, change(1));
    const long = decided(submitAnswer(states[0], 0, "x".repeat(40_000), true, moment));
    const after = committed(states[0], long, moment.now).session;
    here.bus.publish(events[0]!, { ...changeOf(states[0], after), mark: "2" });
    await expect.poll(() => heard.length).toBe(2 * events[0]!.length);
    expect(there.sessions.recall(states[0].id)).toBe(states[0]);
  });

  /** What the first or the second decision made of the session. */
  function change(number: 0 | 1): StoredChange {
    return { ...changeOf(states[number], states[number + 1]!), mark: String(number + 2) };
  }

  function listenTo(bus: LiveBus, onEvents = (): unknown => null): Promise<unknown> {
    const hear = (told: readonly LiveEvent[]): void => {
      onEvents();
      heard.push(...told);
    };
    return bus.listen({ kind: "session", sessionId: states[0].id }, { hear, missed() {} });
  }

  async function node(secret: string): Promise<{ bus: LiveBus; sessions: SessionCache }> {
    const sessions = new SessionCache({ load: async () => new Map(), marks: async () => new Map() });
    const [publisher, subscriber] = [
      await ready(connectRedis(addressOf())),
      await ready(connectSubscriber(addressOf())),
    ];
    const onError = (error: Error): void => {
      throw error;
    };
    const seal = createSeal(secret);
    return { bus: createRedisBus({ publisher, subscriber, sharded: false, seal, sessions, onError }), sessions };
  }

  function addressOf(): Parameters<typeof connectRedis>[0] {
    return { url: redis.url, cluster: false, onLost() {} };
  }

  async function ready(connection: RedisConnection): Promise<RedisConnection> {
    cleanups.push(() => connection.disconnect());
    if (connection.status !== "ready") await once(connection, "ready");
    return connection;
  }
});

describe("two nodes", () => {
  const watch = /* GraphQL */ `
    subscription Watch($id: ID!) {
      sessionEvents(sessionId: $id, after: "0") {
        __typename cursor
        session { status cursor answered: progress { answered } questions { text answer { text submittedAt } } }
        ... on QuestionAsked { question { index text } }
        ... on AnswerSubmitted { question { index answer { text } } }
      }
    }
  `;

  const query = /* GraphQL */ `
    query ($id: ID!) {
      session(id: $id) { status cursor answered: progress { answered } questions { text answer { text submittedAt } } }
    }
  `;

  it("show what the other one stored without reading it, and the same as it was stored", async () => {
    const databaseUrl = await createTables();
    const env = { DATABASE_URL: databaseUrl, REDIS_URL: inject("redisUrl"), EVALUATION_EAGER: "false" };
    const [one, other] = [await node(env), await node(env)];
    const { session } = await create(one, { questionCount: 3, followUps: 0, mode: "PLANNED" });
    const watching = other.watch(watch, { id: session.id });
    await watching.until((event) => event.__typename === "QuestionAsked");

    const locker = new pg.Client({ connectionString: databaseUrl });
    await locker.connect();
    cleanups.push(() => locker.end());
    // The questions come in more than one commit, and either node may have made them: both must know the last.
    await expect.poll(async () => (await locker.query("SELECT FROM planned_question")).rowCount).toBe(2);
    for (const node of [one, other]) await node.gql(query, { id: session.id });

    // While this lasts nobody can read a session as a whole; what an answer writes is not touched.
    await locker.query("BEGIN; LOCK TABLE report IN ACCESS EXCLUSIVE MODE");
    for (const index of [0, 1]) {
      expect(await submit(one, session.id, index, `Answer ${index}`)).toMatchObject({ currentIndex: index + 1 });
      const told = await watching.until(
        (event) => event.__typename === "AnswerSubmitted" && event.question.index === index,
      );
      expect(told.question.answer.text).toBe(`Answer ${index}`);
      const asked = await watching.until(
        (event) => event.__typename === "QuestionAsked" && event.question.index === index + 1,
      );
      expect(Number(asked.session.cursor)).toBeGreaterThanOrEqual(Number(asked.cursor));
    }
    await locker.query("COMMIT");

    expect(watching.events.at(-1).session).toEqual((await one.gql(query, { id: session.id })).data.session);
    expect((await other.gql(query, { id: session.id })).data).toEqual((await one.gql(query, { id: session.id })).data);
  });

  async function node(env: Record<string, string>): Promise<World> {
    const world = await openWorld("postgres", env);
    cleanups.push(() => world.close());
    return world;
  }
});
