/** Hands items over in order: the first at once, and those that arrive during a hand-over together after it. */
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
      // A run with nothing to do ends before its promise is assigned: end() would wait for it for ever.
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
