import type { Session } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

const intervalMs = 40;

/** Tells watchers of a question while it is being written, a few pieces at a time rather than token by token. */
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

    /** An interviewer that writes nothing piece by piece still shows its question before it is asked. */
    finish(text: string): void {
      if (!told && pending === null) pending = { offset: 0, text };
      flush();
    },

    /** What was told will not be asked: whoever watches has nothing of it any more. */
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
