import { type BatcherOptions, createBatcher } from "../../shared/batcher.ts";

/** For bursts of reads, as when all clients of a dead node reconnect to another one. */
const burstOptions = { concurrency: 2, maxSize: 500, burst: { from: 4, pauseMs: 40 } };

/**
 * Batches reads of many keys. A key requested while the statements are running waits for the next one, so no caller
 * gets the result of a statement that began before its request. Callers of the same key share one result; null when it
 * has none.
 */
export function coalesce<Key, Value>(
  read: (keys: Key[]) => Promise<ReadonlyMap<Key, Value>>,
  options: BatcherOptions<Key> = burstOptions,
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
