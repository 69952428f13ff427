import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { AnswerScore, Locale } from "../../interview/model.ts";
import type { AnswerToScore } from "../../ports/interviewer.ts";

/**
 * Grades an answer like `scoreAnswer`; rejects with the signal's reason when aborted. Urgent answers, which a candidate
 * waits for, go first.
 */
export type Scorer = (
  answer: AnswerToScore,
  locale: Locale,
  signal: AbortSignal,
  goesFirst?: boolean,
) => Promise<AnswerScore>;

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
 * The thread's data takes 80 MB; without a limit V8 lets the heap grow to four times as much before it collects
 * garbage.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 };

/**
 * A grade takes hundredths of a second, the first one some seconds with the start of the thread. Past this limit it is
 * taken to hang.
 */
const longestMs = 60_000;

/**
 * Grades in a worker thread: hundredths of a second per answer are too long for the event loop. The thread starts on
 * warm(), or with the first answer, and gets one answer at a time, so that aborted ones are never graded.
 */
export function createThreadedScorer(
  program: string | URL = join(import.meta.dirname, "scorerThread.ts"),
  limitMs = longestMs,
): {
  score: Scorer;
  warm(): void;
  close(): void;
} {
  const queue: Waiting[] = [];
  let thread: Worker | null = null;
  let current: Waiting | null = null;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function begin(): Worker {
    const started = new Worker(program, { resourceLimits });
    started.unref();
    started.on("message", (reply: ScoringReply) => {
      // Outdated: another answer is being graded by now.
      if (started !== thread) return;
      clearTimeout(timer);
      const done = current;
      current = null;
      if ("score" in reply) done?.resolve(reply.score);
      else done?.reject(reply.error);
      next();
    });
    started.on("error", (error) => ended(started, error));
    started.on("exit", () => ended(started, hasEnded()));
    return started;
  }

  function ended(which: Worker, error: unknown): void {
    // "exit" follows an error: another thread may be running by then.
    if (which !== thread) return;
    clearTimeout(timer);
    thread = null;
    current?.reject(error);
    current = null;
    next();
  }

  /** One answer that hangs must not block all others. */
  function giveUp(which: Worker): void {
    ended(which, new Error(`An answer was not graded within ${limitMs} ms`));
    void which.terminate();
  }

  function next(): void {
    while (current === null && queue.length > 0) {
      const first = queue.shift()!;
      if (first.signal.aborted) first.reject(first.signal.reason);
      else if (isClosed) first.reject(hasEnded());
      else current = first;
    }
    if (current === null) return void thread?.unref();
    thread ??= begin();
    timer = setTimeout(giveUp, limitMs, thread);
    thread.ref();
    thread.postMessage({ answer: current.answer, locale: current.locale } satisfies ScoringTask);
  }

  return {
    score: (answer, locale, signal, goesFirst = false) =>
      new Promise((resolve, reject) => {
        const waiting = { answer, locale, signal, resolve, reject };
        if (goesFirst) queue.unshift(waiting);
        else queue.push(waiting);
        if (current === null) next();
      }),
    warm() {
      if (!isClosed) thread ??= begin();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      void thread?.terminate();
    },
  };
}

function hasEnded(): Error {
  return new Error("The thread that grades answers has ended");
}
