import { currentQuestion, totalQuestions } from "../../interview/conversation.ts";
import { type Failure, type Fault, isFailure } from "../../interview/failures.ts";
import { globalId } from "../../interview/globalId.ts";
import type { Session } from "../../interview/model.ts";
import { checkAnswer, checkDraft } from "../../interview/validation.ts";
import * as answering from "../../usecases/answering.ts";
import { createSession } from "../../usecases/createSession.ts";
import { deleteSession } from "../../usecases/deleteSession.ts";
import { waitForTurn } from "../../usecases/waitForTurn.ts";
import { changeableSession, changeableSessionId, requireWriter } from "../access.ts";
import type { Builder } from "../builder.ts";
import type { Enums } from "../enums.ts";
import { resultUnion } from "../results.ts";

const notFound: Failure = { type: "SessionNotFoundError" };
const invalid = (faults: Fault[]): Failure => ({ type: "ValidationError", faults });

export function addSessionMutations(builder: Builder, enums: Enums): void {
  addCreateSession(builder, enums);
  addSubmitAnswer(builder);
  addSaveDraft(builder);
  addCompleteInterview(builder);
  addRetryEvaluation(builder);
  addDeleteSession(builder);
}

function addCreateSession(builder: Builder, enums: Enums): void {
  const Payload = builder.objectRef<{ session: Session; reusedExisting: boolean }>("CreateSessionPayload").implement({
    description: "The session that was created or found.",
    fields: (t) => ({
      session: t.expose("session", { type: "InterviewSession", description: "The session that was created or found." }),
      reusedExisting: t.exposeBoolean("reusedExisting", {
        description: "True when an unfinished session of the same résumé was there and no new one was created.",
      }),
    }),
  });
  const Input = builder.inputType("CreateSessionInput", {
    description: "What an interview is made from. `resumeText`, `resumeId` or both are required, the rest is optional.",
    fields: (t) => ({
      resumeText: t.string({
        description: "The résumé's text: at most 100,000 characters. Required where no `resumeId` is given.",
      }),
      resumeId: t.id({
        description:
          "The caller's own key for the résumé, at most 64 characters. Alone it names one already stored; with `resumeText` the " +
          "text is stored under it, for this and later sessions.",
      }),
      questionCount: t.int({ description: "Main questions, 3-20. Left out: 5 when PLANNED, 8 when ADAPTIVE." }),
      followUps: t.int({
        description: "Follow-ups per main question, 0-2. Left out: as the server is configured. Ignored when ADAPTIVE.",
      }),
      mode: t.field({
        type: enums.InterviewMode,
        defaultValue: "PLANNED",
        description: "Whether questions are planned up front or each follows from the conversation.",
      }),
      jobTitle: t.string({ description: "The job applied for: at most 200 characters." }),
      companyName: t.string({ description: "The company applied to: at most 200 characters." }),
      jobDescription: t.string({ description: "What the job asks for, 50-10,000 characters. Required when ADAPTIVE." }),
      locale: t.field({ type: enums.Locale, defaultValue: "EN", description: "The language of questions and report." }),
      forceCreate: t.boolean({
        defaultValue: false,
        description: "Create a new session even if there is an unfinished one of the same résumé.",
      }),
      idempotencyKey: t.string({
        description:
          "At most 255 characters. The same key from the same viewer gives the same session; with other input it is a conflict.",
      }),
      wait: t.boolean({
        defaultValue: true,
        description:
          "Answer once the first question is ready, or when the server's WAIT_LIMIT (by default 25 s) has passed: then `turn` is " +
          "INTERVIEWER, `currentQuestion` null, and the question arrives as an event. false: answer at once, likewise.",
      }),
    }),
  });
  builder.mutationField("createSession", (t) =>
    t.field({
      type: resultUnion(builder, "createSession", Payload, [
        "ValidationError",
        "RateLimitedError",
        "IdempotencyConflictError",
        "InterviewerUnavailableError",
      ]),
      description: "Creates an interview session from a résumé. Counts against the create rate limit.",
      complexity: 10,
      args: {
        input: t.arg({ type: Input, required: true, description: "The résumé, the job and the kind of interview." }),
      },
      resolve: async (_, args, context, info) => {
        requireWriter(context);
        const refused = await context.limit("create", { context, args, info });
        if (refused) return refused;
        const created = await createSession(context.deps, context.viewer.id, args.input);
        if (isFailure(created)) return created;
        if (args.input.wait === false) return { type: "CreateSessionPayload" as const, ...created };
        const session = await waitForTurn(context.deps, created.session, () => context.signal());
        if (session === null) return { type: "InterviewerUnavailableError" as const };
        return { type: "CreateSessionPayload" as const, ...created, session };
      },
    }),
  );
}

interface Submitted {
  session: Session;
  questionIndex: number;
}

function addSubmitAnswer(builder: Builder): void {
  const Payload = builder.objectRef<Submitted>("SubmitAnswerPayload").implement({
    description: "The interview after an answer.",
    fields: (t) => ({
      session: t.expose("session", { type: "InterviewSession", description: "The session as it is now." }),
      question: t.field({
        type: "Question",
        description: "The question that was answered.",
        resolve: ({ session, questionIndex }) => ({ session, question: session.questions[questionIndex]! }),
      }),
      hasNextQuestion: t.boolean({
        description: "False exactly when the interview is now complete.",
        resolve: ({ session }) => session.completedAt === null,
      }),
      nextQuestion: t.field({
        type: "Question",
        nullable: true,
        description:
          "The question that waits now; null when the interview is complete (`hasNextQuestion` is false) or the question is " +
          "still being written (`session.turn` is INTERVIEWER): then it arrives as an event.",
        resolve: ({ session }) => {
          const question = currentQuestion(session);
          return question && { session, question };
        },
      }),
      currentIndex: t.int({
        description: "Index of the question that waits; the number of asked questions when none does.",
        resolve: ({ session }) => currentQuestion(session)?.index ?? session.questions.length,
      }),
      totalQuestions: t.int({
        description: "Main questions asked for, plus follow-ups asked so far.",
        resolve: ({ session }) => totalQuestions(session),
      }),
    }),
  });
  const Input = builder.inputType("SubmitAnswerInput", {
    description: "An answer to the question that waits.",
    fields: (t) => ({
      sessionId: t.id({ required: true, description: "Global id of the session." }),
      questionIndex: t.int({ required: true, description: "Index of the question that is answered, from 0." }),
      answer: t.string({ required: true, description: "The answer: at most 20,000 characters." }),
      wait: t.boolean({
        defaultValue: true,
        description:
          "When a next question is still being written, answer once it is ready, or with `nextQuestion` null when the " +
          "server's WAIT_LIMIT (by default 25 s) has passed. false: answer at once, likewise.",
      }),
    }),
  });
  builder.mutationField("submitAnswer", (t) =>
    t.field({
      type: resultUnion(builder, "submitAnswer", Payload, [
        "ValidationError",
        "RateLimitedError",
        "SessionNotFoundError",
        "QuestionIndexMismatchError",
        "InterviewAlreadyCompletedError",
      ]),
      description:
        "Stores an answer and moves on. The same text for the same index again succeeds and changes nothing. " +
        "The last answer completes the interview. Counts against the submit rate limit.",
      complexity: 10,
      args: { input: t.arg({ type: Input, required: true, description: "The answer." }) },
      resolve: async (_, args, context, info) => {
        requireWriter(context);
        const refused = await context.limit("submit", { context, args, info });
        if (refused) return refused;
        const faults = checkAnswer(args.input);
        if (faults.length > 0) return invalid(faults);
        const id = await changeableSessionId(context, args.input.sessionId);
        if (id === null) return notFound;
        const submitted = await answering.submitAnswer(context.deps, id, args.input);
        if (isFailure(submitted)) return submitted;
        const latest =
          args.input.wait === false ? submitted : await waitForTurn(context.deps, submitted, () => context.signal());
        if (latest === null) return notFound;
        return { type: "SubmitAnswerPayload" as const, session: latest, questionIndex: args.input.questionIndex };
      },
    }),
  );
}

function addSaveDraft(builder: Builder): void {
  const Payload = builder.objectRef<Submitted>("SaveDraftPayload").implement({
    description: "The interview with the draft.",
    fields: (t) => ({
      session: t.expose("session", { type: "InterviewSession", description: "The session as it is now." }),
      question: t.field({
        type: "Question",
        description: "The question with its draft.",
        resolve: ({ session, questionIndex }) => ({ session, question: session.questions[questionIndex]! }),
      }),
    }),
  });
  const Input = builder.inputType("SaveDraftInput", {
    description: "An unfinished answer to the question that waits.",
    fields: (t) => ({
      sessionId: t.id({ required: true, description: "Global id of the session." }),
      questionIndex: t.int({ required: true, description: "Index of the question, from 0." }),
      answer: t.string({
        required: true,
        description: "The draft: at most 20,000 characters, kept exactly as typed; empty clears it.",
      }),
    }),
  });
  builder.mutationField("saveDraft", (t) =>
    t.field({
      type: resultUnion(builder, "saveDraft", Payload, [
        "ValidationError",
        "SessionNotFoundError",
        "QuestionIndexMismatchError",
        "InterviewAlreadyCompletedError",
      ]),
      description: "Stores an unfinished answer without moving on. It survives a reload and a restart.",
      complexity: 10,
      args: { input: t.arg({ type: Input, required: true, description: "The draft." }) },
      resolve: async (_, { input }, context) => {
        requireWriter(context);
        const faults = checkDraft(input);
        if (faults.length > 0) return invalid(faults);
        const id = await changeableSessionId(context, input.sessionId);
        if (id === null) return notFound;
        const saved = await answering.saveDraft(context.deps, id, input);
        if (isFailure(saved)) return saved;
        return { type: "SaveDraftPayload" as const, session: saved, questionIndex: input.questionIndex };
      },
    }),
  );
}

function addCompleteInterview(builder: Builder): void {
  const Payload = sessionPayload(builder, "CompleteInterviewPayload", "The completed interview.");
  const Input = sessionInput(builder, "CompleteInterviewInput", "The interview to complete.");
  builder.mutationField("completeInterview", (t) =>
    t.field({
      type: resultUnion(builder, "completeInterview", Payload, [
        "SessionNotFoundError",
        "InterviewAlreadyCompletedError",
      ]),
      description:
        "Ends an interview early and starts its evaluation: unanswered questions score 0, questions not reached stay hidden.",
      complexity: 10,
      args: { input: t.arg({ type: Input, required: true, description: "The interview." }) },
      resolve: async (_, { input }, context) => {
        const session = await changeableSession(context, input.sessionId);
        if (session === null) return notFound;
        const completed = await answering.completeInterview(context.deps, session.id);
        return isFailure(completed) ? completed : { type: "CompleteInterviewPayload" as const, session: completed };
      },
    }),
  );
}

function addRetryEvaluation(builder: Builder): void {
  const Payload = sessionPayload(builder, "RetryEvaluationPayload", "The interview whose evaluation continues.");
  const Input = sessionInput(builder, "RetryEvaluationInput", "The interview to evaluate.");
  builder.mutationField("retryEvaluation", (t) =>
    t.field({
      type: resultUnion(builder, "retryEvaluation", Payload, [
        "SessionNotFoundError",
        "InterviewNotCompletedError",
        "RateLimitedError",
      ]),
      description:
        "After a failure the evaluation continues from what is done. After a report the answers are scored again for a " +
        "new version; meanwhile `status` stays EVALUATED and `report` the newest finished one. While an evaluation is " +
        "running it succeeds and changes nothing. Counts against the create rate limit.",
      complexity: 10,
      args: { input: t.arg({ type: Input, required: true, description: "The interview." }) },
      resolve: async (_, args, context, info) => {
        requireWriter(context);
        const refused = await context.limit("create", { context, args, info });
        if (refused) return refused;
        const session = await changeableSession(context, args.input.sessionId);
        if (session === null) return notFound;
        const retried = await answering.retryEvaluation(context.deps, session.id);
        return isFailure(retried) ? retried : { type: "RetryEvaluationPayload" as const, session: retried };
      },
    }),
  );
}

function addDeleteSession(builder: Builder): void {
  const Payload = builder.objectRef<{ deletedSessionId: string }>("DeleteSessionPayload").implement({
    description: "The session that was deleted.",
    fields: (t) => ({
      deletedSessionId: t.exposeID("deletedSessionId", { description: "Global id of the deleted session." }),
    }),
  });
  const Input = sessionInput(builder, "DeleteSessionInput", "The session to delete.");
  builder.mutationField("deleteSession", (t) =>
    t.field({
      type: resultUnion(builder, "deleteSession", Payload, ["SessionNotFoundError"]),
      description:
        "Deletes a session with its questions, answers, reports and events. Subscribers get SessionDeleted and their streams end.",
      complexity: 10,
      args: { input: t.arg({ type: Input, required: true, description: "The session." }) },
      resolve: async (_, { input }, context) => {
        const session = await changeableSession(context, input.sessionId);
        if (session === null) return notFound;
        const deleted = await deleteSession(context.deps, session);
        if (isFailure(deleted)) return deleted;
        return { type: "DeleteSessionPayload" as const, deletedSessionId: globalId("InterviewSession", session.id) };
      },
    }),
  );
}

function sessionPayload(builder: Builder, name: string, description: string) {
  return builder.objectRef<{ session: Session }>(name).implement({
    description,
    fields: (t) => ({
      session: t.expose("session", { type: "InterviewSession", description: "The session as it is now." }),
    }),
  });
}

function sessionInput(builder: Builder, name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({ sessionId: t.id({ required: true, description: "Global id of the session." }) }),
  });
}
