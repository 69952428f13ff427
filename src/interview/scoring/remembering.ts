/** The same words come again and again; what strangers write must not be kept without end. */
export function remembering<Found>(find: (word: string) => Found): (word: string) => Found {
  const known = new Map<string, Found>();
  return (word) => {
    // Cut from a text it would keep the whole text in memory, as V8 stores what is so long.
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

/** All words of the bank, and some more. */
const most = 100_000;

/** Made when it is first needed. */
export function once<Made>(make: () => Made): () => Made {
  let made: { it: Made } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
