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
  /** Begins to save, first of all what was left over from before a reload. */
  open(): void;
  /** Saves nothing until it is opened again. */
  close(): void;
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
  const state = createSignal<DraftState>(stored === "" ? "EMPTY" : "SAVED");
  /** Own saves come back as events, at times after a newer save was answered. */
  const sent = new Set<string>();
  let saved = stored;
  let saving: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open = false;

  function schedule(ms: number): void {
    clearTimeout(timer);
    if (open) timer = setTimeout(flush, ms);
  }

  function flush(): void {
    clearTimeout(timer);
    if (open) saving ??= run().finally(() => (saving = null));
  }

  async function run(): Promise<void> {
    while (open && text.get() !== saved) {
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
    open() {
      open = true;
      if (text.get() !== saved) schedule(0);
    },
    close() {
      open = false;
      clearTimeout(timer);
    },
  };
}
