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
 * Who asks and grades. Made by a language model (adapters/openai) or by the built-in question bank and scorer
 * (adapters/offline). Everything it returns is already checked: texts are not blank, numbers are in range, ids are
 * among those that were asked about. A call that cannot be answered throws InterviewerUnavailable.
 */
export interface Interviewer {
  /** What it is, in a few words, for people: "built-in", "openai → gemini". */
  readonly name: string;

  /**
   * Main questions, one for each of `request.slots` in that order, each as soon as it is known. Before it throws
   * InterviewerUnavailable it gives those that are there, also where some before them are missing.
   */
  planQuestions(request: PlanRequest, call: Call): AsyncIterable<QuestionDraft>;

  /** A question that follows from an answer; null when the answer leaves nothing to ask. */
  followUp(request: FollowUpRequest, call: Call): Promise<QuestionDraft | null>;

  /** The next question of an ADAPTIVE interview, from the whole conversation. */
  nextQuestion(request: NextQuestionRequest, call: Call): Promise<QuestionDraft>;

  /**
   * Scores by question id. An answer that no valid score was found for is missing from the map, so that the caller
   * can ask again for the missing ones alone. `call.onScore` hears each score as soon as it is known.
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
  /** What the language model was asked so far by this call: called once per request made. */
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
  /** Texts that must not come back: asked in earlier sessions of this résumé, or already planned in this one. */
  exclude: string[];
  /** Makes the choice repeatable: the same seed and request give the same questions where nothing is random. */
  seed: string;
}

export interface FollowUpRequest extends Candidate {
  level: Level;
  /** The main question, with what a good answer to it says. */
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
  /** Questions left to ask, this one included. */
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

/** The interviewer cannot answer: every provider failed, or what it said was not usable. */
export class InterviewerUnavailable extends Error {
  /** For a person to read: no address, key, prompt or personal text in it. */
  readonly reason: string;
  /** When asking again may help, as far as the provider said. */
  readonly retryAfterMs: number | null;
  /** Asking again is of no use until somebody has changed something: a key, an address, what is paid for. */
  readonly isLasting: boolean;

  constructor(reason: string, retryAfterMs: number | null = null, isLasting = false) {
    super(reason);
    this.name = "InterviewerUnavailable";
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.isLasting = isLasting;
  }
}
