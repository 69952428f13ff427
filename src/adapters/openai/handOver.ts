/** An unbounded channel: passes items from producer to consumer in order, without losing any. */
export function createHandOver<T>(): {
  push(item: T): void;
  end(): void;
  fail(error: unknown): void;
  items(): AsyncGenerator<T, void, undefined>;
} {
  const waiting: T[] = [];
  let outcome: { error?: unknown } | null = null;
  let wake: () => void = () => {};

  return {
    push(item) {
      waiting.push(item);
      wake();
    },
    end() {
      outcome = {};
      wake();
    },
    fail(error) {
      outcome = { error };
      wake();
    },
    async *items() {
      for (;;) {
        if (waiting.length > 0) yield waiting.shift()!;
        else if (outcome !== null) {
          if ("error" in outcome) throw outcome.error;
          return;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
