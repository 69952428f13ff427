import { createSignal, type Signal } from "@vivavoce/client/signal.ts";

export type DraftState = "EMPTY" | "CHANGED" | "SAVING" | "SAVED" | "WAITING" | "REFUSED";

/** How the server took a draft; a rejected promise means that it was not reached. */
export type SaveDraft = (text: string) => Promise<"SAVED" | "REFUSED">;

/** The text of one answer while it is being written. */
export interface DraftKeeper {
  readonly text: Signal<string>;
  readonly state: Signal<DraftState>;
  /** The text as it is now in the editor. */
  type(text: string): void;
  /** A draft that arrived from the server; kept only when nothing here waits to be saved. */
  adopt(text: string): void;
  /** Saves now what waits, for instance when the connection is back. */
  flush(): void;
  /** Saves nothing any more; resolves when no save is under way. */
  close(): Promise<void>;
}

const quietMs = 600;
const retryMs = 3_000;

/**
 * Saves a draft once its writer pauses, one save at a time, the newest text always. What the server does not have yet is
 * kept in the tab under `key`, so that a reload during an outage loses nothing.
 */
export function createDraftKeeper(key: string, stored: string, save: SaveDraft): DraftKeeper {
  const unsaved = sessionStorage.getItem(key);
  const text = createSignal(unsaved ?? stored);
  const state = createSignal<DraftState>("EMPTY");
  /** Own saves come back as events, at times after a newer save was answered. */
  const sent = new Set<string>();
  let saved = stored;
  let saving: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function schedule(ms: number): void {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(flush, ms);
  }

  function flush(): void {
    clearTimeout(timer);
    if (!closed) saving ??= run().finally(() => (saving = null));
  }

  async function run(): Promise<void> {
    while (!closed && text.get() !== saved) {
      const sending = text.get();
      sent.add(sending);
      state.set("SAVING");
      try {
        const outcome = await save(sending);
        saved = sending;
        if (text.get() !== sending) continue;
        sessionStorage.removeItem(key);
        state.set(outcome);
      } catch {
        state.set("WAITING");
        return schedule(retryMs);
      }
    }
  }

  if (unsaved !== null && unsaved !== stored) schedule(0);
  else if (stored !== "") state.set("SAVED");

  return {
    text,
    state,
    flush,
    type(next) {
      text.set(next);
      sessionStorage.setItem(key, next);
      if (state.get() !== "WAITING") state.set("CHANGED");
      schedule(quietMs);
    },
    adopt(next) {
      if (sent.has(next) || text.get() !== saved) return;
      saved = next;
      text.set(next);
      state.set(next === "" ? "EMPTY" : "SAVED");
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await saving?.catch(() => {});
    },
  };
}
