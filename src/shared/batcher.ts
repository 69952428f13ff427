export interface BatcherOptions<T> {
  /** Concurrent batches. */
  concurrency?: number;
  /** Items per batch. */
  maxSize?: number;
  /** A batch that takes longer, as behind a lock, no longer counts against the concurrency. */
  slowMs?: number;
  /** A batch takes at most one item per key. */
  keyOf?(item: T): unknown;
  /** When this many items are waiting, the next batch is delayed a little to collect more. */
  burst?: { from: number; pauseMs: number };
}

/**
 * Processes items in batches. Items added while the maximum of batches is running form the next one, so no batch begins
 * before its items were added. Resolves with the result of the item's batch, or fails with it.
 */
export function createBatcher<T, Result = void>(
  work: (items: T[]) => Promise<Result>,
  options: BatcherOptions<T> = {},
): { add(item: T): Promise<Result> } {
  const { concurrency = 1, maxSize = Number.POSITIVE_INFINITY, slowMs, keyOf = (item) => item, burst } = options;
  let waiting: { item: T; outcome: PromiseWithResolvers<Result> }[] = [];
  let running = 0;
  let scheduled = false;
  let notBefore = 0;

  function schedule(): void {
    if (scheduled || running >= concurrency || waiting.length === 0) return;
    scheduled = true;
    const pause = notBefore - performance.now();
    if (pause > 0) setTimeout(begin, pause);
    // After everything that is ready to run now: it may add items.
    else setImmediate(begin);
  }

  function begin(): void {
    scheduled = false;
    if (burst && waiting.length >= burst.from) notBefore = performance.now() + burst.pauseMs;
    const batch = takeBatch();
    const leave = enter();
    work(batch.map(({ item }) => item))
      .then(
        (result) => {
          for (const { outcome } of batch) outcome.resolve(result);
        },
        (error) => {
          for (const { outcome } of batch) outcome.reject(error);
        },
      )
      .finally(leave);
    schedule();
  }

  function takeBatch(): typeof waiting {
    const batch = new Map<unknown, (typeof waiting)[number]>();
    waiting = waiting.filter((one) => {
      const key = keyOf(one.item);
      if (batch.size >= maxSize || batch.has(key)) return true;
      batch.set(key, one);
      return false;
    });
    return [...batch.values()];
  }

  /** Counts a batch as running. The function returned uncounts it, once: when it ends or turns out to be slow. */
  function enter(): () => void {
    running++;
    let isInside = true;
    const leave = (): void => {
      clearTimeout(timer);
      if (!isInside) return;
      isInside = false;
      running--;
      schedule();
    };
    const timer = slowMs === undefined ? undefined : setTimeout(leave, slowMs);
    return leave;
  }

  return {
    add(item) {
      const outcome = Promise.withResolvers<Result>();
      waiting.push({ item, outcome });
      schedule();
      return outcome.promise;
    },
  };
}
