import type {
  AnswerScore,
  InterviewMode,
  Level,
  Locale,
  ModelUsage,
  QuestionDraft,
  QuestionType,
  Reference,
  Summary,
} from "../interview/model.ts";

/**
 * Asks questions and grades answers: a language model (adapters/openai) or the built-in question bank and scorer
 * (adapters/offline). Everything it returns is validated: texts are not blank, numbers are in range, ids are among the
 * requested ones. Throws InterviewerUnavailable when it cannot reply.
 */
export interface Interviewer {
  /** A short description for people: "built-in", "openai → gemini". */
  readonly name: string;

  /**
   * Main questions, one for each of `request.slots` in that order, each as soon as it is known. Before it throws
   * InterviewerUnavailable it yields those that it has, even if earlier ones are missing.
   */
  planQuestions(request: PlanRequest, call: Call): AsyncIterable<QuestionDraft>;

  /** A follow-up to an answer; null when there is nothing to follow up. */
  followUp(request: FollowUpRequest, call: Call): Promise<QuestionDraft | null>;

  /** The next question of an ADAPTIVE interview, from the whole conversation. */
  nextQuestion(request: NextQuestionRequest, call: Call): Promise<QuestionDraft>;

  /**
   * Scores by question id. An answer without a valid score is missing from the map, so that the caller can ask again
   * for that one alone. `call.onScore` receives each score as soon as it is known.
   */
  scoreAnswers(request: ScoreRequest, call: Call): Promise<Map<string, AnswerScore>>;

  summarize(request: SummaryRequest, call: Call): Promise<Summary>;
}

/** What every call carries. */
export interface Call {
  signal: AbortSignal;
  /** A piece of the question being written; offset 0 starts over. Offsets count characters. */
  onText?(offset: number, text: string): void;
  onScore?(questionId: string, score: AnswerScore): void;
  /** Usage of the language model, reported for each request of this call that was sent. */
  onUsage?(usage: ModelUsage): void;
}

export interface Candidate {
  locale: Locale;
  resumeText: string;
  jobTitle: string | null;
  companyName: string | null;
  jobDescription: string | null;
}

export interface PlanRequest extends Candidate {
  /** The types to ask, in order: one question each. */
  slots: QuestionType[];
  level: Level;
  /** Questions not to repeat: asked in earlier sessions of this résumé, or already planned in this one. */
  exclude: string[];
  /**
   * Makes the choice reproducible: unless something random is involved, the same seed and request give the same
   * questions.
   */
  seed: string;
}

export interface FollowUpRequest extends Candidate {
  level: Level;
  /** The main question, with the reference answer to it. */
  main: { text: string; type: QuestionType; category: string; reference: Reference };
  /** The main question and its follow-ups so far with their answers, in order; the last one has just been answered. */
  exchanges: { question: string; answer: string }[];
  exclude: string[];
  seed: string;
}

export interface NextQuestionRequest extends Candidate {
  level: Level;
  /** The whole conversation so far, in order. */
  exchanges: { question: string; type: QuestionType; answer: string }[];
  /** Questions left to ask, including this one. */
  remaining: number;
  exclude: string[];
  seed: string;
}

export interface ScoreRequest {
  locale: Locale;
  jobTitle: string | null;
  answers: AnswerToScore[];
}

export interface AnswerToScore {
  questionId: string;
  question: string;
  type: QuestionType;
  category: string;
  level: Level;
  reference: Reference;
  answer: string;
}

export interface SummaryRequest extends Candidate {
  mode: InterviewMode;
  overallScore: number;
  totalQuestions: number;
  answeredCount: number;
  categoryScores: { category: string; score: number; questionCount: number }[];
  questions: {
    text: string;
    category: string;
    isFollowUp: boolean;
    /** null when it was not answered. */
    answer: string | null;
    score: AnswerScore;
  }[];
}

/** The interviewer cannot reply: every provider failed, or no reply was usable. */
export class InterviewerUnavailable extends Error {
  /** For people: contains no address, key, prompt or personal text. */
  readonly reason: string;
  /** When a retry may help, if the provider said so. */
  readonly retryAfterMs: number | null;
  /** A retry does not help until somebody changes something: a key, an address, a plan. */
  readonly isLasting: boolean;
  /** Every model that could be asked replied, with nothing usable. Each retry is paid for and hardly helps. */
  readonly isFruitless: boolean;

  constructor(reason: string, retryAfterMs: number | null = null, isLasting = false, isFruitless = false) {
    super(reason);
    this.name = "InterviewerUnavailable";
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.isLasting = isLasting;
    this.isFruitless = isFruitless;
  }
}
