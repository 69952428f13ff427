import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { AnswerScore, Locale } from "../../interview/model.ts";
import type { AnswerToScore } from "../../ports/interviewer.ts";

/** Grades answers as `scoreAnswer` does; rejects with the signal's reason where nobody waits any more. */
export type Scorer = (answer: AnswerToScore, locale: Locale, signal: AbortSignal) => Promise<AnswerScore>;

export interface ScoringTask {
  answer: AnswerToScore;
  locale: Locale;
}

export type ScoringReply = { score: AnswerScore } | { error: unknown };

interface Waiting extends ScoringTask {
  signal: AbortSignal;
  resolve(score: AnswerScore): void;
  reject(error: unknown): void;
}

/**
 * A scorer in a thread of its own: a grade takes tenths of a second, for which no request should wait. The thread begins
 * with the first answer and gets them one by one, so that those of who gave up are never graded.
 */
export function createThreadedScorer(): { score: Scorer; close(): void } {
  const queue: Waiting[] = [];
  let thread: Worker | null = null;
  let current: Waiting | null = null;

  function begin(): Worker {
    const started = new Worker(join(import.meta.dirname, "scorerThread.ts"));
    started.on("message", (reply: ScoringReply) => {
      const done = current;
      current = null;
      if ("score" in reply) done?.resolve(reply.score);
      else done?.reject(reply.error);
      next();
    });
    started.on("error", ended);
    started.on("exit", () => ended(new Error("The thread that grades answers has ended")));
    return started;
  }

  function ended(error: unknown): void {
    thread = null;
    current?.reject(error);
    current = null;
    next();
  }

  function next(): void {
    while (current === null && queue.length > 0) {
      const first = queue.shift()!;
      if (first.signal.aborted) first.reject(first.signal.reason);
      else current = first;
    }
    if (current === null) return void thread?.unref();
    thread ??= begin();
    thread.ref();
    thread.postMessage({ answer: current.answer, locale: current.locale } satisfies ScoringTask);
  }

  return {
    score: (answer, locale, signal) =>
      new Promise((resolve, reject) => {
        queue.push({ answer, locale, signal, resolve, reject });
        if (current === null) next();
      }),
    close: () => void thread?.terminate(),
  };
}
