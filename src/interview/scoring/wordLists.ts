import { sentencesOf } from "./substance.ts";
import { hasHan, isFiller, plainText, wordsOf } from "./words.ts";

/**
 * The sentences of an answer, without what is only words in a row: each sentence by itself, so that nothing around a list
 * makes prose of it, and short ones together with their neighbours, since a list may have a line or a full stop for each
 * word. `wordings` are what a good answer goes by: strung together they are a list, however it is held together.
 */
export function proseOf(text: string, wordings: readonly string[]): string[] {
  // The longest first: a term may hold another one.
  const terms = [...wordings].sort((a, b) => b.length - a.length).map(termPattern);
  const runs: string[][] = [];
  let isOpen = false;
  for (const sentence of sentencesOf(text.replaceAll(itemNumber, "$1\n"))) {
    const isPiece = isFragment(sentence);
    if (isPiece && isOpen) runs.at(-1)!.push(sentence);
    else runs.push([sentence]);
    isOpen = isPiece;
  }
  return runs
    .filter((run) => !isRow(run.join("\n")) && !isStrungTogether(run.join("\n"), terms))
    .flat()
    .map((sentence) => withoutLeadingTerms(sentence, terms))
    .filter((sentence) => sentence !== "" && !isRow(sentence));
}

const itemNumber = /(^|\s)\d{1,2}(?:[.)](?=\s)|、)/g;

/** May belong to a list that has a line for each word. */
function isFragment(sentence: string): boolean {
  if (hasHan(sentence)) return sentence.length < 12;
  const words = wordsOf(sentence);
  return words.length < 5 || (words.length < 8 && !words.some((word) => sentenceWords.has(word)));
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
  const small = words.filter(isSmall);
  if (words.length >= 5 && small.length < 0.16 * words.length - 0.5) return true;
  if (words.length >= 10 && words.filter(isFiller).length < 0.08 * words.length) return true;
  if (isEnumeration(split(/\b(?:and|or)\b/), 6, 3.5)) return true;
  // Notes are short too, but they say how one thing stands to another.
  const linking = small.filter((word) => word !== "and" && word !== "or").length / words.length;
  if (linking < 0.22 && isEnumeration(split(/[,;:|/\n]+|[.!?](?:\s|$)|\s[-*\u2022]\s/), 3, 3)) return true;
  if (linking < 0.22 && isEnumeration(split(/[,;:|/\n]+|[.!?](?:\s|$)|\s[-*\u2022]\s|\b(?:and|or)\b/), 4, 2.5))
    return true;
  return isMonotonous(small) || isJumbled(words);
}

/** Pieces of a few words each, hardly any of which says that something is so. */
function isEnumeration(pieces: string[][], atLeast: number, usual: number): boolean {
  const words = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const statements = pieces.filter((piece) => piece.length >= 3 && piece.some((word) => sentenceWords.has(word)));
  return pieces.length >= atLeast && words / pieces.length <= usual && statements.length / pieces.length < 0.34;
}

/** The same few small words again and again, as between the items of a list. */
function isMonotonous(small: string[]): boolean {
  return small.length >= 6 && new Set(small).size / small.length <= 0.25;
}

/** Articles and prepositions stand before what they belong to, unless the words were shuffled. */
function isJumbled(words: string[]): boolean {
  const places = [...words.keys()].filter((at) => determiners.has(words[at]!) || prepositions.has(words[at]!));
  const wrong = places.filter((at) => {
    const next = words[at + 1];
    if (next === undefined) return true;
    return determiners.has(words[at]!) ? isFiller(next) && !afterDeterminers.has(next) : neverGoverned.has(next);
  });
  return wrong.length >= 3 ? wrong.length / places.length >= 0.2 : wrong.length === 2 && places.length <= 7;
}

const determiners = new Set("a an the my your our its their every".split(" "));
const afterDeterminers = new Set("more most other only very just such not each how".split(" "));
const prepositions = new Set("of in on for by from at into about between with".split(" "));
const neverGoverned = new Set(
  "and or of in on for by from at into with is are was were be been has have had do does did can could will would should may might if then so than".split(
    " ",
  ),
);

/** Words that hold others together; prose has one for every two of the others, a list hardly any. */
function isSmall(word: string): boolean {
  return isFiller(word) || sentenceWords.has(word) || linkWords.has(word);
}

/** Who does something, that something is so, and how statements hang together. */
const sentenceWords = new Set(
  (
    "i we you it they he she this that these those there who which is are was were be been am has have had do does did " +
    "can cannot could will would should must may might not never because if when so then while until but although " +
    "means makes lets gives keeps takes needs gets goes comes becomes happens works uses"
  ).split(" "),
);
const linkWords = new Set(
  (
    "no only over under without within instead after before through same both other one two out up off since where whose " +
    "itself"
  ).split(" "),
);

/** Terms of a good answer and next to nothing else: nobody speaks so. */
function isStrungTogether(text: string, terms: readonly RegExp[]): boolean {
  const { found, rest } = marked(text, terms);
  return found >= 3 && rest / (found + rest) <= 0.1;
}

/** A list that a sentence follows without a stop between them is cut off; terms that a verb follows are its subject. */
function withoutLeadingTerms(sentence: string, terms: readonly RegExp[]): string {
  const text = plainText(sentence);
  const termEnd = (from: number): number =>
    Math.max(
      0,
      ...terms.map((pattern) => {
        pattern.lastIndex = from;
        return pattern.test(text) ? pattern.lastIndex : 0;
      }),
    );
  let [found, end] = [0, 0];
  for (let at = 0; at < text.length; ) {
    const next = termEnd(at);
    if (next > 0) [found, end] = [found + 1, next];
    const glue = next > 0 ? 0 : (text.slice(at).match(leadingGlue)?.[0].length ?? 0);
    if (next === 0 && glue === 0) break;
    at = Math.max(next, at + glue);
  }
  const rest = text.slice(end).replace(/^[\s\p{P}]+/u, "");
  return found < 3 || /^(?:and|or|is|are|was|were|has|have|can|must|will|should|do|does)\b|^[是会可能都]/.test(rest)
    ? sentence
    : rest;
}

/** How many terms are in a text, and how many words besides them that are not glue. */
function marked(text: string, terms: readonly RegExp[]): { found: number; rest: number } {
  let left = plainText(text);
  let found = 0;
  for (const term of terms) {
    const parts = left.split(term);
    found += parts.length - 1;
    left = parts.join(" | ");
  }
  const words = left.replaceAll(hanGlue, " ").match(/\p{Script=Han}{1,2}|[\p{L}\p{N}+#]+/gu) ?? [];
  return { found, rest: words.filter((word) => !isFiller(word) && !glue.has(word)).length };
}

/** A term may be a stem, so a word may go on after it, but none may begin before it. */
function termPattern(term: string): RegExp {
  const letters = plainText(term).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`${/^[a-z0-9]/.test(letters) ? "(?<![a-z0-9])" : ""}${letters}[a-z]*`, "y");
}

/** What holds a list together, or begins it. */
const glue = new Set(
  (
    "first second third finally next further keyword keywords key word words term terms topic concept concepts answer " +
    "know knows use used using say mention mentioned think talk include includes including involve involves etc like no " +
    "without after before only one"
  ).split(" "),
);
const leadingGlue =
  /^(?:[\s\p{P}]|(?:and|or|the|a|of|with|for|in|then|first|also|like|keywords?|i know)\b|还有|以及|[和与及或有])/u;
const hanGlue =
  /关键词|关键字|首先|其次|然后|接着|最后|还有|以及|涉及|包括|包含|主要|方面|等等|我会|我们|会用|使用|用到|知道|了解|熟悉|掌握|这些|那些|就是|比如|例如|[的了是在和与及或有我会用到等之也都而且]/g;

const hanSentenceWords =
  /[是把被让只才都但不需则给到]|(?<!所|拥|共|公|私|原|固)有|会(?!话|议)|使(?!用)|(?<!主|重)要|(?<!性|功|智)能(?!力)|可(?!见)|应该|先(?!进)|就(?!绪)|(?<!主)从(?!库)/;

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
  // Notes are short too, but they say that something is so.
  const statements = bits.filter((bit) => [...bit].length >= 4 && hanSentenceWords.test(bit)).length;
  if (statements >= 0.34 * bits.length || bits.some((bit) => [...bit].length >= 8 && hanSentenceWords.test(bit)))
    return false;
  return bits.length >= 3 && letters / bits.length <= usual && bits.every((bit) => [...bit].length <= 12 - 2 * doubt);
}
