/**
 * The same API as anybody would put it up: Yoga, graphql-ws and ws with nothing configured (`stock`), or handlers written
 * in an afternoon that trust everybody (`naive`). `node test/attacks/stock.ts stock` prints its address.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { resolve } from "node:path";
import { execute, type GraphQLSchema, parse } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { createSchema, createYoga } from "graphql-yoga";
import { WebSocketServer } from "ws";

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
  const naive = process.argv[2] === "naive";
  const schema = schemaOf();
  const server = naive ? naiveServer(schema) : createServer(createYoga({ schema, logging: false }));
  if (naive) {
    const sockets = new WebSocketServer({ server, maxPayload: 0, perMessageDeflate: true, skipUTF8Validation: true });
    sockets.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.on("message", (data) => {
        const message = json(String(data));
        if (message?.type !== "subscribe") return socket.send('{"type":"connection_ack"}');
        run(schema, message.payload).then((payload) =>
          socket.send(JSON.stringify({ id: message.id, type: "next", payload })),
        );
      });
    });
  } else useServer({ schema }, new WebSocketServer({ server, path: "/graphql" }));
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
    usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
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
    pdfUrl: "http://127.0.0.1/reports/1.pdf?expires=1&signature=x",
    markdownUrl: "http://127.0.0.1/reports/1.md?expires=1&signature=x",
  };
  const open = { ...session, id: stockIds.open, status: "IN_PROGRESS" };
  const all: any[] = [session, open, question, session.report, resume];
  const find = (id: string): any => {
    // What a driver says to what its column cannot hold.
    const uuid = Buffer.from(id, "base64").toString().split(":").at(-1) ?? "";
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
      throw new Error(`invalid input syntax for type uuid: "${uuid}" in SELECT text FROM session`);
    }
    return all.find((node) => node.id === id) ?? null;
  };
  const page = (nodes: any[]) => (_: unknown, args: { first?: number; after?: string; before?: string }) => {
    if (args.after ?? args.before) find((args.after ?? args.before)!);
    const shown =
      args.first === undefined ? nodes : Array.from({ length: Math.min(Math.max(args.first, 0), 500) }, () => nodes[0]);
    return {
      totalCount: nodes.length,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      edges: shown.map((node) => ({ node, cursor: node.id })),
    };
  };
  const payload =
    (type: string) =>
    (_: unknown, { input }: any) => {
      const found = find(input.sessionId);
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
  const typed = { __resolveType: (value: any) => value.__typename };
  const viewer = { id: "ada", role: "ADMIN", trends: { scores: [], categories: [] } };
  return createSchema({
    typeDefs: readFileSync(resolve(import.meta.dirname, "../../schema.graphql"), "utf8"),
    resolvers: {
      Query: {
        viewer: () => viewer,
        session: (_: unknown, { id }: any) => find(id),
        node: (_: unknown, { id }: any) => find(id),
        nodes: (_: unknown, { ids }: any) => ids.map(find),
        unfinishedSession: (_: unknown, { resumeId }: any) => find(resumeId),
        exportMyData: () => ({ sessions: [] }),
      },
      Viewer: {
        sessions: page([session]),
        resumes: page([resume]),
        trends: (_: unknown, { resumeId }: any) => {
          if (resumeId) find(resumeId);
          return viewer.trends;
        },
      },
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

/** No validation, no method, no type of content, no limit, no mask: parse, execute, print. */
function naiveServer(schema: GraphQLSchema) {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? "/", "http://x");
    const text = Buffer.concat(chunks).toString();
    const given = json(text) ?? Object.fromEntries(new URLSearchParams(text || url.search));
    const params = typeof given?.query === "string" ? given : { query: text || "{ viewer { id } }" };
    const result = await (Array.isArray(given)
      ? Promise.all(given.map((one) => run(schema, one)))
      : run(schema, params));
    response.writeHead(200, {
      server: "naive",
      "content-type": "application/json",
      "access-control-allow-origin": request.headers.origin ?? "*",
    });
    response.end(
      `<html> root: ${JSON.stringify(result)}`.slice(request.method === "POST" ? "<html> root: ".length : 0),
    );
  };
  const server = createServer(
    {
      insecureHTTPParser: true,
      maxHeaderSize: 10 << 20,
      headersTimeout: 0,
      requestTimeout: 0,
      requireHostHeader: false,
    },
    (request, response) => {
      handle(request, response).catch((error) => {
        response.writeHead(500);
        response.end(JSON.stringify({ errors: [{ message: error.stack }] }));
      });
    },
  );
  return server;
}

async function run(schema: GraphQLSchema, { query, variables, operationName }: any): Promise<unknown> {
  try {
    const result: any = await execute({ schema, document: parse(query), variableValues: variables, operationName });
    return {
      data: result.data,
      errors: result.errors?.map((error: any) => ({
        message: `${error.message}; did you mean something else? ${error.originalError?.stack ?? ""}`,
      })),
    };
  } catch (error) {
    return { data: null, errors: [{ message: (error as Error).stack }] };
  }
}

function json(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
