import type { Session } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

const intervalMs = 40;

/** Publishes a question while it is being written, in batches of pieces rather than token by token. */
export function createDeltas(deps: Deps, session: Session) {
  let pending: { offset: number; text: string } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let told = false;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending === null) return;
    deps.bus.publish([
      {
        kind: "QuestionDelta",
        sessionId: session.id,
        ownerId: session.ownerId,
        seq: null,
        occurredAt: deps.clock.now(),
        index: session.questions.length,
        ...pending,
      },
    ]);
    pending = null;
    told = true;
  }

  return {
    write(offset: number, text: string): void {
      const continues = pending !== null && offset === pending.offset + [...pending.text].length;
      if (pending !== null && !continues) flush();
      pending = pending === null ? { offset, text } : { offset: pending.offset, text: pending.text + text };
      timer ??= setTimeout(flush, intervalMs);
    },

    /** Also shows the question of an interviewer that does not stream before it is asked. */
    finish(text: string): void {
      if (!told && pending === null) pending = { offset: 0, text };
      flush();
    },

    /** The text published so far will not be asked: watchers are to discard it. */
    takeBack(): void {
      pending = told ? { offset: 0, text: "" } : null;
      flush();
    },

    stop(): void {
      clearTimeout(timer);
      pending = null;
    },
  };
}
