import { describe, expect, it } from "vitest";
import {
  addPlannedQuestions,
  addWrittenQuestion,
  completeInterview,
  currentQuestion,
  dropPlanned,
  saveDraft,
  submitAnswer,
  totalQuestions,
} from "../../src/interview/conversation.ts";
import type { Session } from "../../src/interview/model.ts";
import { applyChange, changeOf } from "../../src/interview/sessionChange.ts";
import { decided, draft, moments, newSession } from "./sessions.ts";

const moment = moments();
const drafts = [draft("indexes"), draft("caches", "REDIS"), draft("locks")];

function asked(input = {}): Session {
  return addPlannedQuestions(newSession(input, moment), drafts, moment).session;
}

function answer(session: Session, index: number, text = "An answer") {
  return decided(submitAnswer(session, index, text, true, moment));
}

describe("preparing", () => {
  it("asks the first question as soon as it is there, and keeps the others back", () => {
    const first = addPlannedQuestions(newSession(), drafts.slice(0, 1), moment);
    expect(first.events).toEqual([{ kind: "QuestionAsked", index: 0 }]);
    expect(currentQuestion(first.session)?.text).toBe("indexes");
    const more = addPlannedQuestions(first.session, drafts.slice(1), moment);
    expect(more.events).toEqual([]);
    expect(more.session.planned.map(({ text }) => text)).toEqual(["caches", "locks"]);
  });

  it("takes back what is asked elsewhere as well; what was asked stays", () => {
    const session = asked();
    const { session: after, events } = dropPlanned(session, ["The caches?", "indexes"]);
    expect([after.questions, events]).toEqual([session.questions, []]);
    expect(after.planned.map(({ text }) => text)).toEqual(["locks"]);
    // Whoever knows the state before comes to the same.
    expect(applyChange(session, changeOf(session, after))).toEqual(after);
    expect(dropPlanned(session, ["indexes"]).session).toBe(session);
  });

  it("takes no more questions than were asked for", () => {
    const full = addPlannedQuestions(newSession(), [...drafts, draft("one too many")], moment).session;
    expect(full.questions.length + full.planned.length).toBe(3);
    expect(addPlannedQuestions(full, [draft("late")], moment).session).toBe(full);
  });

  it("asks nothing of a completed interview", () => {
    const { session } = decided(completeInterview(newSession(), moment));
    expect(addPlannedQuestions(session, drafts, moment).session).toBe(session);
  });

  it("has a follow-up that is being written already not written again", () => {
    const session = addPlannedQuestions(newSession({ followUps: 1 }), drafts.slice(0, 1), moment).session;
    const answered = answer(session, 0);
    expect(answered.jobs.filter(({ kind }) => kind === "WRITE_QUESTION")).toHaveLength(1);
    const prepared = addPlannedQuestions(answered.session, drafts.slice(1), moment);
    expect(prepared.jobs).toEqual([]);
    expect(prepared.session.planned).toHaveLength(2);
  });

  it("goes on at once when the candidate was quicker than the interviewer", () => {
    let session = addPlannedQuestions(newSession({ followUps: 0 }), drafts.slice(0, 1), moment).session;
    session = answer(session, 0).session;
    expect(session.turn).toBe("INTERVIEWER");
    const next = addPlannedQuestions(session, drafts.slice(1), moment);
    expect(next.events).toEqual([{ kind: "QuestionAsked", index: 1 }]);
    expect(next.session.turn).toBe("CANDIDATE");
  });
});

describe("answering", () => {
  it("stores, moves on and has the answer scored", () => {
    const { session, events, jobs } = answer(asked({ followUps: 0 }), 0);
    expect(session).toMatchObject({ status: "IN_PROGRESS", turn: "CANDIDATE", startedAt: moment.now });
    expect(session.questions[0]?.answer).toMatchObject({ text: "An answer", isDraft: false });
    expect(events.map(({ kind }) => kind)).toEqual(["AnswerSubmitted", "QuestionAsked"]);
    expect(jobs).toMatchObject([{ kind: "SCORE_ANSWERS", questionIds: [session.questions[0]?.id] }]);
  });

  it("has a follow-up written, which carries its parent's index and counts in the total", () => {
    const { session, jobs } = answer(asked(), 0);
    expect(session.turn).toBe("INTERVIEWER");
    expect(jobs).toContainEqual({ kind: "WRITE_QUESTION", sessionId: session.id, index: 1 });
    const written = addWrittenQuestion(session, 1, draft("deeper"), moment).session;
    expect(written.questions[1]).toMatchObject({ isFollowUp: true, parentQuestionIndex: 0, index: 1 });
    expect(totalQuestions(written)).toBe(4);
    // A second follow-up is not allowed here: the next main question comes.
    expect(answer(written, 1).session.questions[2]).toMatchObject({ text: "caches", isFollowUp: false });
  });

  it("goes to the next main question when no follow-up is called for", () => {
    const { session } = answer(asked(), 0);
    const next = addWrittenQuestion(session, 1, null, moment);
    expect(next.session.questions[1]).toMatchObject({ text: "caches", isFollowUp: false });
  });

  it("asks no follow-up of someone who does not know", () => {
    const { session } = answer(asked({ followUps: 2 }), 0, "I don't know.");
    expect(session.questions[1]).toMatchObject({ text: "caches", isFollowUp: false });
  });

  it("ignores a question written for a place that is taken", () => {
    const { session } = answer(asked(), 0);
    const written = addWrittenQuestion(session, 1, draft("deeper"), moment).session;
    expect(addWrittenQuestion(written, 1, draft("again"), moment).session).toBe(written);
  });

  it("refuses any index but the current one, and changes nothing", () => {
    const session = asked({ followUps: 0 });
    expect(submitAnswer(session, 1, "text", true, moment)).toEqual({
      type: "QuestionIndexMismatchError",
      expectedIndex: 0,
    });
    const next = answer(session, 0).session;
    expect(submitAnswer(next, 0, "other text", true, moment)).toMatchObject({ expectedIndex: 1 });
  });

  it("takes the same text again quietly: the response may have been lost", () => {
    const { session } = answer(asked({ followUps: 0 }), 0);
    expect(answer(session, 0)).toEqual({ session, events: [], jobs: [] });
  });

  it("completes with the last answer and queues the evaluation", () => {
    let session = asked({ followUps: 0 });
    session = answer(answer(session, 0).session, 1).session;
    const last = answer(session, 2);
    expect(last.session).toMatchObject({ status: "COMPLETED", turn: "NOBODY", completedAt: moment.now });
    expect(last.events.map(({ kind }) => kind)).toEqual(["AnswerSubmitted", "InterviewCompleted"]);
    expect(last.jobs.map(({ kind }) => kind)).toEqual(["SCORE_ANSWERS", "EVALUATE"]);
    expect(submitAnswer(last.session, 3, "more", true, moment)).toMatchObject({
      type: "InterviewAlreadyCompletedError",
    });
  });
});

describe("drafts", () => {
  it("start the interview, are kept as typed, and each change is one event", () => {
    const first = decided(saveDraft(asked(), 0, "half\r\n", moment));
    expect(first.session).toMatchObject({ status: "IN_PROGRESS", turn: "CANDIDATE" });
    expect(first.session.questions[0]?.answer).toMatchObject({ text: "half\r\n", isDraft: true });
    expect(first.events).toEqual([{ kind: "DraftSaved", index: 0 }]);
    expect(decided(saveDraft(first.session, 0, "half\r\n", moment)).session).toBe(first.session);
  });

  it("are cleared by an empty one and replaced by the answer", () => {
    const { session } = decided(saveDraft(asked({ followUps: 0 }), 0, "half", moment));
    expect(decided(saveDraft(session, 0, "", moment)).session.questions[0]?.answer).toBeNull();
    expect(answer(session, 0).session.questions[0]?.answer).toMatchObject({ text: "An answer", isDraft: false });
  });

  it("are not answers: completing leaves them unanswered", () => {
    const { session } = decided(saveDraft(asked(), 0, "half", moment));
    const done = decided(completeInterview(session, moment)).session;
    expect(done.questions[0]?.scoring).toMatchObject({ state: "SCORED", score: { accuracy: 0, completeness: 0 } });
  });
});

describe("completing early", () => {
  it("is possible before the first question, once", () => {
    const { session, jobs } = decided(completeInterview(newSession(), moment));
    expect(session).toMatchObject({ status: "COMPLETED", questions: [], planned: [] });
    expect(jobs).toEqual([{ kind: "EVALUATE", sessionId: session.id, attempt: 1 }]);
    expect(completeInterview(session, moment)).toMatchObject({ type: "InterviewAlreadyCompletedError" });
  });
});

describe("a question that was still being written when the interview ended", () => {
  it.each([
    ["PLANNED", { followUps: 1 }],
    ["ADAPTIVE", { mode: "ADAPTIVE", jobDescription: "x".repeat(60) }],
  ] as const)("is not asked: %s", (_, input) => {
    const first =
      "mode" in input ? addWrittenQuestion(newSession(input), 0, draft("first"), moment).session : asked(input);
    const { session } = answer(first, 0);
    expect(session.turn).toBe("INTERVIEWER");
    const ended = decided(completeInterview(session, moment)).session;
    expect(addWrittenQuestion(ended, 1, draft("late"), moment)).toEqual({ session: ended, events: [], jobs: [] });
    expect(addWrittenQuestion(ended, 1, null, moment).session).toBe(ended);
  });
});

describe("an ADAPTIVE interview", () => {
  const input = { mode: "ADAPTIVE", questionCount: 3, jobDescription: "x".repeat(60) } as const;

  it("is complete when the last question is answered, not when it is asked", () => {
    let session = newSession(input);
    for (let index = 0; index < 3; index++) {
      session = addWrittenQuestion(session, index, draft(`question ${index}`), moment).session;
      expect(session.status).not.toBe("COMPLETED");
      const { session: next, jobs } = answer(session, index);
      session = next;
      if (index < 2) expect(jobs).toContainEqual({ kind: "WRITE_QUESTION", sessionId: session.id, index: index + 1 });
    }
    expect(session.status).toBe("COMPLETED");
  });
});
