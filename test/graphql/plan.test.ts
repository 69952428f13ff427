import {
  execute,
  GraphQLID,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  getOperationAST,
  isObjectType,
  parse,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainCipher } from "../../src/adapters/system/cipher.ts";
import type { PrismaClient } from "../../src/generated/prisma/client.ts";
import type { Context, Viewer } from "../../src/graphql/context.ts";
import { lasting } from "../../src/graphql/lasting.ts";
import { type Plan, Plans } from "../../src/graphql/plan.ts";
import { createSchema } from "../../src/graphql/schema.ts";
import type { Session } from "../../src/interview/model.ts";
import { noUsage } from "../../src/interview/usage.ts";
import { create, submit } from "../support/interview.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

/** A document's first run is the executor's, the next ones go along a plan where there is one: nobody can tell. */
let world: World;
let id: string;

beforeAll(async () => {
  world = await openWorld("pglite");
  id = (await create(world, { questionCount: 3, followUps: 0 })).session.id;
});
afterAll(() => world.close());

const documents: [string, string][] = [
  [
    "fields",
    "query ($id: ID!) { session(id: $id) { id status createdAt startedAt questions { index answer { text } } } }",
  ],
  ["aliases", "query ($id: ID!) { a: session(id: $id) { x: status y: status } b: session(id: $id) { turn } }"],
  ["fields of the same name", "query ($id: ID!) { session(id: $id) { progress { asked } progress { total } } }"],
  [
    "fragments",
    "query ($id: ID!) { session(id: $id) { ...A } } fragment A on InterviewSession { status ...B } fragment B on InterviewSession { turn status }",
  ],
  ["fragments on interfaces", "query ($id: ID!) { session(id: $id) { ... on Node { id } status } }"],
  ["names of types", "query ($id: ID!) { __typename session(id: $id) { __typename } }"],
  ["directives", "query ($id: ID!) { session(id: $id) { status @skip(if: true) turn @include(if: true) } }"],
  ["what is not there", 'query { session(id: "none") { id } }'],
  ["default values", 'query ($id: ID! = "none") { session(id: $id) { id report { version } } }'],
  ["what is read in between", "query ($id: ID!) { session(id: $id) { resume { resumeId text } report { version } } }"],
  [
    "the viewer",
    "query ($id: ID!) { viewer { id role sessions(first: 2) { totalCount nodes { id } } } session(id: $id) { id } }",
  ],
  ["nodes", "query ($id: ID!) { node(id: $id) { id ... on InterviewSession { status } } }"],
  ["errors", 'query { unfinishedSession(resumeId: "\\u0000") { id } }'],
];

describe("a document that is run again", () => {
  it.each(documents)("gives the same: %s", async (_, query) => {
    const first = await world.gql(query, { id });
    for (let times = 0; times < 3; times++) expect(await world.gql(query, { id })).toEqual(first);
  });

  it("is refused for wrong variables as before", async () => {
    const query = "query ($id: ID!) { session(id: $id) { cursor } }";
    expect((await world.gql(query, { id })).errors).toBeUndefined();
    for (const variables of [{}, { id: null }, { id: { a: 1 } }]) {
      const planned = await world.gql(query, variables);
      expect(planned.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
      expect(planned).toEqual(await world.gql(`${query} # never run`, variables));
    }
  });

  it("shows what was changed meanwhile", async () => {
    const query = "query ($id: ID!) { session(id: $id) { currentQuestionIndex questions { answer { text } } } }";
    for (let index = 0; index < 3; index++) {
      expect((await world.gql(query, { id })).data.session.currentQuestionIndex).toBe(index);
      expect((await world.gql(query, { id })).data.session.currentQuestionIndex).toBe(index);
      await submit(world, id, index, `Answer ${index}`);
    }
    const { session } = (await world.gql(query, { id })).data;
    expect(session.questions.map(({ answer }: any) => answer.text)).toEqual(["Answer 0", "Answer 1", "Answer 2"]);
  });

  it("shows one viewer's session to nobody else", async () => {
    const guarded = await openWorld("pglite", { AUTH_JWT_SECRET: testSecret });
    try {
      const [ann, bob] = await Promise.all(
        ["ann", "bob"].map(async (name) => ({ authorization: `Bearer ${await mintToken(name)}` })),
      );
      const made = await guarded.gql(
        'mutation { createSession(input: { resumeText: "An engineer" }) { ... on CreateSessionPayload { session { id } } } }',
        {},
        ann,
      );
      const own = made.data.createSession.session.id;
      const query = "query ($id: ID!) { session(id: $id) { ownerId questions { text } } }";
      for (let times = 0; times < 3; times++) {
        expect((await guarded.gql(query, { id: own }, ann)).data.session.ownerId).toBe("ann");
        expect((await guarded.gql(query, { id: own }, bob)).data.session).toBeNull();
      }
    } finally {
      await guarded.close();
    }
  });
});

/** What only shows its object is written down once per object. */
describe("an answer that is kept", () => {
  const planFor = (schema: GraphQLSchema, text: string): Plan => {
    const plans = new Plans(schema, 1_000_000);
    const document = parse(text);
    plans.add(text, null, document, getOperationAST(document)!);
    return plans.get(text, null)!;
  };
  const limits = { depth: 12, breadth: 300, complexity: 20_000 };
  // Made only: what reads nothing needs no database.
  const schema = createSchema({ prisma: {} as PrismaClient, cipher: plainCipher, limits });

  it("is of marked fields and properties alone", async () => {
    let asked = 0;
    const Thing = new GraphQLObjectType({
      name: "Thing",
      fields: {
        property: { type: GraphQLInt },
        marked: { type: GraphQLInt, extensions: lasting, resolve: (_) => ++asked },
        unmarked: { type: GraphQLInt, resolve: (_) => ++asked },
      },
    });
    const thing = { property: 1 };
    const query = new GraphQLObjectType({ name: "Query", fields: { thing: { type: Thing, resolve: () => thing } } });
    const run = async (fields: string): Promise<string[]> => {
      const plan = planFor(new GraphQLSchema({ query }), `{ thing { ${fields} } }`);
      const answers: string[] = [];
      for (let times = 0; times < 3; times++) answers.push(String(await plan.run({} as Context, null)));
      return answers.map((answer) => JSON.stringify(JSON.parse(answer).data.thing));
    };
    expect(await run("property marked")).toEqual(Array(3).fill('{"property":1,"marked":1}'));
    expect(await run("property unmarked")).toEqual([2, 3, 4].map((n) => `{"property":1,"unmarked":${n}}`));
    expect(await run("marked unmarked")).toEqual([
      '{"marked":5,"unmarked":6}',
      '{"marked":7,"unmarked":8}',
      '{"marked":9,"unmarked":10}',
    ]);
  });

  it("is kept by each server for itself", async () => {
    let asked = 0;
    const marked = { type: GraphQLInt, extensions: lasting, resolve: (_: unknown) => ++asked };
    const Thing = new GraphQLObjectType({ name: "Thing", fields: { marked } });
    const thing = {};
    const query = new GraphQLObjectType({ name: "Query", fields: { thing: { type: Thing, resolve: () => thing } } });
    const plans = Array.from({ length: 2 }, () => planFor(new GraphQLSchema({ query }), "{ thing { marked } }"));
    const answers: string[] = [];
    for (const plan of [...plans, ...plans]) answers.push(String(await plan.run({} as Context, null)));
    expect(answers.map((answer) => JSON.parse(answer).data.thing.marked)).toEqual([1, 2, 1, 2]);
  });

  it("is of no field that takes more than its object", () => {
    const marked = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) =>
        Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })),
      )
      .filter(({ field }) => field.extensions.lasting === true);
    expect(marked.length).toBeGreaterThan(20);
    for (const { name, field } of marked) {
      expect([name, field.args.length, field.resolve?.length]).toEqual([name, 0, 1]);
    }
  });

  it("shows a session, with its questions, answers and messages, as often as it is asked for", async () => {
    const now = new Date();
    const answer = { text: "An answer", isDraft: false, updatedAt: now, submittedAt: now };
    const question = { id: "q", index: 0, text: "?", type: "GENERAL", category: "General", isFollowUp: false };
    const asked = { ...question, parentQuestionIndex: null, source: "BANK", askedAt: now, answer };
    const session = {
      ...{ id: "s", ownerId: "ada", status: "IN_PROGRESS", mode: "PLANNED", turn: "INTERVIEWER", locale: "EN", seq: 4 },
      ...{ resume: { id: "r", key: "cv" }, questionCount: 3, questions: [asked], evaluation: null, createdAt: now },
      ...{ usage: noUsage, completedAt: null, evaluatedAt: null },
    } as unknown as Session;
    const text = `query ($id: ID!) { session(id: $id) {
      __typename id ownerId status mode turn resumeId jobTitle companyName jobDescription locale totalQuestions
      currentQuestionIndex currentQuestion { id } cursor createdAt startedAt completedAt evaluatedAt
      questions { id index text type category isFollowUp parentQuestionIndex source askedAt
        answer { text isDraft updatedAt submittedAt } }
      messages { id sessionId role content questionIndex timestamp }
      progress { asked answered total isStarted isComplete }
      evaluation { status error answersEvaluated answersTotal percent attempt }
      usage { calls inputTokens outputTokens durationMs longestMs } } }`;
    const plan = planFor(schema, text);
    let viewer: Viewer = { id: "ada", role: "CANDIDATE", expiresAt: null };
    let current = session;
    const ask = () =>
      plan.run({ viewer, sessions: { byGlobalId: async () => current } } as unknown as Context, { id: "s" });

    const first = await ask();
    expect(JSON.parse(String(first)).data.session).toMatchObject({ cursor: "4", messages: [{ content: "?" }, {}] });
    const kept = await ask();
    expect(kept).toBeInstanceOf(Buffer);
    expect(await ask()).toBe(kept);
    expect(String(kept)).toBe(first);
    // Who may see it is asked each time, and a session that has changed is another object.
    viewer = { ...viewer, id: "bob" };
    expect(String(await ask())).toBe('{"data":{"session":null}}');
    viewer = { ...viewer, id: "ada" };
    current = { ...session, seq: 5 };
    expect(JSON.parse(String(await ask())).data.session.cursor).toBe("5");
  });
});

describe("a mutation that is run again", () => {
  const answer = /* GraphQL */ `
    mutation ($input: SubmitAnswerInput!) {
      submitAnswer(input: $input) {
        __typename
        ... on SubmitAnswerPayload { hasNextQuestion question { index answer { text } } session { id status } }
        ... on ValidationError { fields { path message } }
        ... on Error { code message }
      }
    }
  `;

  it("does what it says once, and tells failures as before", async () => {
    const { id: sessionId } = (await create(world, { questionCount: 3, followUps: 0 })).session;
    const send = (input: object) => world.gql(answer, { input: { sessionId, ...input } });
    const inputs = [
      { questionIndex: 0, answer: "One" },
      { questionIndex: 0, answer: "One" },
      { questionIndex: 0, answer: "Two" },
      { questionIndex: 1, answer: "" },
      { questionIndex: 1, answer: "Two" },
      { questionIndex: 7, answer: "Seven" },
      { sessionId: "none", questionIndex: 2, answer: "Three" },
      { questionIndex: 2, answer: "Three" },
      { questionIndex: 3, answer: "Four" },
    ];
    const results = [];
    for (const input of inputs) results.push((await send(input)).data.submitAnswer);
    expect(
      results.map(({ __typename, code, question, hasNextQuestion }) => [
        __typename,
        code ?? question.answer.text,
        hasNextQuestion,
      ]),
    ).toEqual([
      ["SubmitAnswerPayload", "One", true],
      ["SubmitAnswerPayload", "One", true],
      ["QuestionIndexMismatchError", "QUESTION_INDEX_MISMATCH", undefined],
      ["ValidationError", "VALIDATION_FAILED", undefined],
      ["SubmitAnswerPayload", "Two", true],
      ["QuestionIndexMismatchError", "QUESTION_INDEX_MISMATCH", undefined],
      ["SessionNotFoundError", "INTERVIEW_SESSION_NOT_FOUND", undefined],
      ["SubmitAnswerPayload", "Three", false],
      ["InterviewAlreadyCompletedError", "INTERVIEW_ALREADY_COMPLETED", undefined],
    ]);
    expect(results[3].fields).toEqual([{ path: ["input", "answer"], message: results[3].message }]);
  });

  it("changes nothing for wrong variables, nor by GET", async () => {
    const { id: sessionId } = (await create(world, { questionCount: 3, followUps: 0 })).session;
    const first = { sessionId, questionIndex: 0, answer: "One" };
    await world.gql(answer, { input: first });
    const second = { sessionId, questionIndex: 1, answer: "Two" };
    const refused = await world.gql(answer, { input: { ...second, more: 1 } });
    expect(refused).toEqual(await world.gql(`${answer} # never run`, { input: { ...second, more: 1 } }));
    expect(refused.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    const search = new URLSearchParams({ query: answer, variables: JSON.stringify({ input: second }) });
    expect((await fetch(`${world.url}/graphql?${search}`)).status).toBe(405);
    const query = "query ($id: ID!) { session(id: $id) { currentQuestionIndex } }";
    expect((await world.gql(query, { id: sessionId })).data.session.currentQuestionIndex).toBe(1);
  });

  it("is never done twice, though the executor has to answer", async () => {
    let times = 0;
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({ name: "Query", fields: { id: { type: GraphQLID } } }),
      mutation: new GraphQLObjectType({
        name: "Mutation",
        fields: {
          count: {
            type: new GraphQLObjectType({
              name: "Counted",
              fields: {
                times: { type: GraphQLInt },
                broken: { type: GraphQLInt, resolve: (_) => Promise.reject(new Error("broken")) },
              },
            }),
            args: { by: { type: GraphQLInt } },
            async resolve(_, { by }) {
              times += by;
              return { times };
            },
          },
        },
      }),
    });
    const plans = new Plans(schema, 1_000_000);
    const document = parse("mutation ($by: Int) { count(by: $by) { times broken } }");
    plans.add("text", null, document, getOperationAST(document)!);
    const plan = plans.get("text", null)!;
    expect(plan.changes).toBe(true);
    const context = {} as Context;
    expect(await plan.run(context, { by: 2 })).toBeNull();
    const { data, errors } = await execute({ schema, document, variableValues: { by: 2 }, contextValue: context });
    expect([data?.count, errors?.map(({ message }) => message), times]).toEqual([
      { times: 2, broken: null },
      ["broken"],
      2,
    ]);
  });
});
