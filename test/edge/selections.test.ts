import {
  type GraphQLError,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  validateSubscriptionArgs,
} from "graphql";
import { describe, expect, it } from "vitest";
import type { Caller, Services } from "../../src/edge/graphql.ts";
import { Selections } from "../../src/edge/selections.ts";
import type { Context } from "../../src/graphql/context.ts";
import { graphqlError, SessionGone } from "../../src/graphql/errors.ts";
import type { LiveEvent } from "../../src/interview/events.ts";
import { StoreUnavailable } from "../../src/ports/store.ts";

let executed: string[] = [];

/** Fields that tell what they depend on. */
const eventType = new GraphQLObjectType({
  name: "Event",
  fields: {
    number: { type: GraphQLString, resolve: (event) => note("number", String(event.seq)) },
    echo: {
      type: GraphQLString,
      args: { text: { type: GraphQLString, default: { value: "nothing" } } },
      resolve: (_, { text }) => note("echo", text),
    },
    viewer: { type: GraphQLString, resolve: (_, __, context: Context) => note("viewer", context.viewer.id) },
    language: {
      type: GraphQLString,
      resolve: async (_, __, context: Context) => note("language", context.language),
    },
    later: { type: GraphQLString, resolve: async (event) => note("later", String(event.seq)) },
    away: {
      type: GraphQLString,
      resolve: async () => {
        note("away", "");
        throw new StoreUnavailable(new Error("no connection"));
      },
    },
    gone: {
      type: GraphQLString,
      resolve: () => {
        throw new SessionGone();
      },
    },
    broken: {
      type: GraphQLString,
      resolve: () => {
        throw new Error("a secret");
      },
    },
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { x: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: { events: { type: eventType, args: { of: { type: GraphQLString } }, resolve: (event) => event } },
  }),
});

function note(field: string, value: string): string {
  executed.push(field);
  return value;
}

function mask(error: unknown): Error {
  const { originalError = error } = error as GraphQLError;
  return originalError instanceof StoreUnavailable
    ? graphqlError("SERVICE_UNAVAILABLE", "masked")
    : new Error("masked");
}

const documents = new Map<string, ReturnType<typeof parse>>();

function create() {
  executed = [];
  const selections = new Selections({} as Services, mask);
  return (query: string, variableValues: Record<string, unknown> = {}) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const args = validateSubscriptionArgs({ schema, document, variableValues });
    if (!("operation" in args)) throw args[0];
    return selections.of(args);
  };
}

function caller(id: string, language: Caller["language"] = "en"): Caller {
  const viewer = { id, role: "CANDIDATE" as const, expiresAt: null };
  return { viewer, address: "127.0.0.1", language, signal: () => new AbortController().signal };
}

const event = { kind: "DraftSaved", sessionId: "s", ownerId: "ada", seq: 7, index: 0, occurredAt: new Date() };
const live = event as LiveEvent;
const other = { ...event, seq: 8 } as LiveEvent;
const [ada, bob] = [caller("ada"), caller("bob")];

describe("a selection of events", () => {
  it("is executed once an event for all who select the same", async () => {
    const select = create();
    const one = select("subscription ($of: String) { events(of: $of) { number later } }", { of: "one session" });
    const two = select("subscription ($of: String) { events(of: $of) { number later } }", { of: "another" });
    expect(two).toBe(one);
    const [forAda, forBob] = await Promise.all([one.render(live, ada), two.render(live, bob)]);
    expect(String(forAda)).toBe('{"data":{"events":{"number":"7","later":"7"}}}');
    expect(String(forBob)).toBe(String(forAda));
    expect(executed).toEqual(["number", "later"]);
    expect(String(await one.render(other, ada))).toContain('"8"');
  });

  it("is not shared when a variable in it differs, wherever it stands", () => {
    const select = create();
    for (const query of [
      "subscription ($v: String) { events { echo(text: $v) } }",
      "subscription ($v: String) { ...F } fragment F on Subscription { events { ...G } } fragment G on Event { echo(text: $v) }",
    ]) {
      expect(String(select(query, { v: "a" }).render(live, ada))).toContain('"echo":"a"');
      expect(String(select(query, { v: "b" }).render(live, ada))).toContain('"echo":"b"');
    }
    const optional = "subscription ($v: Boolean!) { events { number @include(if: $v) later @skip(if: true) } }";
    expect(String(select(optional, { v: true }).render(live, ada))).toContain("number");
    expect(String(select(optional, { v: false }).render(live, ada))).toBe('{"data":{"events":{}}}');
  });

  it.each([
    ["where a default applies", "subscription ($v: Boolean = true) { events { number @include(if: $v) } }"],
    ["where the argument's default applies", "subscription ($v: String) { events { echo(text: $v) } }"],
  ])("is not shared by who gives null and who gives nothing: %s", (_, query) => {
    const select = create();
    const withNull = String(select(query, { v: null }).render(live, ada));
    const without = String(select(query).render(live, bob));
    expect(without).not.toBe(withNull);
    expect(without).toMatch(/"number":"7"|"echo":"nothing"/);
  });

  it("is nobody else's when a resolver looks at who asks", async () => {
    const selection = create()("subscription { events { number viewer } }");
    for (let round = 0; round < 2; round++) {
      expect(String(await selection.render(live, ada))).toContain('"viewer":"ada"');
      expect(String(await selection.render(live, bob))).toContain('"viewer":"bob"');
    }
  });

  it("is nobody else's either when that turns out only after others have asked", async () => {
    const selection = create()("subscription { events { language } }");
    const answers = await Promise.all([
      selection.render(live, caller("ada", "en")),
      selection.render(live, caller("ada", "zh")),
    ]);
    expect(answers.map(String)).toEqual([
      '{"data":{"events":{"language":"en"}}}',
      '{"data":{"events":{"language":"zh"}}}',
    ]);
  });

  it("drops an event whose session is gone, and masks what went wrong", async () => {
    const select = create();
    expect(await select("subscription { events { number gone } }").render(live, ada)).toBeNull();
    const text = String(await select("subscription { events { number broken } }").render(live, ada));
    expect(text).toContain('"message":"masked"');
    expect(text).not.toContain("secret");
  });

  it.each([
    ["", "along a plan"],
    ["@include(if: true)", "by the executor"],
  ])("says that an event cannot be told at the moment, after one look at the store (%s, %s)", async (directive) => {
    const selection = create()(`subscription { events { number away ${directive} } }`);
    expect(await Promise.all([selection.render(live, ada), selection.render(live, bob)])).toEqual(
      Array(2).fill(graphqlError("SERVICE_UNAVAILABLE", "masked")),
    );
    expect(executed).toEqual(["number", "away"]);
  });
});
