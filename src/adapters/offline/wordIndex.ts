/** The weight of each word in each text, packed so that hundreds of thousands take a few megabytes. */
export interface WordIndex {
  /** The number of texts that contain a word. */
  count(word: string): number;
  /** The total weight of the words in each text. */
  sums(words: Iterable<string>): Float64Array;
}

export function indexWords(texts: readonly ReadonlyMap<string, number>[]): WordIndex {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of text.keys()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const numbers = new Map([...counts.keys()].map((word, number) => [word, number]));
  const starts = new Uint32Array(numbers.size + 1);
  for (const [number, count] of [...counts.values()].entries()) starts[number + 1] = starts[number]! + count;

  const next = starts.slice();
  const places = new Uint16Array(starts.at(-1)!);
  const weights = new Float32Array(places.length);
  for (const [at, text] of texts.entries()) {
    for (const [word, weight] of text) {
      const slot = next[numbers.get(word)!]!++;
      places[slot] = at;
      weights[slot] = weight;
    }
  }

  return {
    count(word) {
      const number = numbers.get(word);
      return number === undefined ? 0 : starts[number + 1]! - starts[number]!;
    },
    sums(words) {
      const sums = new Float64Array(texts.length);
      for (const word of words) {
        const number = numbers.get(word);
        if (number === undefined) continue;
        for (let slot = starts[number]!; slot < starts[number + 1]!; slot++) sums[places[slot]!]! += weights[slot]!;
      }
      return sums;
    },
  };
}
