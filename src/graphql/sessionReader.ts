import { localId } from "../interview/globalId.ts";
import type { Session } from "../interview/model.ts";
import type { Store } from "../ports/store.ts";

/** Reads sessions for queries and events; what was read for one event serves everybody who watches it. */
export interface SessionReader {
  /** null for an id that is malformed, of another type or unknown. */
  byGlobalId(id: string): Promise<Session | null>;
  /** The same, but a session that is remembered may have changed since or be gone. */
  recallByGlobalId(id: string): Promise<Session | null>;
  load(id: string): Promise<Session | null>;
  /** The session as it is now, or as a recent read found it when that had already seen event number `seq`. */
  atLeast(id: string, seq: number): Promise<Session | null>;
}

const kept = 2_000;

export function createSessionReader(store: Store): SessionReader {
  // Newest use last; a promise, so that readers of the same event share one load.
  const recent = new Map<string, { seq: number; session: Promise<Session | null> }>();

  function load(id: string): Promise<Session | null> {
    return store.load(id);
  }

  return {
    async byGlobalId(id) {
      const local = localId("InterviewSession", id);
      return local === null ? null : load(local);
    },
    async recallByGlobalId(id) {
      const local = localId("InterviewSession", id);
      return local === null ? null : (store.recall(local) ?? load(local));
    },
    load,
    async atLeast(id, seq) {
      const known = recent.get(id);
      if (known && known.seq >= seq) return known.session;
      const session = load(id);
      const entry = { seq, session };
      recent.delete(id);
      recent.set(id, entry);
      if (recent.size > kept) recent.delete(recent.keys().next().value!);
      const found = await session.catch((error) => {
        if (recent.get(id) === entry) recent.delete(id);
        throw error;
      });
      if (found === null) recent.delete(id);
      else entry.seq = Math.max(entry.seq, found.seq);
      return found;
    },
  };
}
