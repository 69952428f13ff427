import { sentencesOf } from "./substance.ts";
import { isTerse, namesOnly } from "./verbs.ts";
import { hasHan, isFiller, plainText, wordsOf } from "./words.ts";

/**
 * The sentences of an answer without lists of words. Each sentence is judged by itself, so that prose around a list does not
 * hide it, and short ones together with their neighbours, because a list may have a line or a full stop per word. `wordings`
 * are the accepted wordings of key points: strung together they are a list, whatever connects them.
 */
export function proseOf(text: string, wordings: readonly string[]): string[] {
  // The longest first: a term may hold another one.
  const terms = [...wordings].sort((a, b) => b.length - a.length).map(termPattern);
  const runs: string[][] = [];
  let isOpen = false;
  const whole = text.replaceAll(itemNumber, "$1\n");
  for (const sentence of sentencesOf(whole)) {
    const isPiece = isFragment(sentence);
    if (isPiece && isOpen) runs.at(-1)!.push(sentence);
    else runs.push([sentence]);
    isOpen = isPiece;
  }
  const prose = runs
    .filter((run) => !isWordList(run.join("\n")) && !isStrungTogether(run.join("\n"), terms))
    // A few words mistaken for verbs do not make prose of such a run.
    .filter((run) => run.length < 3 || !isNames(run.join("\n")))
    .flat()
    .map((sentence) => withoutLeadingTerms(sentence, terms))
    .filter((sentence) => sentence !== "" && !isWordList(sentence) && !isStrungTogether(sentence, terms));
  return withoutNames(prose, whole);
}

/** The sentences without lists of names; a few names beside sentences are kept. */
export function withoutNames(sentences: string[], whole: string): string[] {
  if (isList(whole) && isNames(whole)) return [];
  const said = sentences.filter((sentence) => !isNames(sentence));
  const rest = sentencesOf(whole).filter((sentence) => !said.includes(sentence));
  if (sizeOf(rest) >= sizeOf(said) && isList(rest.join("\n"))) return said;
  return sentences.filter((sentence) => said.includes(sentence) || !isList(sentence));
}

/** Whether a text only names things, apart from announcing that it does. */
export function isNames(text: string): boolean {
  return namesOnly(text.replaceAll(announcements, ", "));
}

/** Phrases that announce names ("it is about", "such as"). */
const announcements = new RegExp(
  [
    /\b(?:i|we|you|one)(?:['\u2019]d|\s+(?:would|will|can|could|should|must|also|have))*\s+(?:know|knew|say|mention|remember|heard|learned|studied|talk|think)(?:\s+(?:of|about))?\b/,
    /\b(?:it|this|that|answer|topic)(?:['\u2019]s|\s+(?:is|are|has|was))(?:\s+(?:all|mainly|mostly|basically|to\s+do))*\s+(?:about|with|related\s+to)\b/,
    /\b(?:this|that|it|answer|topic)\s+(?:includes?|involves?|concerns?|covers?)\b/,
    /\bthere\s+(?:is|are)\b/,
    /\b(?:the\s+)?(?:(?:most\s+)?(?:important|main|key|relevant|following)\s+)+(?:things?|points?|words?|aspects?|topics?|concepts?|terms?|ideas?|parts?|ones?)(?:\s+(?:is|are|here|include))*\b/,
    /\b(?:is|are)\s+(?:also\s+|very\s+|all\s+)*(?:important|relevant|involved|related\s+to|connected\s+(?:to|with)|key)\b/,
    /(?<=^|[，。；、：:,.\n])(?:我(?:觉得|认为|知道|了解|听说过?|熟悉|学过|会|想到)|(?:这|它|其中|答案|主要|关键|重点)(?:里|个|些|道题)*(?:主要)?就?(?:是|有|包括|包含|涉及到?)|有很多方面|涉及到?|包括|包含|首先|其次|然后|接着|最后|第[一二三四五六七八])(?:是|，|、)?/,
    /(?:(?:这|那)?(?:几|些)个?)?方面(?=[，。；、\n]|$)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "giu",
);

/** Two names or fewer are not a list: they may be all that is asked for. */
export function isList(said: string): boolean {
  const text = said.replaceAll(announcements, ", ");
  return sizeOf([text]) >= 8 || text.split(pieceEnds).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length >= 3;
}

const pieceEnds = /[\n,;:|/.!?，。；：、！？]+|\b(?:and|or|plus)\b|[和与及或]/;

function sizeOf(texts: string[]): number {
  return texts.reduce((sum, text) => sum + wordsOf(text).length, 0);
}

/** Phrases that only introduce terms. */
const frames = new RegExp(
  [
    /\b(?:i|we|you|one)\s+(?:(?:would|will|can|could|should|must|also|have|heard)\s+)*(?:know|knew|use|need|think|say|mention|consider|remember|heard|learned|studied|talk)(?:\s+(?:of|about|to\s+know))?\b/,
    /\b(?:it|this|that|there|here|answer|topic)\s+(?:is|are|has|have|was|includes?|involves?|concerns?|needs?|uses?)(?:\s+(?:all\s+)?about|\s+related\s+to|\s+also)?\b/,
    /\b(?:the\s+)?(?:(?:most\s+)?(?:important|main|key|many|several|relevant|following)\s+)+(?:things?|points?|words?|aspects?|topics?|concepts?|terms?|ideas?|parts?|ones?)(?:\s+(?:is|are|here|include))*\b/,
    /\b(?:is|are)\s+(?:also\s+|very\s+|all\s+)*(?:important|relevant|needed|used|involved|related\s+to|connected\s+(?:to|with)|key)\b/,
    /\b(?:such\s+as|for\s+(?:example|instance)|and\s+so\s+on|etc|keywords?|firstly?|secondly?|thirdly?|finally)\b/,
    /(?<=^|[，。；、：:,.\n])(?:[我您你](?:们)?(?:还|也|会|要|能|可以|一般|就)*(?:觉得|认为|知道|了解|听说过?|熟悉|学过|使用|用到?|想到)(?:的?(?:有|是))?|(?:这|它|其中|答案|主要|关键|重点)(?:里|个|些|道题)*(?:主要)?(?:就?是|有|包括|包含|涉及到?|需要)|关键词|关键字|需要|使用|涉及到?|包括|包含|比如|例如|还有|以及|有很多方面)/,
    /(?:(?:都|也|就)?(?:很|非常)?重要|(?:和|与|跟)[^，。、]{1,8}(?:有关|相关)|有关|相关|等等?|等?(?:这些)?方面)(?=[，。；、\n]|$)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "giu",
);

const itemNumber = /(^|\s)\d{1,2}(?:[.)](?=\s)|、)/g;

/** Short enough to be one item of a list with a line per item. */
function isFragment(sentence: string): boolean {
  if (hasHan(sentence)) return sentence.length < 8 * Math.max(1.5, sentence.split("、").length);
  return wordsOf(sentence).length < 9;
}

/** Clearly a list and no sentence; in doubt it counts as prose. */
export function isWordList(said: string): boolean {
  const text = said.replaceAll(frames, ", ");
  if (hasHan(text)) return !isTerse(text) && isHanList(text);
  const words = wordsOf(text);
  if (isTerse(text)) return isMonotonous(wordsOf(said)) || isJumbled(words);
  const split = (by: RegExp): string[][] =>
    text
      .split(by)
      .map(wordsOf)
      .filter((piece) => piece.length > 0);
  const small = words.filter(isSmall);
  if (words.length >= 4 && small.length < 0.16 * words.length - 0.5) return true;
  if (words.length >= 10 && words.filter(isFiller).length < 0.08 * words.length) return true;
  const listed = split(/[,;|/]+|(?<![.!?])\n/);
  if (listed.length >= 5 && words.length / listed.length <= 3) return true;
  // Notes are short too, but they relate things to each other.
  const linking = new Set(small.filter((word) => word !== "and" && word !== "or")).size / words.length;
  const [byMarks, byAnd] = [split(marks), split(marksAndConjunctions)];
  if (linking < 0.22 && (isEnumeration(byMarks, 3, 3) || isEnumeration(byAnd, 4, 2.5))) return true;
  if (linking === 0 && isEnumeration(byAnd, 3, 3)) return true;
  return isMonotonous(wordsOf(said)) || isJumbled(words);
}

const marks = /[,;:|/\n]+|[.!?](?:\s|$)|\s[-*\u2022]\s/;
const marksAndConjunctions = new RegExp(`${marks.source}|\\b(?:and|or)\\b`);

/** Pieces of a few words each, hardly any of them a statement. */
function isEnumeration(pieces: string[][], atLeast: number, usual: number): boolean {
  const words = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const statements = pieces.filter((piece) => piece.length >= 3 && piece.slice(1, -1).some(isSmall));
  return pieces.length >= atLeast && words / pieces.length <= usual && statements.length / pieces.length < 0.34;
}

/** The same few small words again and again, as between the items of a list; prose varies them. */
function isMonotonous(words: string[]): boolean {
  const small = words.filter(isSmall);
  if (small.length < 5) return false;
  const least = small.length < 0.4 * words.length ? 0.48 : small.length < 20 ? 0.75 : 0.9;
  return varietyOf(small) < least;
}

function varietyOf(small: string[]): number {
  return new Set(small).size / small.length ** 0.75;
}

/** Articles and prepositions in impossible places show that words were shuffled. */
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

/** A function word; prose has about one for every two others, a list hardly any. */
function isSmall(word: string): boolean {
  return isFiller(word) || sentenceWords.has(word) || linkWords.has(word);
}

/** Subjects, auxiliary verbs, conjunctions and very common verbs. */
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

/** Accepted wordings and hardly anything else. */
function isStrungTogether(text: string, terms: readonly RegExp[]): boolean {
  const { found, rest } = marked(text, terms);
  return found >= 3 && rest / (found + rest) <= 0.1;
}

/** Cuts off a list that runs into a sentence without a full stop; terms followed by a verb are its subject and stay. */
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

/** Counts the terms of a text, and its other words that are not glue. */
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

/** A term matches from the start of a word; it may be a stem, so the word may go on. */
function termPattern(term: string): RegExp {
  const letters = plainText(term).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`${/^[a-z0-9]/.test(letters) ? "(?<![a-z0-9])" : ""}${letters}[a-z]*`, "y");
}

/** Words that introduce or connect a list. */
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

const hanSmallWords =
  /可以|因为|所以|如果|以及|还有|我们|他们|不是|但是|而且|并且|或者|[的了是在会就把被让使但也还都不没无能要可而从到对给用比等与和或及以于为因则才只再先后又更最很它这那其我你们之并且若即需应时里中上下内每各个一另着过去来有]/g;
const hanSentenceWords =
  /[是把被让只才都但不需则给到]|(?<!所|拥|共|公|私|原|固)有|会(?!话|议)|使(?!用)|(?<!主|重)要|(?<!性|功|智)能(?!力)|可(?!见)|应该|先(?!进)|就(?!绪)|(?<!主)从(?!库)/;

function isHanList(text: string): boolean {
  const small = text.match(hanSmallWords) ?? [];
  if (small.length >= 12 && varietyOf(small) < 1) return true;
  // Terms written together without punctuation.
  const letters = [...text].length;
  if (letters >= 24 && small.length < 0.15 * letters && !/[\s，、；：,;]/.test(text)) return true;
  return isHanWordList(text);
}

/** A list of words in Chinese; a Latin word counts as two characters. */
function isHanWordList(answer: string): boolean {
  const text = answer
    .trim()
    .replaceAll(/^\s*\d+[.)、]/gm, "")
    .replaceAll(/[\w@#%](?:[\w@.+#()%-]*[\w+#)%])?/g, "词词");
  const split = (by: RegExp): string[] => text.split(by).filter((bit) => bit !== "");
  const parts = split(/[\s\p{P}\p{S}]+/u);
  const bits = parts.length >= 3 ? parts : split(/[\s\p{P}\p{S}和与及或]+/u);
  const letters = bits.reduce((sum, bit) => sum + [...bit].length, 0);
  const usual = /[是会把被让使]/.test(text) ? 5.5 : 7;
  // Notes are short too, but they make statements.
  const statements = bits.filter((bit) => [...bit].length >= 4 && hanSentenceWords.test(bit)).length;
  if (statements >= 0.34 * bits.length || bits.some((bit) => [...bit].length >= 8 && hanSentenceWords.test(bit)))
    return false;
  return bits.length >= 3 && letters / bits.length <= usual && bits.every((bit) => [...bit].length <= 10);
}
