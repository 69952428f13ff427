import { type Decision, type Moment, unchanged } from "./decision.ts";
import type { Failure } from "./failures.ts";
import type { Question, QuestionDraft, Resume, Session } from "./model.ts";
import { unansweredScore } from "./scores.ts";
import { isDontKnow } from "./scoring/dontKnow.ts";
import { isNearDuplicate } from "./similarity.ts";
import { sessionMove } from "./transitions.ts";
import { noUsage } from "./usage.ts";
import type { SessionOrder } from "./validation.ts";

/** The rules of the conversation: asking, drafting, answering, completing. Evaluation has its own file. */

/** A new interview; its first question is being prepared. */
export function createSession(order: SessionOrder, resume: Resume, moment: Moment): Decision {
  const session: Session = {
    id: moment.newId(),
    ownerId: resume.ownerId,
    status: "CREATED",
    mode: order.mode,
    turn: "INTERVIEWER",
    locale: order.locale,
    resume: { id: resume.id, key: resume.key },
    jobTitle: order.jobTitle,
    companyName: order.companyName,
    jobDescription: order.jobDescription,
    questionCount: order.questionCount,
    followUps: order.mode === "ADAPTIVE" ? 0 : order.followUps,
    forced: order.forceCreate,
    questions: [],
    planned: [],
    evaluation: null,
    scoringVersion: 1,
    reportVersion: 0,
    overallScore: null,
    usage: noUsage,
    seq: 0,
    version: 0,
    createdAt: moment.now,
    startedAt: null,
    completedAt: null,
    evaluatedAt: null,
  };
  const first: Decision["jobs"][number] =
    order.mode === "ADAPTIVE"
      ? { kind: "WRITE_QUESTION", sessionId: session.id, index: 0 }
      : { kind: "PREPARE_QUESTIONS", sessionId: session.id };
  return { session, events: [{ kind: "SessionCreated" }], jobs: [first] };
}

/** Adds prepared main questions; the first is asked at once if the candidate waits for one. */
export function addPlannedQuestions(session: Session, drafts: QuestionDraft[], moment: Moment): Decision {
  if (sessionMove(session.status, "ask") === null) return unchanged(session);
  const room = missingMainQuestions(session);
  const accepted = drafts.slice(0, room);
  if (accepted.length === 0) return unchanged(session);
  const prepared = { ...session, planned: [...session.planned, ...accepted] };
  // Anything else that is due has been started already: going on here would have a follow-up written twice.
  if (nextMove(session).kind !== "WAIT_FOR_PLAN") return { session: prepared, events: [], jobs: [] };
  return advance({ session: prepared, events: [], jobs: [] }, moment);
}

/** Removes prepared questions that another interview of the résumé asks as well, so that others replace them. */
export function dropPlanned(session: Session, texts: string[]): Decision {
  const kept = session.planned.filter((draft) => !texts.some((text) => isNearDuplicate(draft.text, text)));
  if (kept.length === session.planned.length) return unchanged(session);
  // The store only removes drafts from the front and appends at the end: those that stay are appended anew.
  return { session: { ...session, planned: kept.map((draft) => ({ ...draft })) }, events: [], jobs: [] };
}

/** The number of main questions that are neither asked nor prepared. */
export function missingMainQuestions(session: Session): number {
  return session.questionCount - mainQuestions(session).length - session.planned.length;
}

/** Adds a follow-up, or the next question of an ADAPTIVE interview; null: none is needed. */
export function addWrittenQuestion(
  session: Session,
  index: number,
  draft: QuestionDraft | null,
  moment: Moment,
): Decision {
  if (index !== session.questions.length) return unchanged(session);
  const move = nextMove(session);
  switch (move.kind) {
    case "WRITE_NEXT":
      return draft === null ? unchanged(session) : ask(session, draft, null, moment);
    case "WRITE_FOLLOW_UP":
      return draft === null
        ? advance({ session: closeFollowUps(session, move.main.index), events: [], jobs: [] }, moment)
        : ask(session, draft, move.main.index, moment);
    case "WAIT_FOR_ANSWER":
    case "ASK_PLANNED":
    case "WAIT_FOR_PLAN":
    case "COMPLETE":
      return unchanged(session);
  }
}

export function saveDraft(session: Session, index: number, text: string, moment: Moment): Decision | Failure {
  const refusal = refuseAnswering(session, index);
  if (refusal !== null) return refusal;
  const question = session.questions[index]!;
  if ((question.answer?.text ?? "") === text) return unchanged(session);
  const answer = text === "" ? null : { text, isDraft: true, updatedAt: moment.now, submittedAt: null };
  return {
    session: { ...begin(session, "draft", moment), questions: replace(session, { ...question, answer }) },
    events: [{ kind: "DraftSaved", index }],
    jobs: [],
  };
}

/**
 * Stores an answer and moves on. Submitting the same text for the same index again is a retry and changes nothing. With
 * `eager` the answer is scored while the interview runs.
 */
export function submitAnswer(
  session: Session,
  index: number,
  text: string,
  eager: boolean,
  moment: Moment,
): Decision | Failure {
  const earlier = session.questions[index]?.answer;
  if (earlier && !earlier.isDraft && earlier.text === text) return unchanged(session);
  const refusal = refuseAnswering(session, index);
  if (refusal !== null) return refusal;

  const answered: Question = {
    ...session.questions[index]!,
    answer: { text, isDraft: false, updatedAt: moment.now, submittedAt: moment.now },
    scoring: eager ? { state: "QUEUED", attempt: 1 } : null,
    followUpsClosed: session.questions[index]!.followUpsClosed,
  };
  let next: Session = { ...begin(session, "answer", moment), questions: replace(session, answered) };
  // No follow-up for someone who says that they do not know.
  if (isDontKnow(text)) next = closeFollowUps(next, answered.parentQuestionIndex ?? answered.index);
  return advance(
    {
      session: next,
      events: [{ kind: "AnswerSubmitted", index }],
      jobs: eager
        ? [
            {
              kind: "SCORE_ANSWERS",
              sessionId: session.id,
              version: session.scoringVersion,
              attempt: 1,
              questionIds: [answered.id],
            },
          ]
        : [],
    },
    moment,
  );
}

/** Ends the interview early: drafts count as unanswered, questions not asked stay hidden. */
export function completeInterview(session: Session, moment: Moment): Decision | Failure {
  if (sessionMove(session.status, "complete") === null) return alreadyCompleted(session);
  return complete({ session, events: [], jobs: [] }, moment);
}

/** The next step of the conversation. */
export type Move =
  | { kind: "WAIT_FOR_ANSWER"; index: number }
  | { kind: "WRITE_FOLLOW_UP"; main: Question }
  | { kind: "WRITE_NEXT" }
  | { kind: "ASK_PLANNED" }
  | { kind: "WAIT_FOR_PLAN" }
  | { kind: "COMPLETE" };

export function nextMove(session: Session): Move {
  // The interview is over, even if a question was still being written.
  if (sessionMove(session.status, "ask") === null) return { kind: "COMPLETE" };
  const last = session.questions.at(-1);
  if (last && !isAnswered(last)) return { kind: "WAIT_FOR_ANSWER", index: last.index };
  if (session.mode === "ADAPTIVE") {
    return session.questions.length < session.questionCount ? { kind: "WRITE_NEXT" } : { kind: "COMPLETE" };
  }
  const main = last && session.questions[last.parentQuestionIndex ?? last.index];
  if (main && !main.followUpsClosed && followUpsOf(session, main.index).length < session.followUps) {
    return { kind: "WRITE_FOLLOW_UP", main };
  }
  if (session.planned.length > 0) return { kind: "ASK_PLANNED" };
  return mainQuestions(session).length < session.questionCount ? { kind: "WAIT_FOR_PLAN" } : { kind: "COMPLETE" };
}

export function isAnswered(question: Question): boolean {
  return question.answer !== null && !question.answer.isDraft;
}

export function mainQuestions(session: Session): Question[] {
  return session.questions.filter((question) => !question.isFollowUp);
}

export function followUpsOf(session: Session, mainIndex: number): Question[] {
  return session.questions.filter((question) => question.parentQuestionIndex === mainIndex);
}

/** Main questions asked for, plus follow-ups asked so far. */
export function totalQuestions(session: Session): number {
  return session.questionCount + session.questions.length - mainQuestions(session).length;
}

/** The question waiting for an answer; null when it is not the candidate's turn. */
export function currentQuestion(session: Session): Question | null {
  return session.turn === "CANDIDATE" ? (session.questions.at(-1) ?? null) : null;
}

/** Adds the next step to the decision. */
function advance(decision: Decision, moment: Moment): Decision {
  const { session, events, jobs } = decision;
  const move = nextMove(session);
  switch (move.kind) {
    case "WAIT_FOR_ANSWER":
      return decision;
    case "WAIT_FOR_PLAN":
      return { session: { ...session, turn: "INTERVIEWER" }, events, jobs };
    case "WRITE_NEXT":
    case "WRITE_FOLLOW_UP":
      return {
        session: { ...session, turn: "INTERVIEWER" },
        events,
        jobs: [...jobs, { kind: "WRITE_QUESTION", sessionId: session.id, index: session.questions.length }],
      };
    case "ASK_PLANNED": {
      const [draft, ...planned] = session.planned;
      const asked = ask({ ...session, planned }, draft!, null, moment);
      return { session: asked.session, events: [...events, ...asked.events], jobs: [...jobs, ...asked.jobs] };
    }
    case "COMPLETE":
      return complete(decision, moment);
  }
}

function ask(session: Session, draft: QuestionDraft, parentQuestionIndex: number | null, moment: Moment): Decision {
  const index = session.questions.length;
  const question: Question = {
    ...draft,
    id: moment.newId(),
    index,
    isFollowUp: parentQuestionIndex !== null,
    parentQuestionIndex,
    askedAt: moment.now,
    followUpsClosed: false,
    answer: null,
    scoring: null,
  };
  return {
    session: { ...session, turn: "CANDIDATE", questions: [...session.questions, question] },
    events: [{ kind: "QuestionAsked", index }],
    jobs: [],
  };
}

function complete(decision: Decision, moment: Moment): Decision {
  const { session } = decision;
  const questions = session.questions.map((question) =>
    isAnswered(question) ? question : unanswered(session, question),
  );
  const completed: Session = {
    ...session,
    status: sessionMove(session.status, "complete") ?? session.status,
    turn: "NOBODY",
    completedAt: moment.now,
    questions,
    planned: [],
    evaluation: {
      status: "PENDING",
      error: null,
      answersEvaluated: questions.filter((question) => question.scoring?.state === "SCORED").length,
      answersTotal: questions.length,
      percent: 0,
      attempt: 1,
    },
  };
  return {
    session: completed,
    events: [...decision.events, { kind: "InterviewCompleted" }],
    jobs: [...decision.jobs, { kind: "EVALUATE", sessionId: session.id, attempt: 1 }],
  };
}

function unanswered(session: Session, question: Question): Question {
  const score = unansweredScore(question, session.locale);
  return { ...question, scoring: { state: "SCORED", attempt: 1, score, announced: true } };
}

function refuseAnswering(session: Session, index: number): Failure | null {
  if (sessionMove(session.status, "answer") === null) return alreadyCompleted(session);
  const expectedIndex = session.turn === "CANDIDATE" ? session.questions.length - 1 : session.questions.length;
  if (session.turn !== "CANDIDATE" || index !== expectedIndex) {
    return { type: "QuestionIndexMismatchError", expectedIndex };
  }
  return null;
}

function alreadyCompleted(session: Session): Failure {
  return { type: "InterviewAlreadyCompletedError", completedAt: session.completedAt ?? session.createdAt };
}

function begin(session: Session, command: "draft" | "answer", moment: Moment): Session {
  return {
    ...session,
    status: sessionMove(session.status, command) ?? session.status,
    startedAt: session.startedAt ?? moment.now,
  };
}

function closeFollowUps(session: Session, mainIndex: number): Session {
  return {
    ...session,
    questions: session.questions.map((question) =>
      question.index === mainIndex ? { ...question, followUpsClosed: true } : question,
    ),
  };
}

function replace(session: Session, question: Question): Question[] {
  return session.questions.map((other) => (other.index === question.index ? question : other));
}
