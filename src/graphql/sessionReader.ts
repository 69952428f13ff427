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
  const recent = new Map<string, Recent>();

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
    atLeast(id, seq) {
      const known = recent.get(id);
      // A load that has not begun yet will see what its asker knows of, whichever event that is.
      if (known && (known.seq >= seq || !known.begun)) return known.session;
      const entry: Recent = { seq, begun: false, session: Promise.resolve(null) };
      entry.session = Promise.resolve().then(async () => {
        entry.begun = true;
        const found = await load(id).catch((error) => {
          forget(id, entry);
          throw error;
        });
        if (found === null) forget(id, entry);
        else entry.seq = Math.max(entry.seq, found.seq);
        return found;
      });
      recent.delete(id);
      recent.set(id, entry);
      if (recent.size > kept) recent.delete(recent.keys().next().value!);
      return entry.session;
    },
  };

  function forget(id: string, entry: Recent): void {
    if (recent.get(id) === entry) recent.delete(id);
  }
}

interface Recent {
  /** The newest event that the session, once loaded, has seen. */
  seq: number;
  begun: boolean;
  session: Promise<Session | null>;
}
