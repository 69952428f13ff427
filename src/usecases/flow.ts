/**
 * Hands items over in the order in which they come: the first at once, and those that come while a hand-over is under
 * way together afterwards.
 */
export function createFlow<T>(handOver: (items: T[]) => Promise<void>): { push(item: T): void; end(): Promise<void> } {
  let waiting: T[] = [];
  let running: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;

  async function run(): Promise<void> {
    while (waiting.length > 0 && failure === null) {
      const items = waiting;
      waiting = [];
      try {
        await handOver(items);
      } catch (error) {
        failure = { error };
      }
    }
    running = null;
  }

  return {
    push(item) {
      // A run that finds nothing to do is over before it is known to have begun: the end would wait for it for ever.
      if (failure !== null) return;
      waiting.push(item);
      running ??= run();
    },
    async end() {
      while (running !== null) await running;
      if (failure !== null) throw failure.error;
    },
  };
}
