import type { Session } from "../../interview/model.ts";
import { changeOf } from "../../interview/sessionChange.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { JobSql } from "../../ports/jobs.ts";
import type { Committed, Store } from "../../ports/store.ts";
import { Commits, type Stored } from "./commits.ts";
import type { Database } from "./database.ts";
import { createIdempotencyKeys } from "./idempotencyKeys.ts";
import { createModelUsage } from "./modelUsage.ts";
import { exportOwner } from "./personalData.ts";
import { createRemoval } from "./removal.ts";
import { createReports } from "./reports.ts";
import { createResumes } from "./resumes.ts";
import { SessionCache } from "./sessionCache.ts";
import { insertSession } from "./sessionCreation.ts";
import { listSessions, summarizeSessions } from "./sessionLists.ts";
import { createSessionLookups } from "./sessionLookups.ts";
import { loadMarks, loadSessions } from "./sessionRows.ts";
import { readTrends } from "./trends.ts";

/** The store in SQL. Each change is one statement: state, events and jobs are stored together or not at all. */
export function createStore(database: Database, jobs: JobSql, cipher: Cipher): Store {
  const commits = new Commits(database, jobs, cipher);
  const sessions = new SessionCache({
    load: (ids) => loadSessions(database, cipher, ids),
    marks: (ids) => loadMarks(database, ids),
  });

  function kept({ done, mark }: Stored, before: Session | null): Committed {
    sessions.keep({ session: done.session, mark });
    return { ...done, change: before && { ...changeOf(before, done.session), mark } };
  }

  return {
    load: (sessionId) => sessions.load(sessionId),
    recall: (sessionId) => sessions.recall(sessionId),
    learn: (change) => sessions.learn(change),

    async commit(before, decision, claims = []) {
      const outcome = await commits.commit(before, decision, claims);
      return outcome === "CONFLICT" ? outcome : kept(outcome, before);
    },

    async insert(decision, idempotency) {
      const outcome = await insertSession(database, jobs, cipher, decision, idempotency);
      return typeof outcome === "string" ? outcome : kept(outcome, null);
    },

    ...createIdempotencyKeys(database),
    ...createResumes(database, cipher),
    ...createReports(database, cipher),
    ...createModelUsage(database, cipher),
    ...createRemoval(database, jobs, cipher, sessions),

    ...createSessionLookups(database),
    listSessions: (filter, order, page) => listSessions(database, filter, order, page),
    summarizeSessions: (filter) => summarizeSessions(database, filter),
    trends: (ownerId, options) => readTrends(database, ownerId, options),
    exportOwner: (ownerId) => exportOwner(database, cipher, ownerId),
  };
}
