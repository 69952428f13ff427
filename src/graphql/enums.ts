import type { EnumRef } from "@pothos/core";
import type { QuestionType } from "../interview/model.ts";
import type { Builder } from "./builder.ts";

const questionTypes: Record<QuestionType, string> = {
  PROJECT: "The candidate's own projects: what was built, why so, and what came of it.",
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
  DISTRIBUTED_SYSTEMS: "Consistency, messaging, partitions and failures over several machines.",
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
      CANDIDATE: "Sees and changes what is their own.",
      REVIEWER: "Sees everybody's sessions and changes none; may delete what is their own with deleteMyData.",
      ADMIN: "Sees and changes everybody's sessions.",
    }),
    SessionStatus: define("SessionStatus", "How far an interview has come. It never goes back.", {
      CREATED: "Created; no draft or answer yet.",
      IN_PROGRESS: "A first draft or answer was given.",
      COMPLETED: "The conversation is over; the evaluation runs, or has failed.",
      EVALUATED: "The report is ready.",
    }),
    SessionOrder: define("SessionOrder", "In which order sessions are listed.", {
      NEWEST_FIRST: "By when they were made, the newest first.",
      OLDEST_FIRST: "By when they were made, the oldest first.",
      HIGHEST_SCORE_FIRST: "By overall score, the highest first; those without a score last.",
      LOWEST_SCORE_FIRST: "By overall score, the lowest first; those without a score last.",
    }),
    InterviewMode: define("InterviewMode", "How the questions of an interview are chosen.", {
      PLANNED: "Main questions are drawn from the résumé up front, follow-ups from each answer.",
      ADAPTIVE: "Each next question is drawn from the whole conversation, the résumé and the job description.",
    }),
    Turn: define("Turn", "Who has to act next in an interview.", {
      INTERVIEWER: "A question is being prepared.",
      CANDIDATE: "A question waits for its answer.",
      NOBODY: "The conversation is over.",
    }),
    Locale: define("Locale", "The language in which an interview is held.", { EN: "English.", ZH: "Chinese." }),
    QuestionType: define("QuestionType", "What a question is about.", questionTypes),
    QuestionSource: define("QuestionSource", "Where a question comes from.", {
      MODEL: "Written for this candidate by the language model.",
      BANK: "Drawn from the built-in question bank.",
      FALLBACK:
        "Drawn from the question bank, or made of a point that an answer left out, because the language model failed.",
    }),
    MessageRole: define("MessageRole", "Who said a message.", {
      ASSISTANT: "The interviewer.",
      USER: "The candidate.",
    }),
    EvaluationStatus: define("EvaluationStatus", "How far the evaluation has come.", {
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
    ErrorCode: define("ErrorCode", "What went wrong, in a form that never changes with the language.", {
      VALIDATION_FAILED: "The input has faults; `fields` names each.",
      RATE_LIMITED: "Too many calls; `retryAfterMs` says when there is room again.",
      IDEMPOTENCY_CONFLICT: "The idempotency key was used with other input.",
      INTERVIEWER_UNAVAILABLE: "The language model cannot be reached and the fallback is switched off.",
      INTERVIEW_SESSION_NOT_FOUND: "No such session, or not the viewer's.",
      RESUME_NOT_FOUND: "No such résumé, or not the viewer's.",
      QUESTION_INDEX_MISMATCH: "Another question waits for its answer, or none does.",
      INTERVIEW_ALREADY_COMPLETED: "The conversation is over.",
      INTERVIEW_NOT_COMPLETED: "The conversation is not over yet.",
    }),
  };
}
export type Enums = ReturnType<typeof addEnums>;
