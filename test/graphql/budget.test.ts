import pg from "pg";
import { expect, it } from "vitest";
import { create } from "../support/interview.ts";
import { openWorld } from "../support/world.ts";

const retryEvaluation = `mutation($id: ID!) { retryEvaluation(input: { sessionId: $id }) {
  __typename ... on RetryEvaluationPayload { session { evaluation { status attempt } } } ... on Error { code } } }`;

it("refuses beyond the day's ceiling what would ask the model, and nothing else", async () => {
  // Nobody works: an evaluation goes on for as long as the test does.
  const world = await openWorld("postgres", {
    ROLE: "api",
    LLM_PROVIDERS: "model",
    MODEL_BASE_URL: "http://127.0.0.1:9",
    MODEL_API_KEY: "key",
    MODEL_MODEL: "model",
    LLM_DAILY_CALLS_GLOBAL: "1",
  });
  const database = new pg.Client({ connectionString: world.databaseUrl! });
  await database.connect();
  const input = { resumeText: "Ada, engineer", idempotencyKey: "once", wait: false };
  const { session } = await create(world, input);
  const completed = await create(world, { wait: false });
  const end = "mutation($id: ID!) { completeInterview(input: { sessionId: $id }) { __typename } }";
  await world.gql(end, { id: completed.session.id });
  await database.query(
    "INSERT INTO model_spending (owner_id, day, calls) VALUES ('somebody', (now() AT TIME ZONE 'UTC')::date, 1)",
  );
  const retry = async (id: string) => (await world.gql(retryEvaluation, { id })).data.retryEvaluation;

  expect(await create(world, input)).toMatchObject({ reusedExisting: false, session: { id: session.id } });
  expect(await create(world, { ...input, idempotencyKey: undefined })).toMatchObject({ reusedExisting: true });
  expect(await create(world, { ...input, questionCount: 4 })).toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  expect(await create(world, { resumeText: " " })).toMatchObject({ code: "VALIDATION_FAILED" });
  expect(await create(world, { resumeText: null, resumeId: "none" })).toMatchObject({ code: "VALIDATION_FAILED" });
  expect(await retry(session.id)).toMatchObject({ code: "INTERVIEW_NOT_COMPLETED" });
  expect(await retry(completed.session.id)).toMatchObject({
    session: { evaluation: { status: "PENDING", attempt: 1 } },
  });

  await database.query(
    "UPDATE interview_session SET evaluation_status = 'FAILED', version = version + 1 WHERE completed_at IS NOT NULL",
  );
  await database.end();
  expect(await retry(completed.session.id)).toMatchObject({ code: "RATE_LIMITED" });
  expect(await create(world, { ...input, idempotencyKey: undefined, forceCreate: true })).toMatchObject({
    code: "RATE_LIMITED",
  });
  // Nothing is changed by what is refused.
  const resumes = async () =>
    (await world.gql("{ viewer { resumes { edges { node { resumeId text } } } } }")).data.viewer.resumes;
  const before = await resumes();
  expect(await create(world)).toMatchObject({ code: "RATE_LIMITED" });
  expect(await resumes()).toEqual(before);
  await world.close();
});
