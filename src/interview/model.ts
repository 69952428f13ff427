/**
 * The vocabulary of the interview: plain data that rules, ports and adapters share. Nothing here knows about GraphQL,
 * databases or language models.
 */

export const questionTypes = [
  "PROJECT",
  "JAVA_BASIC",
  "JAVA_COLLECTION",
  "JAVA_CONCURRENT",
  "MYSQL",
  "REDIS",
  "SPRING",
  "SPRING_BOOT",
  "FRONTEND",
  "BACKEND",
  "DATABASE",
  "DISTRIBUTED_SYSTEMS",
  "SYSTEM_DESIGN",
  "ALGORITHMS",
  "NETWORKING",
  "OPERATING_SYSTEMS",
  "DEVOPS",
  "TESTING",
  "MACHINE_LEARNING",
  "BEHAVIORAL",
  "GENERAL",
] as const;
export type QuestionType = (typeof questionTypes)[number];

export const sessionStatuses = ["CREATED", "IN_PROGRESS", "COMPLETED", "EVALUATED"] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

export type InterviewMode = "PLANNED" | "ADAPTIVE";

export type Turn = "INTERVIEWER" | "CANDIDATE" | "NOBODY";

export const locales = ["EN", "ZH"] as const;
export type Locale = (typeof locales)[number];

export type QuestionSource = "MODEL" | "BANK" | "FALLBACK";

export const evaluationStatuses = ["PENDING", "PROCESSING", "COMPLETED", "FAILED"] as const;
export type EvaluationStatus = (typeof evaluationStatuses)[number];

export type ScoreBand = "EXCELLENT" | "GOOD" | "ADEQUATE" | "NEEDS_IMPROVEMENT";

export const levels = ["JUNIOR", "MID", "SENIOR"] as const;
/** The difficulty of a question, and the experience that a résumé shows. */
export type Level = (typeof levels)[number];

/** A point that a good answer makes. */
export interface KeyPoint {
  text: string;
  /** Other wordings of the point: words or short phrases, lower case. */
  accept: string[];
  /** What to ask when an answer leaves this point out. */
  followUp: string | null;
}

/** The reference answer to a question. Hidden from the candidate until the report. */
export interface Reference {
  answer: string;
  keyPoints: KeyPoint[];
}

/** What people answer besides the reference: equally good answers, in everyday and in expert words, and false ones. */
export interface Sayings {
  plainAnswers: string[];
  expertAnswers: string[];
  /** The corrections, one statement for each misconception. */
  facts: string[];
  misconceptions: string[];
  /** Whether answers differ by person, because the question is about one's own work. */
  isOpen: boolean;
}

/** A question as returned by an interviewer, before it is asked. */
export interface QuestionDraft {
  text: string;
  type: QuestionType;
  /** The type's label in the session's locale. */
  category: string;
  level: Level;
  source: QuestionSource;
  reference: Reference;
}

export interface Answer {
  /** The submitted text, or the draft while there is none; exactly as typed. */
  text: string;
  isDraft: boolean;
  updatedAt: Date;
  submittedAt: Date | null;
}

/** 0-100 = accuracy (0-40) + completeness (0-30) + clarity (0-30). */
export interface AnswerScore {
  accuracy: number;
  completeness: number;
  clarity: number;
  feedback: string;
  referenceAnswer: string;
  keyPoints: string[];
  /** Exact quotes from the answer that support the score. */
  evidence: string[];
}

export interface Question extends QuestionDraft {
  id: string;
  index: number;
  isFollowUp: boolean;
  /** The main question's index, also for a second follow-up. */
  parentQuestionIndex: number | null;
  askedAt: Date;
  /** True once no more follow-ups are to be asked about this main question. */
  followUpsClosed: boolean;
  answer: Answer | null;
  scoring: Scoring | null;
}

/** State of the scoring of one answer, for the report version in progress. */
export type Scoring =
  | { state: "QUEUED"; attempt: number }
  | { state: "FAILED"; attempt: number; reason: string }
  /** `announced`: subscribers were notified. An answer scored during the interview is announced after its end. */
  | { state: "SCORED"; attempt: number; score: AnswerScore; announced: boolean };

export interface Evaluation {
  status: EvaluationStatus;
  error: string | null;
  answersEvaluated: number;
  answersTotal: number;
  percent: number;
  attempt: number;
}

export interface ModelUsage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Total duration of all calls, in milliseconds. */
  durationMs: number;
  /** Duration of the longest call. */
  longestMs: number;
}

/** A stored résumé text. Each new text under the same key is a new résumé; sessions keep theirs. */
export interface Resume {
  id: string;
  ownerId: string;
  key: string;
  text: string;
  createdAt: Date;
}

/** Everything that rules know about an interview. */
export interface Session {
  id: string;
  ownerId: string;
  status: SessionStatus;
  mode: InterviewMode;
  turn: Turn;
  locale: Locale;
  /** Without the text, which is long and rarely needed: it is read from the store. */
  resume: { id: string; key: string };
  jobTitle: string | null;
  companyName: string | null;
  jobDescription: string | null;
  /** Main questions asked for. */
  questionCount: number;
  /** Follow-ups allowed per main question. */
  followUps: number;
  /** Created although an open session of the same résumé existed. */
  forced: boolean;
  /** Asked questions, in order: questions[i].index === i. */
  questions: Question[];
  /** Main questions prepared but not asked yet, in asking order. Never shown. */
  planned: QuestionDraft[];
  /** null until the interview is completed. */
  evaluation: Evaluation | null;
  /** The report version that answers are being scored for; a re-evaluation increments it. */
  scoringVersion: number;
  /** The newest finished report's version; 0 before the first. */
  reportVersion: number;
  /** The newest finished report's score. */
  overallScore: number | null;
  usage: ModelUsage;
  /** The newest event's number. */
  seq: number;
  /** Incremented by every write, to detect concurrent ones. */
  version: number;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  evaluatedAt: Date | null;
}

export interface LearningStep {
  topic: string;
  advice: string;
}

/** The summary of an interview, written by the interviewer from the scored answers. */
export interface Summary {
  overallFeedback: string;
  strengths: string[];
  improvements: string[];
  knowledgeGaps: string[];
  learningPath: LearningStep[];
  /** Empty unless a job description was given. */
  resumeImprovements: string[];
}

export interface CategoryScore {
  category: string;
  score: number;
  questionCount: number;
}

export interface ReportQuestion {
  questionId: string;
  index: number;
  text: string;
  category: string;
  isFollowUp: boolean;
  answered: boolean;
  /** null when none was submitted, even if there was a draft. */
  answer: string | null;
  score: AnswerScore;
}

/** Stored once and never changed. */
export interface Report extends Summary {
  id: string;
  version: number;
  overallScore: number;
  band: ScoreBand;
  categoryScores: CategoryScore[];
  questions: ReportQuestion[];
  answeredCount: number;
  createdAt: Date;
}

/** Score over time for one résumé or for all of a viewer's: evaluated sessions, oldest first. */
export interface Trends {
  scores: { sessionId: string; evaluatedAt: Date; overallScore: number }[];
  categories: {
    category: string;
    averageScore: number;
    firstScore: number;
    lastScore: number;
    questionCount: number;
  }[];
}

/** The content of a printed report (PDF and Markdown). */
export interface ReportDocument {
  /** The session's id as clients know it. */
  sessionId: string;
  resumeKey: string;
  locale: Locale;
  mode: InterviewMode;
  jobTitle: string | null;
  companyName: string | null;
  completedAt: Date;
  totalQuestions: number;
  report: Report;
  /** null with fewer than two evaluated sessions of the same résumé. */
  trends: Trends | null;
}
