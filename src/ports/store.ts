import type { Decision } from "../interview/decision.ts";
import type { LoggedEvent, OwnerDeleted, SessionDeleted } from "../interview/events.ts";
import type { Locale, ModelUsage, Report, Resume, Session, SessionStatus, Trends } from "../interview/model.ts";
import type { SessionChange } from "../interview/sessionChange.ts";
import type { Claim } from "./jobs.ts";

/** Stores interviews. Every write is one transaction: state, events and jobs together, or nothing. */
export interface Store {
  load(sessionId: string): Promise<Session | null>;

  /**
   * The session as this node last saw it, from memory; null when it is not there. It may have changed since or be
   * deleted: use it for what never changes, and for decisions that commit() checks.
   */
  recall(sessionId: string): Session | null;

  /** Applies a change that another node has stored, if it follows on the state in memory. */
  learn(change: StoredChange): void;

  /**
   * Stores what a rule decided about `before`. "CONFLICT" when the session has been written since `before` was loaded:
   * load and decide again. Throws ClaimLost unless all of `claims` are held.
   */
  commit(before: Session, decision: Decision, claims?: Claim[]): Promise<Committed | "CONFLICT">;

  /** Stores a new session of a stored résumé. */
  insert(decision: Decision, idempotency: IdempotencyUse | null): Promise<Committed | NotInserted>;

  /**
   * Removes a session with everything that belongs to it, including a replaced résumé text that only this session used.
   * Like every removal it returns the event to publish, which is also stored for a few minutes; null when there was no
   * such session.
   */
  remove(sessionId: string): Promise<SessionDeleted | null>;

  /**
   * Removes a session on behalf of a job, unless it has changed since it was loaded. "CONFLICT" and ClaimLost are as
   * for commit().
   */
  takeBack(session: Session, claim: Claim): Promise<SessionDeleted | "CONFLICT">;

  /** Those of the sessions that do not exist (any more). */
  gone(sessionIds: string[]): Promise<string[]>;

  /** Those of the sessions whose interview is completed. */
  ended(sessionIds: string[]): Promise<string[]>;

  /** The id of the newest open session of a résumé, found by its key or, under any key, by its text. */
  findOpenSession(ownerId: string, by: { key: string } | { textHash: string }): Promise<string | null>;

  findByIdempotencyKey(ownerId: string, key: string): Promise<IdempotentCreation | null>;

  /** Stores a key for an existing session; false when the key is taken. */
  keepIdempotencyKey(ownerId: string, use: IdempotencyUse, sessionId: string): Promise<boolean>;

  findResume(ownerId: string, by: { key: string } | { textHash: string }): Promise<Resume | null>;

  loadResume(resumeId: string): Promise<Resume | null>;

  /** Makes a text the current one under its key; does nothing if it already is. */
  saveResume(resume: Resume, textHash: string): Promise<Resume>;

  /**
   * Deletes the résumé under a key. Texts that sessions use are kept for them; all others under the key are removed.
   * Returns the id of the text that was current; null when there was none.
   */
  removeResume(ownerId: string, key: string): Promise<string | null>;

  /** Removes replaced texts under a key that no session uses. */
  removeUnusedTexts(ownerId: string, key: string): Promise<void>;

  /**
   * Distinct main questions of the newest other sessions of a résumé, newest first: at most `limit` asked ones and at
   * most `limit` prepared ones.
   */
  askedElsewhere(
    session: { id: string; ownerId: string; resumeKey: string },
    sessions: number,
    limit: number,
  ): Promise<string[]>;

  /**
   * Adds to a session's usage of the language model. It emits no event and leaves the version: no decision depends on
   * it.
   */
  addUsage(sessionId: string, ownerId: string, usage: ModelUsage): Promise<void>;

  loadReport(sessionId: string, version: number): Promise<Report | null>;

  /** A page of sessions, as positions in the given order. */
  listSessions(filter: SessionFilter, order: SessionOrder, page: SessionPage): Promise<SessionPlace[]>;

  summarizeSessions(filter: SessionFilter): Promise<SessionSummary>;

  /**
   * Score over time: evaluated sessions, the newest `last` of them, oldest first. Categories are labelled in `locale`;
   * null stands for the newest session's.
   */
  trends(ownerId: string, options: { resumeKey: string | null; last: number; locale: Locale | null }): Promise<Trends>;

  /** Today's usage (UTC) of the language model: by an owner, and by all owners. */
  spending(ownerId: string): Promise<{ own: Spending; all: Spending; dayEndsInMs: number }>;

  /** Everything stored about an owner. */
  exportOwner(ownerId: string): Promise<PersonalData>;

  /**
   * Removes everything stored about an owner. That this happened is itself stored for a few minutes, like a deletion.
   */
  removeOwner(ownerId: string): Promise<{ sessions: SessionDeleted[]; owner: OwnerDeleted }>;

  /** Removes at most `limit` events of interviews that ended that long ago. Returns how many it removed. */
  trimEvents(olderThanMs: number, limit: number): Promise<number>;

  /** Removes at most `limit` sessions that ended that long ago. */
  removeExpired(olderThanMs: number, limit: number): Promise<SessionDeleted[]>;

  /** Forgets deletions that happened that long ago. */
  forgetDeletions(olderThanMs: number): Promise<void>;

  /** A printed report; UNPRINTED while there is only the report itself; null without a report. */
  loadFile(reportId: string, format: string): Promise<PrintedFile | "UNPRINTED" | null>;
  /** Never replaces a file. */
  saveFile(reportId: string, format: string, file: PrintedFile): Promise<void>;
}

/** UNPRINTABLE: printing was given up. */
export type PrintedFile = Uint8Array | "UNPRINTABLE";

export interface IdempotencyUse {
  key: string;
  /** Hash of the input that the key was used with. */
  inputHash: string;
}

export interface IdempotentCreation {
  sessionId: string;
  inputHash: string;
  reusedExisting: boolean;
}

export interface Committed {
  session: Session;
  events: LoggedEvent[];
  /** For the other nodes; null for a new session. */
  change: StoredChange | null;
}

/** A stored change, for nodes that have the state before it in memory. */
export interface StoredChange extends SessionChange {
  /** Identifies the stored state of the session. */
  mark: string;
}

/**
 * The store is unreachable or does not accept writes at the moment. The request may or may not have taken effect;
 * repeating it with the same input has the same effect.
 */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super("The store is unavailable", { cause });
    this.name = "StoreUnavailable";
  }
}

export interface Spending {
  calls: number;
  tokens: number;
}

/** As stored, in plain text; shaped for people and their tools. */
export interface PersonalData {
  exportedAt: string;
  resumes: Record<string, unknown>[];
  sessions: Record<string, unknown>[];
}

/** Another request was first: an open session of the résumé or the key exists by now, or the résumé is gone. */
export type NotInserted = "OPEN_SESSION_EXISTS" | "IDEMPOTENCY_KEY_TAKEN" | "RESUME_GONE";

/** Which sessions a list holds; null means any. */
export interface SessionFilter {
  /** Only what this viewer may see. */
  visibleTo: string | null;
  ownerId: string | null;
  statuses: readonly SessionStatus[] | null;
  resumeKey: string | null;
  /** Each occurs in the job's title, the company, the résumé's key or the owner's id, in any case. */
  words: readonly string[];
  /** Created at that time or later. */
  from: Date | null;
  /** Created before that time. */
  to: Date | null;
}

/** By score, sessions without one come last, and equal scores are ordered by creation. */
export type SessionOrder = "NEWEST_FIRST" | "OLDEST_FIRST" | "HIGHEST_SCORE_FIRST" | "LOWEST_SCORE_FIRST";

/** A session's position in any of the orders. */
export interface SessionPlace {
  id: string;
  createdAt: Date;
  score: number | null;
}

export interface SessionPage {
  after: SessionPlace | null;
  before: SessionPlace | null;
  limit: number;
  /** Reads from the end, last one first. */
  backwards: boolean;
}

export interface SessionSummary {
  /** Counted regardless of the filter's statuses. */
  statusCounts: Record<SessionStatus, number>;
  /** Of the filter's sessions that have a score; null when none has. */
  averageScore: number | null;
}
