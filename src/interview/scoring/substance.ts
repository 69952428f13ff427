import { nearness, type WordMeanings } from "./overlap.ts";
import { contentWords, hasHan, isFiller, stem, wordsOf } from "./words.ts";

/** What is left of an answer once what it says to the grader is taken out. */
export function withoutInstructions(answer: string): string {
  return sentencesOf(answer)
    .filter((sentence) => !instructions.some((pattern) => pattern.test(sentence)))
    .join("\n");
}

const instructions = [
  /\b(?:full|top|maximum|max|perfect|highest)\s+(?:marks?|points?|scores?|credits?|grades?)\b/i,
  /\b(?:give|award|grant|grade|score|rate|mark|assign)\b.{0,40}\b(?:100(?! ?[a-z%])|10\/10|a\+|(?:full|perfect|max(?:imum)?|highest|top|all) (?:\w+ )?(?:points?|marks?|scores?|grades?|rating))/i,
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|above|prior|rubric|instructions?|rules?|criteria|reference)\b/i,
  /\b(?:you are|act as|as an?)\b.{0,30}\b(?:grader|evaluator|ai|assistant|language model)\b/i,
  /\b(?:system|assistant|developer)\s*(?:prompt|message)?\s*[:：]/i,
  /\b(?:reference|expected) answer|\bcorrect score|\b(?:evaluator|grader)s?\b/i,
  /"?(?:accuracy|completeness|clarity|score)"?\s*[:=]\s*"?\d/i,
  /(?:给|打|评)\S{0,8}(?:满分|一百分|100|最高分|高分)/,
  /(?:忽略|无视|忘记|不要理会)\S{0,12}(?:指令|规则|标准|要求|提示|以上|之前)/,
  /参考答案|评分标准|(?:所有|全部)(?:关键)?要点/,
  /(?:你是|作为)\S{0,6}(?:评分|评委|考官|AI|助手)/i,
];

/** The answer says little that the question had not said already. */
export function repeatsQuestion(answer: string, question: string): "WHOLLY" | "MOSTLY" | null {
  const asked = new Set(contentWords(question).map(stem));
  const said = [...new Set(contentWords(answer).map(stem))];
  const fresh = said.filter((word) => !asked.has(word));
  if (said.length < 3) return null;
  if (fresh.length === 0) return "WHOLLY";
  return fresh.length / said.length <= 0.25 ? "MOSTLY" : null;
}

/**
 * The sentences without those that are only words in a row: each by itself, so that nothing around a list makes prose
 * of it; short ones together with their neighbours, since a list may have a line or a full stop for each word.
 */
export function proseOf(text: string): string[] {
  const runs: string[][] = [];
  let isShort = false;
  for (const sentence of sentencesOf(text)) {
    const short = hasHan(sentence) ? sentence.length < 12 : wordsOf(sentence).length < 5;
    if (short && isShort) runs.at(-1)!.push(sentence);
    else runs.push([sentence]);
    isShort = short;
  }
  return runs.filter((run) => !isRow(run.join("\n"))).flat();
}

/** Surely no sentence: a part of an answer tells less than a whole one, so in doubt it is read. */
export function isRow(text: string): boolean {
  if (hasHan(text)) return isHanWordList(text, 1);
  const words = wordsOf(text);
  const split = (by: RegExp): string[][] =>
    text
      .split(by)
      .map(wordsOf)
      .filter((piece) => piece.length > 0);
  const pieces = split(/[,;:|/\n]+|[.!?](?:\s|$)|\s[-*\u2022]\s/);
  if (isEnumeration(pieces, 3, 3)) return true;
  if (isEnumeration(split(/[,;:|/\n]+|[.!?](?:\s|$)|\s[-*\u2022]\s|\b(?:and|or)\b/), 4, 2.5)) return true;
  if (isEnumeration(split(/\b(?:and|or)\b/), 6, 3.5)) return true;
  const fillers = words.filter(isFiller).length;
  if (words.length >= 5 && fillers / words.length < (words.length < 8 ? 0.01 : 0.12)) return true;
  return pieces.length === 1 && !/[.!?]\s*$/.test(text) && (fillers / words.length < 0.16 || isStrung(words, fillers));
}

/** Pieces of a few words each, hardly any of which says that something is so. */
function isEnumeration(pieces: string[][], atLeast: number, usual: number): boolean {
  const words = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const statements = pieces.filter((piece) => piece.length >= 3 && piece.some((word) => sentenceWords.has(word)));
  return pieces.length >= atLeast && words / pieces.length <= usual && statements.length / pieces.length < 0.34;
}

/** Prose has a small word every few words; names and terms strung together come in long rows. */
function isStrung(words: string[], fillers: number): boolean {
  let [row, longest, rows] = [0, 0, 0];
  for (const word of words) {
    row = isFiller(word) ? 0 : row + 1;
    if (row === 1) rows++;
    longest = Math.max(longest, row);
  }
  const usual = (words.length - fillers) / Math.max(1, rows);
  return words.length >= 8 && ((longest >= 6 && fillers / words.length < 0.28) || (longest >= 5 && usual >= 3.2));
}

/** Who does something, that something is so, and how statements hang together. */
const sentenceWords = new Set(
  (
    "i we you it they he she this that these those there who which is are was were be been am has have had do does did " +
    "can cannot could will would should must may might not never because if when so then while until but although " +
    "means makes lets gives keeps takes needs gets goes comes becomes happens works uses"
  ).split(" "),
);

/** Words in a row in Chinese, where a Latin word is as long as a Han word. */
function isHanWordList(answer: string, doubt: number): boolean {
  const text = answer
    .trim()
    .replaceAll(/^\s*\d+[.)、]/gm, "")
    .replaceAll(/[\w@+#%](?:[\w@.+#()%-]*[\w+#)%])?/g, "词词");
  const split = (by: RegExp): string[] => text.split(by).filter((bit) => bit !== "");
  const parts = split(/[\s\p{P}\p{S}]+/u);
  const bits = parts.length >= 3 ? parts : split(/[\s\p{P}\p{S}和与及或]+/u);
  const letters = bits.reduce((sum, bit) => sum + [...bit].length, 0);
  const usual = (/[是会把被让使]/.test(text) ? 6.5 : 8) - doubt;
  return bits.length >= 3 && letters / bits.length <= usual && bits.every((bit) => [...bit].length <= 12 - 2 * doubt);
}

/** How much of the answer has to do with what was asked or what a good answer says: in all, and as a part of it. */
export function topicality(answer: string, topic: string, meanings: WordMeanings): { evidence: number; share: number } {
  const about = [...new Set(contentWords(topic))];
  let [evidence, near, whole] = [0, 0, 0];
  for (const word of new Set(contentWords(answer))) {
    const weight = 0.1 + meanings.telling(word);
    const best = Math.max(0, ...about.map((other) => nearness(word, other, meanings)));
    evidence += best < 0.5 ? 0 : weight * best ** 3;
    near += weight * best;
    whole += weight;
  }
  return { evidence, share: whole === 0 ? 0 : near / whole };
}

/** Parts of sentences that make one statement each. */
export function clausesOf(text: string): string[] {
  return sentencesOf(text)
    .flatMap((sentence) => sentence.split(/[,;:，；：]|\b(?:while|whereas|but)\b|而|但/))
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}

/** Linear in the text, whatever it is. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？；])\s+|(?<=[。！？；])|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
