import { onTestFinished } from "vitest";
import type { Capabilities } from "../../../src/adapters/openai/capabilities.ts";
import type { CallRecord, ModelLimits } from "../../../src/adapters/openai/chain.ts";
import { createModelInterviewer, type ModelInterviewer } from "../../../src/adapters/openai/interviewer.ts";
import type { AnswerScore, ModelUsage, QuestionDraft } from "../../../src/interview/model.ts";
import { addUsage, noUsage } from "../../../src/interview/usage.ts";
import type {
  Call,
  FollowUpRequest,
  NextQuestionRequest,
  PlanRequest,
  ScoreRequest,
  SummaryRequest,
} from "../../../src/ports/interviewer.ts";
import type { SharedPauses } from "../../../src/ports/pauses.ts";
import { type ModelServer, type ModelServerOptions, startModelServer } from "../../support/modelServer.ts";

/** Short enough that a test of every limit takes no time, long enough for a busy machine. */
export const shortLimits: Partial<ModelLimits> = {
  connectMs: 1_000,
  firstTokenMs: 500,
  unstreamedTokenMs: 0.1,
  idleMs: 500,
  totalMs: 8_000,
  tries: 3,
  backOffMs: 10,
  backOffMaxMs: 40,
  retryAfterMaxMs: 2_000,
  takeOverMs: 1_000,
  breakerFailures: 100,
  patienceMs: 0,
};

/** A server for one test, gone when the test is over. */
export async function serve(options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = await startModelServer(options);
  onTestFinished(() => server.close());
  return server;
}

export const apiKey = "sk-test-0123456789-very-secret";

export function interviewerAt(
  servers: Pick<ModelServer, "url">[],
  limits: Partial<ModelLimits> = {},
  capabilities: Partial<Capabilities> = {},
  pauses: SharedPauses | null = null,
  now = () => performance.now(),
): { interviewer: ModelInterviewer; records: CallRecord[] } {
  const records: CallRecord[] = [];
  const interviewer = createModelInterviewer({
    providers: servers.map(({ url }, index) => ({
      name: ["first", "second", "third"][index] ?? "other",
      baseUrl: url,
      apiKey,
      model: "test-model",
      capabilities,
    })),
    limits: { ...shortLimits, ...limits },
    onCall: (record) => records.push(record),
    pauses,
    now,
  });
  onTestFinished(() => interviewer.close());
  return { interviewer, records };
}

/** A call that remembers what it was told. */
export function listen(): {
  call: Call;
  abort: AbortController;
  texts: { offset: number; text: string }[];
  scores: Map<string, AnswerScore>;
  usage: ModelUsage;
} {
  const abort = new AbortController();
  const texts: { offset: number; text: string }[] = [];
  const scores = new Map<string, AnswerScore>();
  const usage: ModelUsage = { ...noUsage };
  const call: Call = {
    signal: abort.signal,
    onText: (offset, text) => texts.push({ offset, text }),
    onScore: (id, score) => scores.set(id, score),
    onUsage: (spent) => void Object.assign(usage, addUsage(usage, spent)),
  };
  return { call, abort, texts, scores, usage };
}

/** The text that a watcher has after these pieces. */
export function heardText(texts: { offset: number; text: string }[]): string {
  let heard: string[] = [];
  for (const { offset, text } of texts) heard = [...heard.slice(0, offset), ...text];
  return heard.join("");
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const candidate = {
  locale: "EN" as const,
  resumeText: "Jane Roe\nBack-end engineer, five years of Java, MySQL and Redis.\nProject: Order Desk, Spring Boot.",
  jobTitle: "Senior engineer",
  companyName: "Acme",
  jobDescription: null,
};

export function planRequest(changes: Partial<PlanRequest> = {}): PlanRequest {
  return {
    ...candidate,
    slots: ["PROJECT", "MYSQL", "REDIS"],
    level: "MID",
    exclude: [],
    seed: "session-1",
    ...changes,
  };
}

export function followUpRequest(changes: Partial<FollowUpRequest> = {}): FollowUpRequest {
  const main = {
    text: "What is a covering index?",
    type: "MYSQL" as const,
    category: "MySQL",
    reference: {
      answer: "An index that holds all columns of a query, so that the table is not read.",
      keyPoints: [{ text: "Holds all columns", accept: [], followUp: null }],
    },
  };
  const exchanges = [{ question: main.text, answer: "An index with every column that the query needs." }];
  return { ...candidate, level: "MID", main, exchanges, exclude: [main.text], seed: "session-1:1", ...changes };
}

export function nextRequest(changes: Partial<NextQuestionRequest> = {}): NextQuestionRequest {
  const exchanges = [{ question: "Tell me about Order Desk.", type: "PROJECT" as const, answer: "It takes orders." }];
  return {
    ...candidate,
    jobDescription:
      "We look for somebody who builds reliable payment services with Java and PostgreSQL in a small team.",
    level: "SENIOR",
    exchanges,
    remaining: 3,
    exclude: ["Tell me about Order Desk."],
    seed: "session-2:1",
    ...changes,
  };
}

export function scoreRequest(
  answers: string[] = ["First answer. It is short.", "Second answer. It is longer.", "Third."],
) {
  const request: ScoreRequest = {
    locale: "EN",
    jobTitle: "Senior engineer",
    answers: answers.map((answer, index) => ({
      questionId: `session-question-${index}`,
      question: `Question ${index}?`,
      type: "REDIS",
      category: "Redis",
      level: "MID",
      reference: { answer: `Reference ${index}`, keyPoints: [{ text: `Point ${index}`, accept: [], followUp: null }] },
      answer,
    })),
  };
  return request;
}

export function summaryRequest(changes: Partial<SummaryRequest> = {}): SummaryRequest {
  const score: AnswerScore = {
    accuracy: 30,
    completeness: 20,
    clarity: 20,
    feedback: "Good.",
    referenceAnswer: "Reference",
    keyPoints: ["Point"],
    evidence: [],
  };
  return {
    ...candidate,
    mode: "PLANNED",
    overallScore: 70,
    totalQuestions: 3,
    answeredCount: 2,
    categoryScores: [{ category: "Redis", score: 70, questionCount: 1 }],
    questions: [{ text: "Question?", category: "Redis", isFollowUp: false, answer: "Answer.", score }],
    ...changes,
  };
}

export function textsOf(drafts: QuestionDraft[]): string[] {
  return drafts.map(({ text }) => text);
}
