import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerAll, create, sessionEvents, submit } from "../support/interview.ts";
import { type DatabaseKind, openWorld, type World } from "../support/world.ts";

const kinds: DatabaseKind[] = ["pglite", "postgres"];

describe.each(kinds)("an interview on %s", (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  it.each([3, 5, 8, 13, 20])("asks exactly %i main questions", async (questionCount) => {
    const { session } = await create(world, { questionCount, followUps: 0 });
    expect(await answerAll(world, session.id)).toBe(questionCount);
  });

  it("asks in no interview of a résumé what another one, also an open one, asks", async () => {
    const input = { resumeText: "Java engineer, MySQL and Redis", resumeId: "open at once", forceCreate: true };
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { session } = await create(world, { ...input, questionCount: 6, followUps: 0 });
      ids.push(session.id);
    }
    const texts: string[] = [];
    for (const id of ids) {
      await answerAll(world, id, () => "I don't know.");
      const { data } = await world.gql("query($id: ID!) { session(id: $id) { questions { text } } }", { id });
      texts.push(...data.session.questions.map(({ text }: { text: string }) => text));
    }
    expect(texts).toHaveLength(18);
    expect(new Set(texts).size).toBe(18);
  });

  it("goes from a résumé to a report, watched live", async () => {
    const { session } = await create(world, { questionCount: 3, followUps: 1 });
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await answerAll(world, session.id);
    await watch.until((event) => event.__typename === "ReportReady");
    watch.stop();

    const stored = watch.events.filter((event) => event.cursor !== null);
    expect(stored.map((event) => event.cursor)).toEqual(stored.map((_, index) => String(index + 1)));
    expect(stored[0].__typename).toBe("SessionCreated");
    expect(stored.at(-1).__typename).toBe("ReportReady");
    const percents = stored
      .filter((event) => event.__typename === "EvaluationProgressed")
      .map((event) => event.evaluation.percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.at(-1)).toBe(100);

    const answers = stored.filter((event) => event.__typename === "AnswerSubmitted").length;
    expect(stored.filter((event) => event.__typename === "AnswerEvaluated")).toHaveLength(answers);
    const { data } = await world.gql(
      `query($id: ID!) { session(id: $id) { status turn report { overallScore answeredCount questionDetails { answered evaluation { score } } } } }`,
      { id: session.id },
    );
    expect(data.session).toMatchObject({ status: "EVALUATED", turn: "NOBODY" });
    const { report } = data.session;
    expect(report.answeredCount).toBe(answers);
    const sum = report.questionDetails.reduce((total: number, detail: any) => total + detail.evaluation.score, 0);
    expect(report.overallScore).toBe(Math.round(sum / report.questionDetails.length));
  });

  it("makes one session of ten concurrent creations for one résumé", async () => {
    const input = { resumeText: `One and the same ${kind}`, followUps: 0 };
    const created = await Promise.all(Array.from({ length: 10 }, () => create(world, input)));
    expect(new Set(created.map(({ session }) => session.id)).size).toBe(1);
    expect(created.filter(({ reusedExisting }) => !reusedExisting)).toHaveLength(1);
  });

  it("always makes a new one with forceCreate, and finds the newest", async () => {
    const resumeId = `forced-${kind}`;
    const first = await create(world, { resumeId });
    const second = await create(world, { resumeId, forceCreate: true });
    expect(second.session.id).not.toBe(first.session.id);
    const found = await create(world, { resumeId });
    expect(found).toMatchObject({ reusedExisting: true, session: { id: second.session.id } });
    const { data } = await world.gql(`query($r: ID!) { unfinishedSession(resumeId: $r) { id } }`, { r: resumeId });
    expect(data.unfinishedSession.id).toBe(second.session.id);
  });

  it("finds the unfinished session of the same text where no key is given, under whatever key it is stored", async () => {
    const text = `A text under two keys ${kind}`;
    const first = await create(world, { resumeText: text, resumeId: `first-${kind}` });
    const { session } = await create(world, { resumeText: text });
    expect(session.id).toBe(first.session.id);
    // Neither a résumé that was stored later nor another text under its key changes which one it is.
    const second = await create(world, { resumeText: text, resumeId: `second-${kind}` });
    await answerAll(world, second.session.id);
    await create(world, { resumeText: `${text}, revised`, resumeId: `first-${kind}` });
    expect(await create(world, { resumeText: text })).toMatchObject({
      reusedExisting: true,
      session: { id: first.session.id },
    });
  });

  it("makes one session of its own for a text whose key has an open session of an older text", async () => {
    const resumeId = `rewritten-${kind}`;
    const older = await create(world, { resumeText: `Java engineer ${kind}`, resumeId });
    const resumeText = `Front-end developer ${kind}`;
    await world.gql("mutation($input: UpdateResumeInput!) { updateResume(input: $input) { __typename } }", {
      input: { resumeId, text: resumeText },
    });

    const newer = await Promise.all(Array.from({ length: 10 }, () => create(world, { resumeText })));
    const ids = new Set(newer.map(({ session }) => session.id));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain(older.session.id);
    expect(newer.filter(({ reusedExisting }) => !reusedExisting)).toHaveLength(1);
    const query = "query($id: ID!) { session(id: $id) { resume { text } } }";
    const { data } = await world.gql(query, { id: [...ids][0] });
    expect(data.session.resume.text).toBe(resumeText);

    // By its key the older one is found as before.
    const { data: found } = await world.gql("query($r: ID!) { unfinishedSession(resumeId: $r) { id } }", {
      r: resumeId,
    });
    expect(found.unfinishedSession.id).toBe(older.session.id);
  });

  it("makes a session of a text also where another text has the key that was made from it", async () => {
    const resumeText = `Platform engineer ${kind}`;
    const first = await create(world, { resumeText, questionCount: 3, followUps: 0 });
    const query = "query($id: ID!) { session(id: $id) { resumeId resume { text } } }";
    const { resumeId } = (await world.gql(query, { id: first.session.id })).data.session;
    await answerAll(world, first.session.id);
    const other = await create(world, { resumeText: `${resumeText}, and more`, resumeId });

    const input = { resumeText, idempotencyKey: `again-${kind}` };
    const [again, repeated] = [await create(world, input), await create(world, input)];
    expect(again.session.id).not.toBe(other.session.id);
    expect(repeated.session.id).toBe(again.session.id);
    expect((await world.gql(query, { id: again.session.id })).data.session.resume.text).toBe(resumeText);
  });

  it("accepts exactly one of twenty concurrent answers to one question", async () => {
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => submit(world, session.id, 0, `Answer of tab ${n}`)),
    );
    const accepted = results.filter(({ __typename }) => __typename === "SubmitAnswerPayload");
    expect(accepted).toHaveLength(1);
    const refused = results.filter(({ __typename }) => __typename === "QuestionIndexMismatchError");
    expect(refused).toHaveLength(19);
    expect(refused.every(({ expectedIndex }) => expectedIndex === 1)).toBe(true);
  });

  it("takes the same answer again quietly and refuses another one", async () => {
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    await submit(world, session.id, 0, "The answer");
    const before = await cursorOf(world, session.id);
    expect(await submit(world, session.id, 0, "The answer")).toMatchObject({
      __typename: "SubmitAnswerPayload",
      hasNextQuestion: true,
      currentIndex: 1,
    });
    expect(await submit(world, session.id, 0, "Another one")).toMatchObject({
      __typename: "QuestionIndexMismatchError",
      message: "Question index mismatch",
      expectedIndex: 1,
    });
    expect(await cursorOf(world, session.id)).toBe(before);
  });

  it("completes early: unanswered counts zero and what was not asked stays hidden", async () => {
    const { session } = await create(world, { questionCount: 5, followUps: 0 });
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await submit(world, session.id, 0, "One answer");
    await world.gql(`mutation($i: SaveDraftInput!) { saveDraft(input: $i) { __typename } }`, {
      i: { sessionId: session.id, questionIndex: 1, answer: "only a draft" },
    });
    const complete = `mutation($i: CompleteInterviewInput!) { completeInterview(input: $i) { __typename ... on Error { code message } } }`;
    const input = { i: { sessionId: session.id } };
    expect((await world.gql(complete, input)).data.completeInterview.__typename).toBe("CompleteInterviewPayload");
    expect((await world.gql(complete, input)).data.completeInterview).toMatchObject({
      __typename: "InterviewAlreadyCompletedError",
      code: "INTERVIEW_ALREADY_COMPLETED",
    });
    await watch.until((event) => event.__typename === "ReportReady");
    watch.stop();
    const { data } = await world.gql(
      `query($id: ID!) { session(id: $id) { totalQuestions questions { index answer { text isDraft } } report { overallScore answeredCount questionDetails { answered answer evaluation { score feedback referenceAnswer keyPoints } } } } }`,
      { id: session.id },
    );
    expect(data.session.totalQuestions).toBe(5);
    expect(data.session.questions).toHaveLength(2);
    expect(data.session.questions[1].answer).toEqual({ text: "only a draft", isDraft: true });
    const { report } = data.session;
    expect(report.answeredCount).toBe(1);
    expect(report.questionDetails[1]).toMatchObject({ answered: false, answer: null, evaluation: { score: 0 } });
    expect(report.questionDetails[1].evaluation.feedback).not.toBe("");
    expect(report.questionDetails[1].evaluation.referenceAnswer).not.toBe("");
    expect(report.questionDetails[1].evaluation.keyPoints.length).toBeGreaterThan(0);
    expect(report.overallScore).toBe(Math.round(report.questionDetails[0].evaluation.score / 5));
  });

  it("reports all faults of an input together, in the language asked for", async () => {
    const input = { resumeText: " ", resumeId: "", questionCount: 2, followUps: 3, jobDescription: "short" };
    const english = await create(world, input);
    expect(english.fields).toEqual([
      { path: ["input", "resumeText"], message: "Resume text is required" },
      { path: ["input", "resumeId"], message: "Resume ID is required" },
      { path: ["input", "questionCount"], message: "Question count must be at least 3" },
      { path: ["input", "followUps"], message: "Follow-ups must be between 0 and 2" },
      { path: ["input", "jobDescription"], message: "Job description must be at least 50 characters" },
    ]);
    const chinese = await world.gql(
      `mutation($input: CreateSessionInput!) { createSession(input: $input) { ... on ValidationError { code fields { message } } } }`,
      { input },
      { "accept-language": "zh-CN,zh;q=0.9,en;q=0.8" },
    );
    expect(chinese.data.createSession.code).toBe("VALIDATION_FAILED");
    expect(chinese.data.createSession.fields.slice(0, 3)).toEqual([
      { message: "简历文本不能为空" },
      { message: "简历ID不能为空" },
      { message: "题目数量最少3题" },
    ]);
  });

  it("gives the same session for the same idempotency key and refuses other input", async () => {
    const input = { resumeText: "Keyed", idempotencyKey: `key-${kind}`, forceCreate: true };
    const made = await Promise.all(Array.from({ length: 5 }, () => create(world, input)));
    expect(new Set(made.map(({ session }) => session.id)).size).toBe(1);
    expect(await create(world, { ...input, questionCount: 7 })).toMatchObject({
      __typename: "IdempotencyConflictError",
      code: "IDEMPOTENCY_CONFLICT",
    });
  });

  it("ends the streams of a deleted session with SessionDeleted", async () => {
    const { session } = await create(world, {});
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await watch.until((event) => event.__typename === "QuestionAsked");
    const { data } = await world.gql(
      `mutation($i: DeleteSessionInput!) { deleteSession(input: $i) { ... on DeleteSessionPayload { deletedSessionId } } }`,
      { i: { sessionId: session.id } },
    );
    expect(data.deleteSession.deletedSessionId).toBe(session.id);
    expect(await watch.ended).toBeNull();
    expect(watch.events.at(-1).__typename).toBe("SessionDeleted");
    expect(
      (await world.gql(`query($id: ID!) { session(id: $id) { id } }`, { id: session.id })).data.session,
    ).toBeNull();
    expect(await submit(world, session.id, 0, "Too late")).toMatchObject({ code: "INTERVIEW_SESSION_NOT_FOUND" });
  });

  it("makes a new report version and keeps the old one", async () => {
    const { session } = await create(world, { questionCount: 3, followUps: 0 });
    const watch = world.watch(sessionEvents, { id: session.id, after: "0" });
    await answerAll(world, session.id);
    await watch.until((event) => event.__typename === "ReportReady");
    const first = await reportOf(world, session.id);
    const retry = `mutation($i: RetryEvaluationInput!) { retryEvaluation(input: $i) { __typename ... on Error { code } } }`;
    await world.gql(retry, { i: { sessionId: session.id } });
    await watch.until((event) => event.__typename === "ReportReady" && event.report.version === 2);
    watch.stop();
    const second = await reportOf(world, session.id);
    expect(second.version).toBe(2);
    const again = await world.gql(`query($id: ID!) { node(id: $id) { ... on Report { version overallScore } } }`, {
      id: first.id,
    });
    expect(again.data.node).toEqual({ version: 1, overallScore: first.overallScore });
  });
});

async function cursorOf(world: World, id: string): Promise<string> {
  return (await world.gql(`query($id: ID!) { session(id: $id) { cursor } }`, { id })).data.session.cursor;
}

async function reportOf(world: World, id: string): Promise<any> {
  return (await world.gql(`query($id: ID!) { session(id: $id) { report { id version overallScore } } }`, { id })).data
    .session.report;
}
