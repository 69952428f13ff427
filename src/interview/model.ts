/**
 * The words of the interview: plain data that every rule, port and adapter shares.
 * Nothing here knows about GraphQL, a database or a language model.
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
/** How demanding a question is, and how experienced a résumé shows its owner to be. */
export type Level = (typeof levels)[number];

/** One thing that a good answer says. */
export interface KeyPoint {
  text: string;
  /** Other wordings that show the same point: words or short phrases, lower case. */
  accept: string[];
  /** What to ask when an answer leaves this point out. */
  followUp: string | null;
}

/** What a good answer to a question looks like. Hidden from the candidate until the report. */
export interface Reference {
  answer: string;
  keyPoints: KeyPoint[];
}

/** What people say to a question beside its reference: answers as good, in everyday words and in an expert's, and what is false. */
export interface Sayings {
  plainAnswers: string[];
  expertAnswers: string[];
  /** How it really is where people go wrong, a statement for each misconception. */
  facts: string[];
  misconceptions: string[];
  /** Whether each has something else to tell, since it is about one's own work. */
  isOpen: boolean;
}

/** A question as an interviewer hands it over, before it is asked. */
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
  /** Exact substrings of the answer that the score rests on. */
  evidence: string[];
}

export interface Question extends QuestionDraft {
  id: string;
  index: number;
  isFollowUp: boolean;
  /** The main question's index, also for a second follow-up. */
  parentQuestionIndex: number | null;
  askedAt: Date;
  /** True once nothing more is to be asked about this main question. */
  followUpsClosed: boolean;
  answer: Answer | null;
  scoring: Scoring | null;
}

/** How far the scoring of one answer has come, for the report's version that is being made. */
export type Scoring =
  | { state: "QUEUED"; attempt: number }
  | { state: "FAILED"; attempt: number; reason: string }
  /** `announced`: watchers have been told. An answer scored during the interview waits for its end. */
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
  /** The time of all calls, each from its beginning to its end, in whole milliseconds. */
  durationMs: number;
  /** That of the longest one. */
  longestMs: number;
}

/** One stored résumé text. A new text under the same key makes a new one; sessions keep theirs. */
export interface Resume {
  id: string;
  ownerId: string;
  key: string;
  text: string;
  createdAt: Date;
}

/** Everything that a rule may look at when it decides about one interview. */
export interface Session {
  id: string;
  ownerId: string;
  status: SessionStatus;
  mode: InterviewMode;
  turn: Turn;
  locale: Locale;
  /** Its text is long and rarely needed: read it from the store. */
  resume: { id: string; key: string };
  jobTitle: string | null;
  companyName: string | null;
  jobDescription: string | null;
  /** Main questions asked for. */
  questionCount: number;
  /** Follow-ups allowed per main question. */
  followUps: number;
  /** Made although an open session of the same résumé existed. */
  forced: boolean;
  /** Asked questions, in order: questions[i].index === i. */
  questions: Question[];
  /** Main questions prepared and not yet asked, in the order in which they will be. Never shown. */
  planned: QuestionDraft[];
  /** null until the interview is completed. */
  evaluation: Evaluation | null;
  /** The report's version that answers are being scored for: grows with a re-evaluation. */
  scoringVersion: number;
  /** The newest finished report's version; 0 before the first. */
  reportVersion: number;
  /** The newest finished report's score. */
  overallScore: number | null;
  usage: ModelUsage;
  /** The newest event's number. */
  seq: number;
  /** Grows with every write, so that two writers cannot both go on from the same state. */
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

/** What is said about a whole interview: written by the interviewer from the scored answers. */
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
  /** null when none was submitted, also where a draft was left. */
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

/** Everything that a printed report shows (PDF and Markdown). */
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
