/** Statements of one kind under way at the same time. */
const atOnce = 2;
/** Keys of one statement. */
const most = 500;
/** So many keys together are the mark of a storm: the next statement then waits a little for more of them. */
const many = 4;
const pauseMs = 80;

/**
 * Reads many keys at once. A key asked for while the statements are busy waits for the next one; none is ever answered
 * by a statement that began before it was asked for. null for a key that brought nothing; the same key's askers share
 * what it brought.
 */
export function coalesce<Key, Value>(
  read: (keys: Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | null> {
  const waiting = new Map<Key, { promise: Promise<Value | null>; settle: Settle<Value> }>();
  let running = 0;
  let scheduled = false;
  let notBefore = 0;

  function schedule(): void {
    if (scheduled || running >= atOnce || waiting.size === 0) return;
    scheduled = true;
    const pause = notBefore - performance.now();
    if (pause > 0) setTimeout(begin, pause);
    // After everything that is ready to be handled now: it may ask as well.
    else setImmediate(begin);
  }

  function begin(): void {
    scheduled = false;
    if (waiting.size >= many) notBefore = performance.now() + pauseMs;
    const taken = [...waiting].slice(0, most);
    for (const [key] of taken) waiting.delete(key);
    running++;
    read(taken.map(([key]) => key))
      .then(
        (found) => {
          for (const [key, { settle }] of taken) settle.resolve(found.get(key) ?? null);
        },
        (error) => {
          for (const [, { settle }] of taken) settle.reject(error);
        },
      )
      .finally(() => {
        running--;
        schedule();
      });
    schedule();
  }

  return (key) => {
    const known = waiting.get(key);
    if (known) return known.promise;
    const { promise, resolve, reject } = Promise.withResolvers<Value | null>();
    waiting.set(key, { promise, settle: { resolve, reject } });
    schedule();
    return promise;
  };
}

interface Settle<Value> {
  resolve(value: Value | null): void;
  reject(error: unknown): void;
}
