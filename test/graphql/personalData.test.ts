import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noUsage } from "../../src/interview/usage.ts";
import { answerAll, create, fetchPrinted, sessionEvents, submit } from "../support/interview.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

const exportMyData = "query { exportMyData }";
const deleteMyData = "mutation { deleteMyData { deletedSessions } }";
const mark = "Zephyrine Quillfeather";

describe.each(["pglite", "postgres"] as const)("personal data on %s", (kind) => {
  let world: World;
  let ada: Record<string, string>;
  let bob: Record<string, string>;
  beforeAll(async () => {
    world = await openWorld(kind, { AUTH_JWT_SECRET: testSecret });
    ada = { authorization: `Bearer ${await mintToken("ada")}` };
    bob = { authorization: `Bearer ${await mintToken("bob")}` };
  });
  afterAll(() => world.close());

  const as = (headers: Record<string, string>): World => ({
    ...world,
    gql: (query, variables) => world.gql(query, variables, headers),
  });

  /** Answers scored so far, seen or not. */
  async function scoringsDone(): Promise<number> {
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    return Number(/^vivavoce_job_seconds_count\{kind="SCORE_ANSWERS".*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  }

  it("is given whole to its owner, and to nobody else", async () => {
    const { session } = await create(as(ada), { resumeText: `${mark}, Java engineer`, questionCount: 3, followUps: 0 });
    await answerAll(as(ada), session.id, (index) => `${mark} says ${index}`);
    await create(as(bob), { resumeText: "Bob, gardener" });
    const { data } = await world.gql(exportMyData, {}, ada);
    expect(data.exportMyData.resumes).toMatchObject([{ text: `${mark}, Java engineer` }]);
    expect(data.exportMyData.sessions).toHaveLength(1);
    const [exported] = data.exportMyData.sessions;
    expect(exported.questions.map((question: any) => question.answer.text)).toEqual(
      [0, 1, 2].map((n) => `${mark} says ${n}`),
    );
    expect(exported.events.length).toBeGreaterThan(6);
    const moments = [...JSON.stringify(data).matchAll(/"\w+At":"(.*?)"/g)].map(([, moment]) => moment);
    expect(moments.length).toBeGreaterThan(15);
    for (const moment of moments) expect(moment).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    // No language model has been asked for anything.
    const used =
      "query ($id: ID!) { session(id: $id) { usage { calls inputTokens outputTokens durationMs longestMs } } }";
    expect((await world.gql(used, { id: session.id }, ada)).data.session.usage).toEqual(noUsage);
    expect(exported.usage).toEqual(noUsage);
    expect(JSON.stringify(data)).not.toContain("gardener");
  });

  it("names objects by the ids that clients know", async () => {
    const dan = { authorization: `Bearer ${await mintToken("dan")}` };
    const { session } = await create(as(dan), { questionCount: 3, followUps: 0 });
    const watching = world.watch(sessionEvents, { id: session.id, after: "0" }, dan);
    await answerAll(as(dan), session.id);
    await watching.until((event) => event.__typename === "ReportReady");
    const { data } = await world.gql(exportMyData, {}, dan);
    const [{ id, questions, reports }] = data.exportMyData.sessions;
    expect(id).toBe(session.id);
    const ids = [...questions.map((question: any) => question.id), reports[0].id];
    const { nodes } = (await world.gql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids }, dan)).data;
    expect(nodes).toEqual(ids.map((id) => ({ id })));
    expect(reports[0].questions.map((question: any) => question.questionId)).toEqual(ids.slice(0, -1));
  });

  it("holds no score before the interview is completed", async () => {
    const eve = { authorization: `Bearer ${await mintToken("eve")}` };
    const { session } = await create(as(eve), { resumeText: "Eve, florist", questionCount: 3, followUps: 0 });
    const before = await scoringsDone();
    await submit(as(eve), session.id, 0, "Flowers keep longer when their stems are cut at an angle.");
    while ((await scoringsDone()) === before);
    const exported = async () => {
      const { data } = await world.gql(exportMyData, {}, eve);
      return data.exportMyData.sessions.at(-1).questions;
    };
    expect((await exported())[0]).toMatchObject({ answer: { isDraft: false }, scores: [] });
    await world.gql(
      "mutation($id: ID!) { completeInterview(input: { sessionId: $id }) { __typename } }",
      { id: session.id },
      eve,
    );
    while ((await exported())[0].scores.length === 0);
  });

  it("is gone without a trace, and whatever watched it ends", async () => {
    const { session } = await create(as(ada), { resumeText: `${mark}, again`, questionCount: 3, followUps: 0 });
    await submit(as(ada), session.id, 0, `${mark} leaves`);
    const authorization = ada.authorization!;
    const one = world.watch(sessionEvents, { id: session.id, after: "0" }, { authorization });
    const all = world.watch("subscription { viewerEvents { __typename } }", {}, { authorization });
    await one.until((event) => event.__typename === "AnswerSubmitted");
    // Both have begun once both have brought something.
    for (let n = 0; all.events.length === 0; n++) {
      const input = { sessionId: session.id, questionIndex: 1, answer: `${mark} drafts ${n}` };
      await world.gql("mutation($input: SaveDraftInput!) { saveDraft(input: $input) { __typename } }", { input }, ada);
    }

    const { data } = await world.gql(deleteMyData, {}, ada);
    expect(data.deleteMyData.deletedSessions).toBe(2);
    await one.until((event) => event.__typename === "SessionDeleted");
    expect(await one.ended).toBeNull();
    expect(await all.ended).toBeNull();
    expect((await world.gql(exportMyData, {}, ada)).data.exportMyData).toMatchObject({ resumes: [], sessions: [] });
    if (world.databaseUrl) {
      const rows = await dump(world.databaseUrl);
      expect(rows).toMatch(/\bbob\b/);
      expect(rows).not.toMatch(new RegExp(`${mark}|\\bada\\b`));
    }
    expect((await world.gql(exportMyData, {}, bob)).data.exportMyData.sessions).toHaveLength(1);
  });
});

/** With a key configured nothing that people wrote can be read in the tables. */
it("is sealed at rest when a key is set", async () => {
  const world = await openWorld("postgres", { ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64") });
  const input = { resumeText: `${mark}, Java engineer`, questionCount: 3, followUps: 0 };
  const { session } = await create(world, {
    ...input,
    jobDescription: `${mark} will be the one who writes the services.`,
  });
  const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
  await answerAll(world, session.id, (index) => `${mark} answers ${index}`);
  const ready = await watch.until((event) => event.__typename === "ReportReady");
  expect((await fetchPrinted(ready.report.pdfUrl)).status).toBe(200);
  expect(await dump(world.databaseUrl!)).not.toContain(mark);
  const { data } = await world.gql(exportMyData);
  expect(JSON.stringify(data)).toContain(`${mark} answers 2`);
  await world.close();
});

it("leaves no row that names a deleted session, not even a job that has ended, but what tells of it for some minutes", async () => {
  const world = await openWorld("postgres", { RETENTION: "1s" });
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  await answerAll(world, session.id);
  const [, id = ""] = Buffer.from(session.id, "base64").toString().split(":");
  const client = new pg.Client({ connectionString: world.databaseUrl! });
  await client.connect();
  const unfinished = `SELECT 1 FROM pgboss.job WHERE data->>'sessionId' = $1 AND state <> 'completed'`;
  while ((await client.query(unfinished, [id])).rows.length > 0);
  expect(await dump(world.databaseUrl!)).toContain(id);
  await world.gql("mutation($id: ID!) { deleteSession(input: { sessionId: $id }) { __typename } }", { id: session.id });
  const rows = (await dump(world.databaseUrl!)).split("\n");
  expect(rows.filter((row) => row.includes(id))).toEqual([
    expect.stringMatching(/^\([0-9a-f-]{36},local,\d+,"[-: .+\d]+"\)$/),
  ]);
  await client.query("UPDATE deleted_session SET deleted_at = deleted_at - interval '10 minutes'");
  await client.end();
  while ((await dump(world.databaseUrl!)).includes(id));
  await world.close();
});

/** Every row of every table, as text. */
async function dump(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT t::text AS row FROM ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  await client.end();
  return texts.join("\n");
}
