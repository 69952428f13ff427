import { describe, expect, it } from "vitest";
import { addPlannedQuestions, completeInterview, submitAnswer } from "../../src/interview/conversation.ts";
import {
  addScores,
  answersToScore,
  failScoring,
  finishEvaluation,
  retryEvaluation,
  startEvaluation,
} from "../../src/interview/evaluation.ts";
import type { AnswerScore, Session } from "../../src/interview/model.ts";
import { bandOf, roundHalfUp } from "../../src/interview/scores.ts";
import { decided, draft, moments, newSession } from "./sessions.ts";

const moment = moments();
const summary = {
  overallFeedback: "Fine",
  strengths: [],
  improvements: [],
  knowledgeGaps: [],
  learningPath: [],
  resumeImprovements: [],
};

/** Five main questions, of which so many are answered, and the interview completed. */
function completed(answered: number, eager = false): Session {
  let session = newSession({ questionCount: 5, followUps: 0 }, moment);
  const drafts = ["a", "b", "c", "d", "e"].map((text, index) => draft(text, index < 2 ? "MYSQL" : "REDIS"));
  session = addPlannedQuestions(session, drafts, moment).session;
  for (let index = 0; index < answered; index++) {
    session = decided(submitAnswer(session, index, `Answer ${index}`, eager, moment)).session;
  }
  return answered === 5 ? session : decided(completeInterview(session, moment)).session;
}

function score(accuracy: number, completeness: number, clarity: number): AnswerScore {
  const words = { feedback: "f", referenceAnswer: "r", keyPoints: [], evidence: [] };
  return { accuracy, completeness, clarity, ...words };
}

function scoresOf(session: Session, values: AnswerScore[]): Map<string, AnswerScore> {
  return new Map(values.map((value, index) => [session.questions[index]!.id, value]));
}

describe("the numbers of a report", () => {
  it("count what was not answered and what was never reached as 0", () => {
    let session = startEvaluation(completed(2), 1, 8).session;
    session = addScores(session, 1, scoresOf(session, [score(33, 20, 18), score(40, 30, 30)])).session;
    const { report, session: done } = finishEvaluation(session, 1, summary, moment);
    // (71 + 100 + 0) / 5 = 34.2; asked were three: MySQL (71 + 100) / 2 = 85.5, Redis 0 / 1.
    expect(report).toMatchObject({
      overallScore: 34,
      band: "NEEDS_IMPROVEMENT",
      answeredCount: 2,
      categoryScores: [
        { category: "MySQL", score: 86, questionCount: 2 },
        { category: "Redis", score: 0, questionCount: 1 },
      ],
    });
    expect(report?.questions.map(({ answered }) => answered)).toEqual([true, true, false]);
    expect(done).toMatchObject({ status: "EVALUATED", overallScore: 34, reportVersion: 1 });
  });

  it.each([
    [1, 2, 1],
    [5, 2, 3],
    [341, 4, 85],
    [342, 4, 86],
    [0, 0, 0],
  ])("rounds %i / %i half up", (numerator, denominator, rounded) => {
    expect(roundHalfUp(numerator, denominator)).toBe(rounded);
  });

  it.each([
    [100, "EXCELLENT"],
    [90, "EXCELLENT"],
    [89, "GOOD"],
    [75, "GOOD"],
    [74, "ADEQUATE"],
    [60, "ADEQUATE"],
    [59, "NEEDS_IMPROVEMENT"],
    [0, "NEEDS_IMPROVEMENT"],
  ])("puts %i into its band", (overall, band) => {
    expect(bandOf(overall)).toBe(band);
  });
});

describe("the evaluation", () => {
  it("queues the answers in batches and tells the percentage", () => {
    const { session, jobs, events } = startEvaluation(completed(5), 1, 2);
    expect(jobs.map((job) => (job.kind === "SCORE_ANSWERS" ? job.questionIds.length : job.kind))).toEqual([2, 2, 1]);
    expect(events).toMatchObject([{ kind: "EvaluationProgressed", evaluation: { status: "PROCESSING", percent: 0 } }]);
    expect(startEvaluation(session, 1, 2)).toEqual({ session, events: [], jobs: [] });
  });

  it("tells scores made during the interview only once it is completed", () => {
    let session = newSession({ followUps: 0 }, moment);
    session = addPlannedQuestions(session, [draft("a"), draft("b"), draft("c")], moment).session;
    session = decided(submitAnswer(session, 0, "Answer", true, moment)).session;
    const early = addScores(session, 1, scoresOf(session, [score(10, 10, 10)]));
    expect(early.events).toEqual([]);
    const { events } = startEvaluation(decided(completeInterview(early.session, moment)).session, 1, 8);
    expect(events).toMatchObject([
      { kind: "AnswerEvaluated", index: 0 },
      { kind: "EvaluationProgressed", evaluation: { answersEvaluated: 2, answersTotal: 2 } },
    ]);
  });

  it("asks for the summary once, when every answer is scored", () => {
    const session = startEvaluation(completed(5), 1, 8).session;
    const some = addScores(session, 1, scoresOf(session, [score(1, 1, 1), score(2, 2, 2)]));
    expect(some.jobs).toEqual([]);
    const all = addScores(
      some.session,
      1,
      scoresOf(
        session,
        [0, 1, 2, 3, 4].map((value) => score(value, value, value)),
      ),
    );
    expect(all.jobs).toEqual([{ kind: "SUMMARIZE", sessionId: session.id, attempt: 1 }]);
    // Whoever comes late changes nothing, neither the scores nor the jobs.
    expect(addScores(all.session, 1, scoresOf(session, [score(40, 30, 30)]))).toMatchObject({ events: [], jobs: [] });
    expect(all.session.questions[0]?.scoring).toMatchObject({ score: { accuracy: 1 } });
  });

  it("fails with the reason, and a retry goes on from what is done", () => {
    const started = startEvaluation(completed(5), 1, 2).session;
    const scored = addScores(started, 1, scoresOf(started, [score(9, 9, 9), score(8, 8, 8)])).session;
    const job = { version: 1, attempt: 1, questionIds: scored.questions.slice(2, 4).map(({ id }) => id) };
    const failed = failScoring(scored, job, "The model is away");
    expect(failed.events).toMatchObject([{ kind: "EvaluationFailed", evaluation: { error: "The model is away" } }]);
    expect(failed.session).toMatchObject({ status: "COMPLETED", overallScore: null });

    // Other batches of the attempt cost nothing more: all they could bring is asked for by the next one.
    const other = { ...job, questionIds: scored.questions.map(({ id }) => id) };
    expect(answersToScore(scored, other)).toHaveLength(3);
    expect(answersToScore(failed.session, other)).toEqual([]);

    const again = decided(retryEvaluation(failed.session)).session;
    expect(answersToScore(again, other)).toEqual([]);
    expect(again.evaluation).toMatchObject({ status: "PENDING", attempt: 2, error: null, answersEvaluated: 2 });
    const { jobs, session } = startEvaluation(again, 2, 8);
    expect(jobs).toMatchObject([{ questionIds: session.questions.slice(2).map(({ id }) => id), attempt: 2 }]);
    // What the first attempt still finds out is nobody's business any more.
    expect(answersToScore(session, { ...job, attempt: 1 })).toEqual([]);
    expect(failScoring(session, job, "late").session).toBe(session);
  });

  it("scores anew after it was finished, for a new version of the report", () => {
    let session = startEvaluation(completed(0), 1, 8).session;
    session = finishEvaluation(session, 1, summary, moment).session;
    const again = decided(retryEvaluation(session)).session;
    expect(again).toMatchObject({ status: "EVALUATED", scoringVersion: 2, reportVersion: 1 });
    const started = startEvaluation(again, 2, 8).session;
    expect(finishEvaluation(started, 2, summary, moment).report).toMatchObject({ version: 2, overallScore: 0 });
  });

  it("is refused before the interview is completed", () => {
    expect(retryEvaluation(newSession())).toEqual({ type: "InterviewNotCompletedError" });
  });

  it("never lets the percentage fall, from attempt to attempt after a failure", () => {
    const started = startEvaluation(completed(5), 1, 2).session;
    const percents: number[] = [];
    let session = started;
    for (let index = 0; index < 5; index++) {
      session = addScores(session, 1, new Map([[session.questions[index]!.id, score(index, 0, 0)]])).session;
      percents.push(session.evaluation!.percent);
    }
    expect(percents).toEqual([18, 36, 54, 72, 90]);
  });
});
