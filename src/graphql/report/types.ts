import { globalId } from "../../interview/globalId.ts";
import type { Builder } from "../builder.ts";
import type { Enums } from "../enums.ts";

export function addReportTypes(builder: Builder, enums: Enums): void {
  builder.objectType("Report", {
    description: "The result of an interview. Immutable; a re-evaluation creates a new version.",
    interfaces: [builder.nodeInterfaceRef()],
    fields: (t) => ({
      id: t.id({ description: "Global id.", resolve: ({ report }) => globalId("Report", report.id) }),
      session: t.field({
        type: "InterviewSession",
        description: "The interview that it is about.",
        resolve: ({ session }) => session,
      }),
      version: t.int({
        description: "Which report of its session, from 1: each evaluation that succeeds makes the next one.",
        resolve: ({ report }) => report.version,
      }),
      overallScore: t.int({
        description:
          "0-100: sum of the scores / session.totalQuestions, rounded half up. What was not answered, or never " +
          "reached, counts 0.",
        resolve: ({ report }) => report.overallScore,
      }),
      band: t.field({
        type: enums.ScoreBand,
        description: "The overall score as a grade.",
        resolve: ({ report }) => report.band,
      }),
      overallFeedback: t.string({
        description: "Performance, technical depth and readiness for the role.",
        resolve: ({ report }) => report.overallFeedback,
      }),
      strengths: t.stringList({
        description: "What the candidate did well, at most 8 points.",
        resolve: ({ report }) => report.strengths,
      }),
      improvements: t.stringList({
        description: "What to improve, the most important first, at most 8 points.",
        resolve: ({ report }) => report.improvements,
      }),
      knowledgeGaps: t.stringList({
        description: "Topics where knowledge was missing.",
        resolve: ({ report }) => report.knowledgeGaps,
      }),
      learningPath: t.field({
        type: ["LearningStep"],
        description: "What to learn, in order.",
        resolve: ({ report }) => report.learningPath,
      }),
      resumeImprovements: t.stringList({
        description: "How the résumé could fit the job better; empty unless a job description was given.",
        resolve: ({ report }) => report.resumeImprovements,
      }),
      categoryScores: t.field({
        type: ["CategoryScore"],
        description: "Scores by category; follow-ups count in the category of their main question.",
        resolve: ({ report }) => report.categoryScores,
      }),
      questionDetails: t.field({
        type: ["QuestionDetail"],
        description: "The asked questions, with answers and scores.",
        resolve: ({ session, report }) =>
          report.questions.map((detail) => ({ session, question: session.questions[detail.index]!, detail })),
      }),
      answeredCount: t.int({
        description: "How many questions were answered.",
        resolve: ({ report }) => report.answeredCount,
      }),
      pdfUrl: t.field({
        type: "URL",
        description:
          "Where to download it as PDF: a signed URL that expires within two hours. It is printed right after ReportReady: " +
          "an earlier download waits for at most 2 s and then gets 503 with Retry-After, or 500 if printing failed for good.",
        resolve: ({ report }, _, { reportUrl }) => reportUrl(report.id, "pdf"),
      }),
      markdownUrl: t.field({
        type: "URL",
        description:
          "Where to download it as Markdown: a signed URL that expires within two hours. As with the PDF, 503 with " +
          "Retry-After while it is being written, and 500 if that failed for good.",
        resolve: ({ report }, _, { reportUrl }) => reportUrl(report.id, "md"),
      }),
      createdAt: t.field({
        type: "DateTime",
        description: "When it was finished.",
        resolve: ({ report }) => report.createdAt,
      }),
    }),
  });

  builder.objectType("LearningStep", {
    description: "Something to learn.",
    fields: (t) => ({
      topic: t.exposeString("topic", { description: "The subject to learn." }),
      advice: t.exposeString("advice", { description: "What to read, do or practise for it." }),
    }),
  });
  builder.objectType("CategoryScore", {
    description: "The score of one category.",
    fields: (t) => ({
      category: t.exposeString("category", { description: "The category's label." }),
      score: t.exposeInt("score", { description: "0-100: mean over its asked questions, rounded half up." }),
      questionCount: t.exposeInt("questionCount", {
        description: "How many of the asked questions are of this category.",
      }),
    }),
  });
  builder.objectType("QuestionDetail", {
    description: "One asked question in a report.",
    fields: (t) => ({
      question: t.field({
        type: "Question",
        description: "The question.",
        resolve: ({ session, question }) => ({ session, question }),
      }),
      answered: t.boolean({
        description: "Whether an answer was submitted.",
        resolve: ({ detail }) => detail.answered,
      }),
      answer: t.string({
        nullable: true,
        description: "The submitted answer; null when none was, also where a draft was left.",
        resolve: ({ detail }) => detail.answer,
      }),
      evaluation: t.field({
        type: "AnswerEvaluation",
        description: "How the answer was graded; all zeros when there was none.",
        resolve: ({ detail }) => detail.score,
      }),
    }),
  });

  builder.objectType("Trends", {
    description: "Scores over time: evaluated sessions only, each with its newest report.",
    fields: (t) => ({
      scores: t.expose("scores", { type: ["TrendPoint"], description: "One for each session, oldest first." }),
      categories: t.expose("categories", {
        type: ["CategoryTrend"],
        description: "The scores of each category over the sessions.",
      }),
    }),
  });
  builder.objectType("TrendPoint", {
    description: "The score of one session.",
    fields: (t) => ({
      sessionId: t.id({
        description: "Global id of the session.",
        resolve: ({ sessionId }) => globalId("InterviewSession", sessionId),
      }),
      evaluatedAt: t.expose("evaluatedAt", { type: "DateTime", description: "When it was evaluated." }),
      overallScore: t.exposeInt("overallScore", { description: "0-100." }),
    }),
  });
  builder.objectType("CategoryTrend", {
    description: "The scores of one category over the sessions.",
    fields: (t) => ({
      category: t.exposeString("category", {
        description: "The category's label, in the language of the newest session.",
      }),
      averageScore: t.exposeInt("averageScore", { description: "0-100, over its questions, rounded half up." }),
      firstScore: t.exposeInt("firstScore", { description: "Score in the oldest session with this category." }),
      lastScore: t.exposeInt("lastScore", { description: "Score in the newest session with this category." }),
      questionCount: t.exposeInt("questionCount", {
        description: "How many questions of this category there were in all of the sessions.",
      }),
    }),
  });
}
