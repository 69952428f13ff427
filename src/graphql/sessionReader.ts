import { localId } from "../interview/globalId.ts";
import type { Session } from "../interview/model.ts";
import type { Store } from "../ports/store.ts";

/** Loads sessions for queries and events. */
export interface SessionReader {
  /** null for an id that is malformed, of another type or unknown. */
  byGlobalId(id: string): Promise<Session | null>;
  /** The same, from memory if possible: the session may have changed since or be gone. */
  recallByGlobalId(id: string): Promise<Session | null>;
  load(id: string): Promise<Session | null>;
  /**
   * The session at least as new as event number `seq`: from memory if that is new enough, else loaded. For null always
   * loaded.
   */
  atLeast(id: string, seq: number | null): Session | Promise<Session | null>;
}

export function createSessionReader(store: Store): SessionReader {
  /** Pending loads, shared by readers of the same event. */
  const loading = new Map<string, Loading>();

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
      const seen = seq === null ? null : store.recall(id);
      if (seen !== null && seen.seq >= seq!) return seen;
      const under = loading.get(id);
      // A load that has not begun yet will see any event that its caller knows of.
      if (under && (!under.begun || (seq !== null && under.seq >= seq))) return under.session;
      const entry: Loading = { seq: seq ?? 0, begun: false, session: Promise.resolve(null) };
      entry.session = Promise.resolve()
        .then(() => {
          entry.begun = true;
          return load(id);
        })
        .finally(() => {
          if (loading.get(id) === entry) loading.delete(id);
        });
      loading.set(id, entry);
      return entry.session;
    },
  };
}

interface Loading {
  /** The event that it was started for, which it will see. */
  seq: number;
  begun: boolean;
  session: Promise<Session | null>;
}
