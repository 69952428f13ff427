import type { PrismaClient } from "../../generated/prisma/client.ts";
import { currentQuestion, isAnswered, totalQuestions } from "../../interview/conversation.ts";
import { globalId } from "../../interview/globalId.ts";
import type { AnswerScore } from "../../interview/model.ts";
import { total } from "../../interview/scores.ts";
import type { Builder } from "../builder.ts";
import type { Context } from "../context.ts";
import type { Enums } from "../enums.ts";
import { lasting } from "../lasting.ts";
import { reportOf } from "../report/reportOf.ts";
import { messagesOf, progressOf } from "./conversation.ts";
import type { AnswerOf } from "./shapes.ts";

export function addSessionTypes(builder: Builder, enums: Enums, prisma: PrismaClient): void {
  const node = builder.nodeInterfaceRef();

  builder.objectType("InterviewSession", {
    description: "One mock interview: its questions and answers, its evaluation and its report.",
    interfaces: [node],
    fields: (t) => ({
      id: t.id({
        description: "Global id.",
        extensions: lasting,
        resolve: ({ id }) => globalId("InterviewSession", id),
      }),
      ownerId: t.exposeID("ownerId", { description: "Id of the viewer that created it." }),
      status: t.expose("status", { type: enums.SessionStatus, description: "The state of the interview." }),
      mode: t.expose("mode", {
        type: enums.InterviewMode,
        description: "Whether its questions are planned up front or each follows from the conversation.",
      }),
      turn: t.expose("turn", {
        type: enums.Turn,
        description: "Who has to act next: the interviewer while a question is being prepared.",
      }),
      resume: t.prismaField({
        type: "Resume",
        description: "The résumé as it was when the session was created.",
        resolve: (query, session) => prisma.resume.findUniqueOrThrow({ ...query, where: { id: session.resume.id } }),
      }),
      resumeId: t.id({
        description: "The caller's key of that résumé: what every `resumeId` argument takes.",
        extensions: lasting,
        resolve: ({ resume }) => resume.key,
      }),
      jobTitle: t.exposeString("jobTitle", { nullable: true, description: "Title of the job applied for." }),
      companyName: t.exposeString("companyName", { nullable: true, description: "Name of the company applied to." }),
      jobDescription: t.exposeString("jobDescription", {
        nullable: true,
        description: "The job description that was given.",
      }),
      locale: t.expose("locale", { type: enums.Locale, description: "The language of questions and report." }),
      totalQuestions: t.int({
        description: "Main questions asked for, plus follow-ups asked so far.",
        extensions: lasting,
        resolve: totalQuestions,
      }),
      currentQuestionIndex: t.int({
        description: "Index of the question that waits for an answer; the number of asked questions when none does.",
        extensions: lasting,
        resolve: (session) => currentQuestion(session)?.index ?? session.questions.length,
      }),
      currentQuestion: t.field({
        type: "Question",
        nullable: true,
        description:
          "The question that waits for an answer; null while one is being prepared and when the interview is over.",
        extensions: lasting,
        resolve: (session) => {
          const question = currentQuestion(session);
          return question && { session, question };
        },
      }),
      questions: t.field({
        type: ["Question"],
        description:
          "The asked questions, in the order asked: `questions[i].index` is `i`, and an index never changes.",
        extensions: lasting,
        resolve: (session) => session.questions.map((question) => ({ session, question })),
      }),
      messages: t.field({
        type: ["Message"],
        description: "Asked questions and submitted answers as one conversation, in order.",
        extensions: lasting,
        resolve: messagesOf,
      }),
      progress: t.field({
        type: "Progress",
        description: "The number of questions asked and answered so far.",
        extensions: lasting,
        resolve: progressOf,
      }),
      evaluation: t.expose("evaluation", {
        type: "Evaluation",
        nullable: true,
        description: "The evaluation; null until the interview is completed.",
      }),
      report: t.field({
        type: "Report",
        nullable: true,
        complexity: 5,
        description: "The newest finished report; null until evaluated. Reading it never generates anything.",
        resolve: (session, _, context) => reportOf(context, session),
      }),
      usage: t.expose("usage", {
        type: "ModelUsage",
        description: "The session's usage of the language model so far; zeros if it was never called.",
      }),
      cursor: t.id({
        description:
          "Number of the newest event, a decimal string: give it as `after` to sessionEvents to go on from this state.",
        extensions: lasting,
        resolve: ({ seq }) => String(seq),
      }),
      createdAt: t.expose("createdAt", { type: "DateTime", description: "When the session was created." }),
      startedAt: t.expose("startedAt", {
        type: "DateTime",
        nullable: true,
        description: "When the first draft or answer was given.",
      }),
      completedAt: t.expose("completedAt", {
        type: "DateTime",
        nullable: true,
        description: "When the conversation ended.",
      }),
      evaluatedAt: t.expose("evaluatedAt", {
        type: "DateTime",
        nullable: true,
        description: "When the first report was finished.",
      }),
    }),
  });

  builder.objectType("Question", {
    description: "A question that was asked.",
    interfaces: [node],
    fields: (t) => ({
      id: t.id({
        description: "Global id.",
        extensions: lasting,
        resolve: ({ question }) => globalId("Question", question.id),
      }),
      index: t.int({
        description: "Its position among the asked questions, from 0.",
        extensions: lasting,
        resolve: ({ question }) => question.index,
      }),
      text: t.string({
        description: "The question itself.",
        extensions: lasting,
        resolve: ({ question }) => question.text,
      }),
      type: t.field({
        type: enums.QuestionType,
        description: "The field of knowledge that it is about.",
        extensions: lasting,
        resolve: ({ question }) => question.type,
      }),
      category: t.string({
        description: "The category's label, in the session's locale. A follow-up has its parent's.",
        extensions: lasting,
        resolve: ({ question }) => question.category,
      }),
      isFollowUp: t.boolean({
        description: "Asked because of the answer to another question.",
        extensions: lasting,
        resolve: ({ question }) => question.isFollowUp,
      }),
      parentQuestionIndex: t.int({
        nullable: true,
        description: "The main question's index, even for a second follow-up; null for a main question.",
        extensions: lasting,
        resolve: ({ question }) => question.parentQuestionIndex,
      }),
      source: t.field({
        type: enums.QuestionSource,
        description: "Who wrote it: the language model or the question bank.",
        extensions: lasting,
        resolve: ({ question }) => question.source,
      }),
      askedAt: t.field({
        type: "DateTime",
        description: "When it was asked.",
        extensions: lasting,
        resolve: ({ question }) => question.askedAt,
      }),
      answer: t.field({
        type: "Answer",
        nullable: true,
        description: "The submitted answer, or the draft while there is none.",
        extensions: lasting,
        resolve: (parent) => (parent.question.answer === null ? null : parent),
      }),
    }),
  });

  builder.objectType("Answer", {
    description: "What the candidate wrote, exactly as typed.",
    fields: (t) => ({
      text: t.string({
        description: "The submitted text, or the draft while there is none.",
        extensions: lasting,
        resolve: ({ question }) => question.answer!.text,
      }),
      isDraft: t.boolean({
        description: "True until the answer is submitted.",
        extensions: lasting,
        resolve: ({ question }) => question.answer!.isDraft,
      }),
      updatedAt: t.field({
        type: "DateTime",
        description: "When it was last changed.",
        extensions: lasting,
        resolve: ({ question }) => question.answer!.updatedAt,
      }),
      submittedAt: t.field({
        type: "DateTime",
        nullable: true,
        description: "When it was submitted; null for a draft.",
        extensions: lasting,
        resolve: ({ question }) => question.answer!.submittedAt,
      }),
      evaluation: t.field({
        type: "AnswerEvaluation",
        nullable: true,
        description:
          "How it was graded; null until the interview is completed and this answer is evaluated. During a " +
          "re-evaluation each answer has its newest score, and the report keeps its own until there is a new version.",
        resolve: visibleScore,
      }),
    }),
  });

  builder.objectType("AnswerEvaluation", {
    description: "How an answer was graded.",
    fields: (t) => ({
      score: t.int({ description: "0-100: accuracy + completeness + clarity.", resolve: total }),
      accuracy: t.exposeInt("accuracy", { description: "0-40: whether what it says is right." }),
      completeness: t.exposeInt("completeness", { description: "0-30: whether it covers the key points." }),
      clarity: t.exposeInt("clarity", { description: "0-30: whether it is well expressed." }),
      feedback: t.exposeString("feedback", { description: "What was good and what was missing." }),
      referenceAnswer: t.exposeString("referenceAnswer", { description: "An example of a good answer." }),
      keyPoints: t.exposeStringList("keyPoints", { description: "The points that a good answer makes." }),
      evidence: t.exposeStringList("evidence", {
        description: "Exact quotes from the answer that support the score.",
      }),
    }),
  });

  builder.objectType("Message", {
    description: "A message in an interview: an asked question or a submitted answer. Drafts are not included.",
    fields: (t) => ({
      id: t.id({
        description: "Unique among messages; not a Node id.",
        extensions: lasting,
        resolve: ({ id }) => Buffer.from(`Message:${id}`).toString("base64"),
      }),
      sessionId: t.id({
        description: "Global id of the session.",
        extensions: lasting,
        resolve: ({ sessionId }) => globalId("InterviewSession", sessionId),
      }),
      role: t.expose("role", { type: enums.MessageRole, description: "The author." }),
      content: t.exposeString("content", { description: "The text." }),
      questionIndex: t.exposeInt("questionIndex", { description: "Index of the question asked or answered." }),
      timestamp: t.expose("timestamp", { type: "DateTime", description: "When it was sent." }),
    }),
  });

  builder.objectType("Progress", {
    description: "The number of questions asked and answered in an interview.",
    fields: (t) => ({
      asked: t.exposeInt("asked", { description: "Questions asked so far, follow-ups included." }),
      answered: t.exposeInt("answered", { description: "Answers submitted so far." }),
      total: t.exposeInt("total", { description: "Main questions asked for, plus follow-ups asked so far." }),
      isStarted: t.exposeBoolean("isStarted", { description: "A first question has been asked." }),
      isComplete: t.exposeBoolean("isComplete", {
        description: "Every question has been answered, or the interview was completed early.",
      }),
    }),
  });

  builder.objectType("Evaluation", {
    description: "The progress of an interview's evaluation.",
    fields: (t) => ({
      status: t.expose("status", {
        type: enums.EvaluationStatus,
        description: "Whether it waits, runs, has succeeded or has failed.",
      }),
      error: t.exposeString("error", {
        nullable: true,
        description: "Why the last attempt failed, for a person to read; null unless `status` is FAILED.",
      }),
      answersEvaluated: t.exposeInt("answersEvaluated", {
        description: "How many of the asked questions are evaluated so far; an unanswered one counts at once.",
      }),
      answersTotal: t.exposeInt("answersTotal", { description: "Number of asked questions." }),
      percent: t.exposeInt("percent", { description: "Progress from 0 to 100, never decreasing within one attempt." }),
      attempt: t.exposeInt("attempt", {
        description: "Number of the attempt, from 1; incremented by each retryEvaluation that starts one.",
      }),
    }),
  });

  builder.objectType("ModelUsage", {
    description: "How much of the language model was used.",
    fields: (t) => ({
      calls: t.exposeInt("calls", { description: "Requests to the language model." }),
      inputTokens: t.exposeInt("inputTokens", { description: "Tokens sent, as the provider counts them." }),
      outputTokens: t.exposeInt("outputTokens", { description: "Tokens received, as the provider counts them." }),
      durationMs: t.exposeInt("durationMs", {
        description: "Sum of the durations of all requests in milliseconds, also of those made at the same time.",
      }),
      longestMs: t.exposeInt("longestMs", { description: "Duration of the longest request in milliseconds." }),
    }),
  });
}

/** Scores from a running interview stay hidden until its end; during a re-evaluation the old score is shown. */
export async function visibleScore(
  { session, question }: AnswerOf,
  _: unknown,
  context: Context,
): Promise<AnswerScore | null> {
  if (session.completedAt === null || !isAnswered(question)) return null;
  if (question.scoring?.state === "SCORED") return question.scoring.score;
  const found = await reportOf(context, session);
  return found?.report.questions.find(({ questionId }) => questionId === question.id)?.score ?? null;
}
