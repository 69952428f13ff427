/**
 * The same API as anybody would put it up: Yoga, graphql-ws and ws with nothing configured (`stock`), or all of it written
 * by hand in an afternoon (`naive`). `node test/attacks/stock.ts stock` prints its address.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { resolve } from "node:path";
import type { GraphQLSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { createSchema, createYoga } from "graphql-yoga";
import { WebSocketServer } from "ws";
import { naiveServer } from "./naive.ts";

const globalId = (type: string, n: number): string => btoa(`${type}:00000000-0000-4000-8000-00000000000${n}`);
export const stockIds = {
  session: globalId("InterviewSession", 1),
  open: globalId("InterviewSession", 2),
  question: globalId("Question", 3),
  report: globalId("Report", 4),
  resume: globalId("Resume", 5),
  answerIndex: 0,
};

if (import.meta.main) {
  const schema = schemaOf();
  const isNaive = process.argv[2] === "naive";
  const server = isNaive ? naiveServer(schema) : createServer(createYoga({ schema, logging: false }));
  if (!isNaive) useServer({ schema }, new WebSocketServer({ server: server as Server, path: "/graphql" }));
  process.on("uncaughtException", () => {});
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    console.log(`ready at http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  });
}

function schemaOf(): GraphQLSchema {
  const now = "2026-01-01T00:00:00.000Z";
  const resume = { __typename: "Resume", id: stockIds.resume, resumeId: "cv", text: "Java engineer", createdAt: now };
  const score = {
    score: 80,
    accuracy: 30,
    completeness: 25,
    clarity: 25,
    feedback: "Fine",
    keyPoints: ["a"],
    referenceAnswer: "b",
    evidence: ["c"],
  };
  const question: any = {
    __typename: "Question",
    id: stockIds.question,
    index: 0,
    text: "Why?",
    type: "GENERAL",
    category: "General",
    isFollowUp: false,
    source: "BANK",
    askedAt: now,
  };
  const answer = { text: "Because", isDraft: false, submittedAt: now, updatedAt: now, evaluation: score };
  question.answer = answer;
  const session: any = {
    __typename: "InterviewSession",
    id: stockIds.session,
    status: "EVALUATED",
    turn: "NOBODY",
    mode: "PLANNED",
    locale: "EN",
    cursor: "9",
    ownerId: "ada",
    totalQuestions: 1,
    currentQuestionIndex: 0,
    createdAt: now,
    resume,
    questions: [question],
    messages: [
      { id: "1", role: "USER", content: "Because", questionIndex: 0, timestamp: now, sessionId: stockIds.session },
    ],
    usage: { calls: 0, inputTokens: 0, outputTokens: 0, durationMs: 0, longestMs: 0 },
    progress: { total: 1, asked: 1, answered: 1, isStarted: true, isComplete: true },
  };
  session.report = {
    __typename: "Report",
    id: stockIds.report,
    version: 1,
    session,
    overallScore: 80,
    band: "GOOD",
    overallFeedback: "Fine",
    strengths: [],
    improvements: [],
    knowledgeGaps: [],
    answeredCount: 1,
    createdAt: now,
    learningPath: [],
    resumeImprovements: [],
    categoryScores: [],
    questionDetails: [{ question, answer: "Because", answered: true, evaluation: score }],
  };
  const open = { ...session, id: stockIds.open, status: "IN_PROGRESS" };
  const tables: Record<string, any[]> = {
    InterviewSession: [session, open],
    Question: [question],
    Report: [session.report],
    Resume: [resume],
  };
  // What a driver says to what its column cannot hold.
  const uuidOf = (id: string): string => {
    const uuid = Buffer.from(id, "base64").toString().split(":").at(-1) ?? "";
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return uuid;
    throw new Error(`invalid input syntax for type uuid: "${uuid}" in SELECT text FROM session`);
  };
  const row = (table: string, id: string): any => {
    const uuid = uuidOf(id);
    return tables[table]!.find((one) => uuidOf(one.id) === uuid) ?? null;
  };
  // The id says from which table, and is believed.
  const node = (id: string): any => row(Buffer.from(id, "base64").toString().split(":")[0]!, id);
  const page = (table: string) => (_: unknown, args: { first?: number; after?: string; before?: string }) => {
    const cursor = args.after ?? args.before;
    // The row that a cursor names is taken to be there.
    const since = cursor === undefined ? now : row(table, cursor).createdAt;
    const found = tables[table]!.filter((one) => one.createdAt >= since);
    const shown =
      args.first === undefined ? found : Array.from({ length: Math.min(Math.max(args.first, 0), 500) }, () => found[0]);
    return {
      totalCount: found.length,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      edges: shown.map((one) => ({ node: one, cursor: one.id })),
    };
  };
  const payload =
    (type: string) =>
    (_: unknown, { input }: any) => {
      const found = row("InterviewSession", input.sessionId);
      return found
        ? {
            __typename: type,
            session: found,
            question,
            hasNextQuestion: false,
            currentIndex: 0,
            totalQuestions: 1,
            deletedSessionId: found.id,
          }
        : { __typename: "SessionNotFoundError", code: "INTERVIEW_SESSION_NOT_FOUND", message: "No" };
    };
  async function* events() {
    yield { __typename: "DraftSaved", cursor: "1", session, sessionId: session.id, occurredAt: now, question };
    await new Promise(() => {});
  }
  // It hands out the address that it was called by.
  const address =
    (file: string) =>
    (_: unknown, __: unknown, { request }: { request?: { headers: Headers } }) => {
      const host = request?.headers.get("x-forwarded-host") ?? request?.headers.get("host") ?? "127.0.0.1";
      return `http://${host}/reports/${file}?expires=1&signature=x`;
    };
  const typed = { __resolveType: (value: any) => value.__typename };
  const viewer = { id: "ada", role: "ADMIN", trends: { scores: [], categories: [] } };
  return createSchema({
    typeDefs: readFileSync(resolve(import.meta.dirname, "../../schema.graphql"), "utf8"),
    resolvers: {
      Query: {
        viewer: () => viewer,
        session: (_: unknown, { id }: any) => row("InterviewSession", id),
        node: (_: unknown, { id }: any) => node(id),
        nodes: (_: unknown, { ids }: any) => ids.map(node),
        unfinishedSession: (_: unknown, { resumeId }: any) => row("InterviewSession", resumeId),
        exportMyData: () => ({ sessions: [] }),
      },
      Viewer: {
        sessions: page("InterviewSession"),
        resumes: page("Resume"),
        trends: (_: unknown, { resumeId }: any) => {
          if (resumeId) row("Resume", resumeId);
          return viewer.trends;
        },
      },
      Report: { pdfUrl: address("1.pdf"), markdownUrl: address("1.md") },
      Mutation: {
        createSession: () => ({ __typename: "CreateSessionPayload", session, reusedExisting: false }),
        submitAnswer: payload("SubmitAnswerPayload"),
        saveDraft: payload("SaveDraftPayload"),
        completeInterview: payload("CompleteInterviewPayload"),
        retryEvaluation: payload("RetryEvaluationPayload"),
        deleteSession: payload("DeleteSessionPayload"),
        deleteMyData: () => ({ deletedSessions: 0 }),
      },
      Subscription: {
        sessionEvents: { subscribe: events, resolve: (event: unknown) => event },
        viewerEvents: { subscribe: events, resolve: (event: unknown) => event },
      },
      ...Object.fromEntries(
        [
          "Node",
          "Error",
          "SessionEvent",
          "CreateSessionResult",
          "SubmitAnswerResult",
          "SaveDraftResult",
          "CompleteInterviewResult",
          "RetryEvaluationResult",
          "DeleteSessionResult",
        ].map((name) => [name, typed]),
      ),
    },
  });
}
