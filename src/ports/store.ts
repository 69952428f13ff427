import type { Decision } from "../interview/decision.ts";
import type { LoggedEvent, OwnerDeleted, SessionDeleted } from "../interview/events.ts";
import type { ModelUsage, Report, Resume, Session, SessionStatus, Trends } from "../interview/model.ts";
import type { SessionChange } from "../interview/sessionChange.ts";
import type { Claim } from "./jobs.ts";

/** Where interviews are kept. Every write is one transaction: state, events and jobs together, or nothing. */
export interface Store {
  load(sessionId: string): Promise<Session | null>;

  /**
   * A session as this node saw it last; null when it does not remember it. It may have changed since or be gone: good
   * for what never changes, and for decisions that commit() checks.
   */
  recall(sessionId: string): Session | null;

  /** Takes over what another node has stored, where it follows on what is remembered here. */
  learn(change: StoredChange): void;

  /**
   * Stores what a rule decided about `before`. "CONFLICT" when somebody else has written since `before` was loaded:
   * load again and decide again. Only while all of `claims` are held; else it throws ClaimLost.
   */
  commit(before: Session, decision: Decision, claims?: Claim[]): Promise<Committed | "CONFLICT">;

  /** A new session of a stored résumé. */
  insert(decision: Decision, idempotency: IdempotencyUse | null): Promise<Committed | NotInserted>;

  /**
   * Removes a session with all that belongs to it, also a résumé text that only it still had. Returns what there is to
   * tell of it, as each removal does, and stores that for a few minutes in the same breath; null when it was not there.
   */
  remove(sessionId: string): Promise<SessionDeleted | null>;

  /** Removes a session as it was when it was loaded, on behalf of a job. "CONFLICT" and ClaimLost are as for commit(). */
  takeBack(session: Session, claim: Claim): Promise<SessionDeleted | "CONFLICT">;

  /** Those of the sessions that are not there (any more). */
  gone(sessionIds: string[]): Promise<string[]>;

  /** Those of the sessions whose conversation is over. */
  ended(sessionIds: string[]): Promise<string[]>;

  /** The newest open session of a résumé, or of those with one text under whatever key: its id. */
  findOpenSession(ownerId: string, by: { key: string } | { textHash: string }): Promise<string | null>;

  findByIdempotencyKey(ownerId: string, key: string): Promise<IdempotentCreation | null>;

  /** Ties a key to a session that existed already; false when the key is taken. */
  keepIdempotencyKey(ownerId: string, use: IdempotencyUse, sessionId: string): Promise<boolean>;

  findResume(ownerId: string, by: { key: string } | { textHash: string }): Promise<Resume | null>;

  loadResume(resumeId: string): Promise<Resume | null>;

  /** Makes a text the current one under its key; the same text under the same key is left as it is. */
  saveResume(resume: Resume, textHash: string): Promise<Resume>;

  /**
   * Takes the résumé under a key out of use. Texts of sessions stay with them; all others under the key are removed.
   * Returns the id of the one that was current; null when there was none.
   */
  removeResume(ownerId: string, key: string): Promise<string | null>;

  /** Removes texts under a key that were replaced and that no session was made from. */
  removeUnusedTexts(ownerId: string, key: string): Promise<void>;

  /**
   * Texts of main questions in the newest other sessions of a résumé: of those asked, and of those prepared where they go
   * on, at most `limit` each, newest first, distinct.
   */
  askedElsewhere(
    session: { id: string; ownerId: string; resumeKey: string },
    sessions: number,
    limit: number,
  ): Promise<string[]>;

  /** Adds to what a session has asked of the language model. No event, no version: nothing is decided by it. */
  addUsage(sessionId: string, ownerId: string, usage: ModelUsage): Promise<void>;

  loadReport(sessionId: string, version: number): Promise<Report | null>;

  /** A page of sessions, as places in the given order. */
  listSessions(filter: SessionFilter, order: SessionOrder, page: SessionPage): Promise<SessionPlace[]>;

  summarizeSessions(filter: SessionFilter): Promise<SessionSummary>;

  /** Score over time: evaluated sessions, the newest `last` of them, oldest first. */
  trends(ownerId: string, options: { resumeKey: string | null; last: number }): Promise<Trends>;

  /** What an owner, and all owners, have asked of the language model today (UTC). */
  spending(ownerId: string): Promise<{ own: Spending; all: Spending; dayEndsInMs: number }>;

  /** Everything that is kept of an owner. */
  exportOwner(ownerId: string): Promise<PersonalData>;

  /** Removes everything that is kept of an owner. That it did is stored with it, for a few minutes, like a deletion. */
  removeOwner(ownerId: string): Promise<{ sessions: SessionDeleted[]; owner: OwnerDeleted }>;

  /** Removes the events of interviews that ended so long ago, at most so many of them. Returns how many it removed. */
  trimEvents(olderThanMs: number, limit: number): Promise<number>;

  /** Removes whole sessions that ended so long ago, at most so many. */
  removeExpired(olderThanMs: number, limit: number): Promise<SessionDeleted[]>;

  /** Forgets deletions that were so long ago. */
  forgetDeletions(olderThanMs: number): Promise<void>;

  /** A printed report; UNPRINTED while there is only the report, null without one. */
  loadFile(reportId: string, format: string): Promise<PrintedFile | "UNPRINTED" | null>;
  /** What was printed stays as it is. */
  saveFile(reportId: string, format: string, file: PrintedFile): Promise<void>;
}

/** UNPRINTABLE: printing it was given up. */
export type PrintedFile = Uint8Array | "UNPRINTABLE";

export interface IdempotencyUse {
  key: string;
  /** Of the input that the key was used with. */
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
  /** For the other nodes; null for a session that was made just now. */
  change: StoredChange | null;
}

/** A change that was stored, for those who keep the state before it. */
export interface StoredChange extends SessionChange {
  /** Tells what was stored from anything else that the store may hold of the session. */
  mark: string;
}

/**
 * The store cannot be reached, or does not take writes, at the moment. What was asked of it was not done, or may not
 * have been: asking again with the same input has the same effect.
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

/** As it is stored, in plain words; shaped for people and their tools rather than for us. */
export interface PersonalData {
  exportedAt: string;
  resumes: Record<string, unknown>[];
  sessions: Record<string, unknown>[];
}

/** Somebody else was first: an open session of the résumé, or the key, is there by now, or the résumé is gone. */
export type NotInserted = "OPEN_SESSION_EXISTS" | "IDEMPOTENCY_KEY_TAKEN" | "RESUME_GONE";

/** Which sessions a list holds; null where it does not matter. */
export interface SessionFilter {
  /** Only what this viewer may see. */
  visibleTo: string | null;
  ownerId: string | null;
  statuses: readonly SessionStatus[] | null;
  resumeKey: string | null;
  /** Each of them occurs in the job's title, the company, the résumé's key or the owner's id, in any case. */
  words: readonly string[];
  /** Made at that moment or later. */
  from: Date | null;
  /** Made before that moment. */
  to: Date | null;
}

/** By score: sessions without one come last, and equal scores are in the order in which their sessions were made. */
export type SessionOrder = "NEWEST_FIRST" | "OLDEST_FIRST" | "HIGHEST_SCORE_FIRST" | "LOWEST_SCORE_FIRST";

/** Where a session stands in any of the orders. */
export interface SessionPlace {
  id: string;
  createdAt: Date;
  score: number | null;
}

export interface SessionPage {
  after: SessionPlace | null;
  before: SessionPlace | null;
  limit: number;
  /** From the end, the last one first. */
  backwards: boolean;
}

export interface SessionSummary {
  /** Whatever the filter says of states. */
  statusCounts: Record<SessionStatus, number>;
  /** Of the filter's sessions that have a score; null when none has. */
  averageScore: number | null;
}
