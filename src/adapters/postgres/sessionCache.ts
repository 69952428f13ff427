import type { Session } from "../../interview/model.ts";
import { applyChange } from "../../interview/sessionChange.ts";
import type { StoredChange } from "../../ports/store.ts";
import { coalesce } from "./coalesce.ts";

/** A session as it was read or written, with the mark that its row bore: every write of the row changes it. */
export interface Marked {
  session: Session;
  mark: string;
}

export interface SessionSource {
  /** Sessions read in full; nothing for those that are not there. */
  load(ids: string[]): Promise<Map<string, Marked>>;
  /** The marks that the rows of sessions bear now; nothing for those that are not there. */
  marks(ids: string[]): Promise<Map<string, string>>;
}

/** One question is under way at a time; past 100 ms others no longer wait for its end. */
const oneByOne = { concurrency: 1, slowMs: 100 };
const maxSessions = 10_000;
/** About as many bytes, twice, are what the texts of kept sessions may take. */
const maxCharacters = 32_000_000;

/**
 * Sessions kept in memory and never stale: each use asks the database whether the row still bears the same mark. Those
 * who ask at the same time share one question, and it is put after all of them came; so what they are shown was true
 * at a moment after they asked, whichever node wrote last.
 */
export class SessionCache {
  readonly #read: (id: string) => Promise<Marked | null>;
  readonly #markOf: (id: string) => Promise<string | null>;
  /** Newest use last. */
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

  /** The session as it was seen last, unchecked. */
  recall(id: string): Session | null {
    return this.#kept.get(id)?.session ?? null;
  }

  /** What another node has written, where it follows on what is kept. */
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

/** Roughly what a session takes. */
function charactersOf(session: Session): number {
  let characters = 2_000 + (session.jobDescription?.length ?? 0) + 2_000 * session.planned.length;
  for (const { text, reference, answer, scoring } of session.questions) {
    characters += 1_000 + text.length + reference.answer.length + (answer?.text.length ?? 0);
    if (scoring?.state === "SCORED") characters += 1_000 + scoring.score.feedback.length;
  }
  return characters;
}
