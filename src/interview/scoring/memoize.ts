/** Memoises by word, with a bound: answers must not make the cache grow without end. */
export function memoize<Found>(find: (word: string) => Found): (word: string) => Found {
  const known = new Map<string, Found>();
  return (word) => {
    // V8 stores a longer substring as a slice that would keep the whole text in memory.
    if (word.length > 12) return find(word);
    let found = known.get(word);
    if (found === undefined) {
      found = find(word);
      if (known.size > most) known.clear();
      known.set(word, found);
    }
    return found;
  };
}

/** More than all the words of the bank. */
const most = 100_000;

/** Computes a value on first use. */
export function lazy<Made>(make: () => Made): () => Made {
  let made: { it: Made } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
