export interface BatcherOptions<T> {
  /** Batches at work at the same time. */
  concurrency?: number;
  /** Items of one batch. */
  maxSize?: number;
  /** A batch that takes longer, as behind a lock, no longer keeps others from beginning. */
  slowMs?: number;
  /** Of items with the same key a batch takes one. */
  keyOf?(item: T): unknown;
  /** So many that wait are the mark of a storm: the next batch then waits a little for more of them. */
  storm?: { from: number; pauseMs: number };
}

/**
 * Does things together: what is added while as many batches are at work as may be makes up the next one, so no batch
 * has begun before its items were added. Resolves with what the batch that an item was part of brought, or fails with it.
 */
export function createBatcher<T, Result = void>(
  work: (items: T[]) => Promise<Result>,
  options: BatcherOptions<T> = {},
): { add(item: T): Promise<Result> } {
  const { concurrency = 1, maxSize = Number.POSITIVE_INFINITY, slowMs, keyOf = (item) => item, storm } = options;
  let waiting: { item: T; outcome: PromiseWithResolvers<Result> }[] = [];
  let running = 0;
  let scheduled = false;
  let notBefore = 0;

  function schedule(): void {
    if (scheduled || running >= concurrency || waiting.length === 0) return;
    scheduled = true;
    const pause = notBefore - performance.now();
    if (pause > 0) setTimeout(begin, pause);
    // After everything that is ready to be handled now: it may come along.
    else setImmediate(begin);
  }

  function begin(): void {
    scheduled = false;
    if (storm && waiting.length >= storm.from) notBefore = performance.now() + storm.pauseMs;
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

  /** Takes a batch's place; it is given back once, at the end or when the batch turns out to be slow. */
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
