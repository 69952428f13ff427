import SchemaBuilder from "@pothos/core";
import ComplexityPlugin from "@pothos/plugin-complexity";
import PrismaPlugin from "@pothos/plugin-prisma";
import RelayPlugin from "@pothos/plugin-relay";
import { DateTimeResolver, JSONResolver, URLResolver } from "graphql-scalars";
import { getDatamodel, type default as PrismaTypes } from "../generated/pothos-types.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";
import type { Failure, Fault } from "../interview/failures.ts";
import type { AnswerScore, CategoryScore, Evaluation, LearningStep, ModelUsage, Trends } from "../interview/model.ts";
import type { Cipher } from "../ports/cipher.ts";
import type { Context, Viewer } from "./context.ts";
import { exceedsLimit } from "./errors.ts";
import type { Message, Progress } from "./session/conversation.ts";
import type { AnswerOf, EventOf, QuestionDetailOf, QuestionOf, ReportOf, SessionOf } from "./session/shapes.ts";
import { type UploadedFile, uploadScalar } from "./upload.ts";

/** The plain data behind each GraphQL type. */
interface Objects {
  Viewer: Viewer;
  InterviewSession: SessionOf;
  Question: QuestionOf;
  Answer: AnswerOf;
  AnswerEvaluation: AnswerScore;
  Message: Message;
  Progress: Progress;
  Evaluation: Evaluation;
  ModelUsage: ModelUsage;
  Report: ReportOf;
  LearningStep: LearningStep;
  CategoryScore: CategoryScore;
  QuestionDetail: QuestionDetailOf;
  Trends: Trends;
  TrendPoint: Trends["scores"][number];
  CategoryTrend: Trends["categories"][number];
  FieldError: Fault;
  ValidationError: FailureOf<"ValidationError">;
  RateLimitedError: FailureOf<"RateLimitedError">;
  IdempotencyConflictError: FailureOf<"IdempotencyConflictError">;
  InterviewerUnavailableError: FailureOf<"InterviewerUnavailableError">;
  SessionNotFoundError: FailureOf<"SessionNotFoundError">;
  ResumeNotFoundError: FailureOf<"ResumeNotFoundError">;
  QuestionIndexMismatchError: FailureOf<"QuestionIndexMismatchError">;
  InterviewAlreadyCompletedError: FailureOf<"InterviewAlreadyCompletedError">;
  InterviewNotCompletedError: FailureOf<"InterviewNotCompletedError">;
  SessionCreated: EventOf<"SessionCreated">;
  QuestionAsked: EventOf<"QuestionAsked">;
  QuestionDelta: EventOf<"QuestionDelta">;
  DraftSaved: EventOf<"DraftSaved">;
  AnswerSubmitted: EventOf<"AnswerSubmitted">;
  InterviewCompleted: EventOf<"InterviewCompleted">;
  EvaluationProgressed: EventOf<"EvaluationProgressed">;
  AnswerEvaluated: EventOf<"AnswerEvaluated">;
  ReportReady: EventOf<"ReportReady">;
  EvaluationFailed: EventOf<"EvaluationFailed">;
  SessionDeleted: EventOf<"SessionDeleted">;
}
export type FailureOf<T extends Failure["type"]> = Extract<Failure, { type: T }>;

export interface SchemaParts {
  prisma: PrismaClient;
  cipher: Cipher;
  limits: { depth: number; breadth: number; complexity: number };
}

export type Builder = ReturnType<typeof createBuilder>;

export function createBuilder({ prisma, limits }: SchemaParts) {
  const builder = new SchemaBuilder<{
    Context: Context;
    DefaultFieldNullability: false;
    PrismaTypes: PrismaTypes;
    Objects: Objects;
    Interfaces: { Error: Failure; SessionEvent: EventOf };
    Scalars: {
      ID: { Input: string; Output: string };
      DateTime: { Input: Date; Output: Date };
      URL: { Input: URL; Output: URL | string };
      JSON: { Input: unknown; Output: object };
      Upload: { Input: UploadedFile; Output: never };
    };
    Connection: { totalCount: number | (() => number | Promise<number>) };
    DefaultEdgesNullability: { list: false; items: true };
    DefaultNodeNullability: false;
  }>({
    plugins: [RelayPlugin, PrismaPlugin, ComplexityPlugin],
    defaultFieldNullability: false,
    relay: {
      clientMutationId: "omit",
      cursorType: "String",
      edgesFieldOptions: { nullable: { list: false, items: true } },
      nodeFieldOptions: { nullable: false },
      nodeQueryOptions: false,
      nodesQueryOptions: false,
      nodeTypeOptions: { description: "An object that can be fetched again by its id alone." },
      pageInfoTypeOptions: { description: "The position of a page within its list." },
    },
    prisma: { client: prisma, dmmf: getDatamodel(), exposeDescriptions: false, filterConnectionTotalCount: true },
    complexity: {
      defaultComplexity: 1,
      defaultListMultiplier: 5,
      limit: ({ isAffordable }) => (isAffordable ? {} : limits),
      complexityError: exceedsLimit,
    },
  });
  builder.addScalarType("DateTime", DateTimeResolver, {
    description: "A moment in time, ISO 8601 in UTC with milliseconds: 2026-03-03T10:35:00.000Z.",
  });
  builder.addScalarType("JSON", JSONResolver, { description: "Any JSON value." });
  builder.addScalarType("Upload", uploadScalar);
  builder.addScalarType("URL", URLResolver, { description: "An absolute URL." });
  builder.globalConnectionField("totalCount", (t) =>
    t.int({
      description: "Number of entries on all pages.",
      resolve: ({ totalCount }) => (typeof totalCount === "function" ? totalCount() : totalCount),
    }),
  );
  return builder;
}
