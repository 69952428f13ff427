import type { Session } from "../../interview/model.ts";
import { applyChange } from "../../interview/sessionChange.ts";
import type { StoredChange } from "../../ports/store.ts";
import { coalesce } from "./coalesce.ts";

/** A session with its row's mark at that time: every write of the row changes the mark. */
export interface Marked {
  session: Session;
  mark: string;
}

export interface SessionSource {
  /** Loads whole sessions; those that do not exist are missing from the map. */
  load(ids: string[]): Promise<Map<string, Marked>>;
  /** Loads the current marks; those of sessions that do not exist are missing from the map. */
  marks(ids: string[]): Promise<Map<string, string>>;
}

/** One query at a time, but one that takes longer than 100 ms no longer holds the next one back. */
const oneByOne = { concurrency: 1, slowMs: 100 };
const maxSessions = 10_000;
/** Limit for the texts of cached sessions; a character takes up to two bytes. */
const maxCharacters = 32_000_000;

/**
 * A cache of sessions that is never stale: each use checks with the database that the row still has the same mark.
 * Simultaneous checks share one query, which starts after all of them were requested; so each caller sees a state that
 * was current at some moment after its request, whichever node wrote last.
 */
export class SessionCache {
  readonly #read: (id: string) => Promise<Marked | null>;
  readonly #markOf: (id: string) => Promise<string | null>;
  /** Least recently used first. */
  readonly #kept = new Map<string, Marked & { characters: number }>();
  #characters = 0;

  constructor(source: SessionSource) {
    this.#read = coalesce((ids) => source.load(ids), oneByOne);
    this.#markOf = coalesce((ids) => source.marks(ids), oneByOne);
  }

  async load(id: string): Promise<Session | null> {
    if (this.#kept.has(id)) {
      const mark = await this.#markOf(id);
      const kept = this.#kept.get(id);
      if (kept !== undefined && kept.mark === mark) {
        this.#kept.delete(id);
        this.#kept.set(id, kept);
        return kept.session;
      }
    }
    const loaded = await this.#read(id);
    if (loaded === null) this.forget(id);
    else this.keep(loaded);
    return loaded?.session ?? null;
  }

  /** The cached session, unchecked. */
  recall(id: string): Session | null {
    return this.#kept.get(id)?.session ?? null;
  }

  /** Applies a change that another node has stored, if it follows on the cached state. */
  learn(change: StoredChange): void {
    const session = this.recall(change.id);
    if (session?.version === change.before) this.keep({ session: applyChange(session, change), mark: change.mark });
  }

  keep(marked: Marked): void {
    const { id } = marked.session;
    this.forget(id);
    const characters = charactersOf(marked.session);
    this.#kept.set(id, { ...marked, characters });
    this.#characters += characters;
    while (this.#kept.size > maxSessions || this.#characters > maxCharacters) {
      this.forget(this.#kept.keys().next().value!);
    }
  }

  forget(id: string): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#characters -= kept.characters;
  }
}

/** Approximate size of a session. */
function charactersOf(session: Session): number {
  let characters = 2_000 + (session.jobDescription?.length ?? 0) + 2_000 * session.planned.length;
  for (const { text, reference, answer, scoring } of session.questions) {
    characters += 1_000 + text.length + reference.answer.length + (answer?.text.length ?? 0);
    if (scoring?.state === "SCORED") characters += 1_000 + scoring.score.feedback.length;
  }
  return characters;
}
