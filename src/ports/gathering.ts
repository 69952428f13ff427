/**
 * Does things together: what is added while a round is under way makes up the next one. Resolves, or fails, with the
 * round that an item was part of.
 */
export function createGathering<T>(work: (items: T[]) => Promise<void>): { add(item: T): Promise<void> } {
  let next: { items: T[]; done: Promise<void> } | null = null;
  let last: Promise<void> = Promise.resolve();

  function begin(items: T[]): Promise<void> {
    const before = last;
    const done = (async () => {
      await before;
      // What ends in the same moment goes along.
      await new Promise((resolve) => setImmediate(resolve));
      next = null;
      await work(items);
    })();
    last = done.catch(() => {});
    return done;
  }

  return {
    add(item) {
      if (next === null) {
        const items: T[] = [];
        next = { items, done: begin(items) };
      }
      next.items.push(item);
      return next.done;
    },
  };
}
