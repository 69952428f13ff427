import type { EnumRef } from "@pothos/core";
import type { QuestionType } from "../interview/model.ts";
import type { Builder } from "./builder.ts";

const questionTypes: Record<QuestionType, string> = {
  PROJECT: "The candidate's own projects: what was built, why, and with what result.",
  JAVA_BASIC: "The Java language and its core library.",
  JAVA_COLLECTION: "Java's collections: how they work and when to use which.",
  JAVA_CONCURRENT: "Threads, locks and concurrent data structures in Java.",
  MYSQL: "MySQL: indexes, transactions, locks, tuning.",
  REDIS: "Redis: data types, caching, persistence, high availability.",
  SPRING: "The Spring framework.",
  SPRING_BOOT: "Spring Boot.",
  FRONTEND: "Browsers, JavaScript and TypeScript, frameworks, user interfaces.",
  BACKEND: "Servers, APIs and services in any language.",
  DATABASE: "Databases in general: modelling, SQL, transactions, storage.",
  DISTRIBUTED_SYSTEMS: "Consistency, messaging, partitions and failures across machines.",
  SYSTEM_DESIGN: "Designing a whole system from requirements.",
  ALGORITHMS: "Algorithms and data structures.",
  NETWORKING: "TCP/IP, HTTP, TLS, DNS and what is built on them.",
  OPERATING_SYSTEMS: "Processes, memory, files and the kernel.",
  DEVOPS: "Building, shipping and running software.",
  TESTING: "Testing and quality.",
  MACHINE_LEARNING: "Machine learning and data work.",
  BEHAVIORAL: "How the candidate works with people and handles situations.",
  GENERAL: "Anything else.",
};

/** The enums of the public schema. */
export function addEnums(builder: Builder) {
  const define = <const T extends Record<string, string>>(name: string, description: string, values: T) =>
    builder.enumType(name, {
      description,
      values: Object.fromEntries(Object.entries(values).map(([value, meaning]) => [value, { description: meaning }])),
    }) as unknown as EnumRef<SchemaTypes, keyof T & string>;
  type SchemaTypes = Builder["$inferSchemaTypes"];

  return {
    ViewerRole: define("ViewerRole", "What a viewer may do.", {
      CANDIDATE: "Sees and changes their own sessions and résumés.",
      REVIEWER: "Sees everybody's sessions and changes none, but may delete their own data with deleteMyData.",
      ADMIN: "Sees and changes everybody's sessions.",
    }),
    SessionStatus: define("SessionStatus", "The state of an interview. No transition leads back.", {
      CREATED: "Created; no draft or answer yet.",
      IN_PROGRESS: "A first draft or answer was given.",
      COMPLETED: "The conversation is over; the evaluation runs, or has failed.",
      EVALUATED: "The report is ready.",
    }),
    SessionOrder: define("SessionOrder", "The order in which sessions are listed.", {
      NEWEST_FIRST: "By creation, newest first.",
      OLDEST_FIRST: "By creation, oldest first.",
      HIGHEST_SCORE_FIRST: "By overall score, highest first; sessions without a score last.",
      LOWEST_SCORE_FIRST: "By overall score, lowest first; sessions without a score last.",
    }),
    InterviewMode: define("InterviewMode", "How the questions of an interview are chosen.", {
      PLANNED: "Main questions are drawn from the résumé up front, follow-ups from each answer.",
      ADAPTIVE: "Each next question is drawn from the whole conversation, the résumé and the job description.",
    }),
    Turn: define("Turn", "Who acts next in an interview.", {
      INTERVIEWER: "A question is being prepared.",
      CANDIDATE: "A question is waiting for its answer.",
      NOBODY: "The conversation is over.",
    }),
    Locale: define("Locale", "The language in which an interview is held.", { EN: "English.", ZH: "Chinese." }),
    QuestionType: define("QuestionType", "What a question is about.", questionTypes),
    QuestionSource: define("QuestionSource", "Where a question comes from.", {
      MODEL: "Written for this candidate by the language model.",
      BANK: "From the built-in question bank.",
      FALLBACK:
        "Drawn from the question bank, or made of a point that an answer left out, because the language model failed.",
    }),
    MessageRole: define("MessageRole", "The author of a message.", {
      ASSISTANT: "The interviewer.",
      USER: "The candidate.",
    }),
    EvaluationStatus: define("EvaluationStatus", "The state of an evaluation.", {
      PENDING: "Queued, not begun.",
      PROCESSING: "Answers are being scored, or the summary is being written.",
      COMPLETED: "The report is ready.",
      FAILED: "It ended without a report; `error` says why. It can be tried again.",
    }),
    ScoreBand: define("ScoreBand", "A score as a grade.", {
      EXCELLENT: "90 to 100: deep knowledge.",
      GOOD: "75 to 89: solid, with room to grow.",
      ADEQUATE: "60 to 74: the basics are there.",
      NEEDS_IMPROVEMENT: "Below 60: important basics are missing.",
    }),
    ErrorCode: define("ErrorCode", "What went wrong, independent of the language.", {
      VALIDATION_FAILED: "The input is invalid; `fields` lists every problem.",
      RATE_LIMITED: "Too many calls; `retryAfterMs` says when there is room again.",
      IDEMPOTENCY_CONFLICT: "The idempotency key was used with other input.",
      INTERVIEWER_UNAVAILABLE: "The language model cannot be reached and the fallback is switched off.",
      INTERVIEW_SESSION_NOT_FOUND: "No such session, or not the viewer's.",
      RESUME_NOT_FOUND: "No such résumé, or not the viewer's.",
      QUESTION_INDEX_MISMATCH: "Another question is waiting for its answer, or none is.",
      INTERVIEW_ALREADY_COMPLETED: "The conversation is over.",
      INTERVIEW_NOT_COMPLETED: "The conversation is not over yet.",
    }),
  };
}
export type Enums = ReturnType<typeof addEnums>;
