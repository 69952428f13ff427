import { type BatcherOptions, createBatcher } from "../../shared/batcher.ts";

/** For reads that come in storms, as when all clients of a node that died look for another. */
const forStorms = { concurrency: 2, maxSize: 500, storm: { from: 4, pauseMs: 40 } };

/**
 * Reads many keys at once. A key asked for while the statements are busy waits for the next one; none is ever answered
 * by a statement that began before it was asked for. null for a key that brought nothing; the same key's askers share
 * what it brought.
 */
export function coalesce<Key, Value>(
  read: (keys: Key[]) => Promise<ReadonlyMap<Key, Value>>,
  options: BatcherOptions<Key> = forStorms,
): (key: Key) => Promise<Value | null> {
  const waiting = new Map<Key, Promise<Value | null>>();
  const batcher = createBatcher((keys: Key[]) => {
    for (const key of keys) waiting.delete(key);
    return read(keys);
  }, options);

  return (key) => {
    const known = waiting.get(key);
    if (known) return known;
    const answer = batcher.add(key).then((found) => found.get(key) ?? null);
    waiting.set(key, answer);
    return answer;
  };
}
