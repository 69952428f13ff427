export interface GatheringOptions<T> {
  /** Rounds at work at the same time. */
  atOnce?: number;
  /** Items of one round. */
  most?: number;
  /** A round that takes longer, as behind a lock, no longer keeps others from beginning. */
  slowMs?: number;
  /** Of items with the same key a round takes one. */
  keyOf?(item: T): unknown;
  /** So many that wait are the mark of a storm: the next round then waits a little for more of them. */
  storm?: { from: number; pauseMs: number };
}

/**
 * Does things together: what is added while as many rounds are under way as may be makes up the next one, so no round
 * has begun before its items were added. Resolves with what the round that an item was part of brought, or fails with it.
 */
export function createGathering<T, Result = void>(
  work: (items: T[]) => Promise<Result>,
  options: GatheringOptions<T> = {},
): { add(item: T): Promise<Result> } {
  const { atOnce = 1, most = Number.POSITIVE_INFINITY, slowMs, keyOf = (item) => item, storm } = options;
  let waiting: { item: T; round: PromiseWithResolvers<Result> }[] = [];
  let running = 0;
  let scheduled = false;
  let notBefore = 0;

  function schedule(): void {
    if (scheduled || running >= atOnce || waiting.length === 0) return;
    scheduled = true;
    const pause = notBefore - performance.now();
    if (pause > 0) setTimeout(begin, pause);
    // After everything that is ready to be handled now: it may come along.
    else setImmediate(begin);
  }

  function begin(): void {
    scheduled = false;
    if (storm && waiting.length >= storm.from) notBefore = performance.now() + storm.pauseMs;
    const taken = take();
    const leave = enter();
    work(taken.map(({ item }) => item))
      .then(
        (result) => {
          for (const { round } of taken) round.resolve(result);
        },
        (error) => {
          for (const { round } of taken) round.reject(error);
        },
      )
      .finally(leave);
    schedule();
  }

  function take(): typeof waiting {
    const taken = new Map<unknown, (typeof waiting)[number]>();
    waiting = waiting.filter((one) => {
      const key = keyOf(one.item);
      if (taken.size >= most || taken.has(key)) return true;
      taken.set(key, one);
      return false;
    });
    return [...taken.values()];
  }

  /** Takes the place of a round; it is given back once, at the end or when the round turns out to be slow. */
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
      const round = Promise.withResolvers<Result>();
      waiting.push({ item, round });
      schedule();
      return round.promise;
    },
  };
}
