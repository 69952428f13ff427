import { nearness, type WordMeanings } from "./overlap.ts";
import { contentWords, isFiller, isHan, stem, wordsOf } from "./words.ts";

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

/** Words in a row rather than sentences: hardly any of the small words and verbs that hold a sentence together. */
export function isWordList(answer: string): boolean {
  if (/\p{Script=Han}/u.test(answer)) return isHanWordList(answer);
  const split = (by: RegExp): string[][] =>
    answer
      .split(by)
      .map(wordsOf)
      .filter((piece) => piece.length > 0);
  const parts = split(/[,;:|/\n，、；：。]+|[.!?](?:\s|$)|\s[-*\u2022]\s/);
  const pieces = parts.length >= 3 ? parts : split(/[,;:|/\n，、；：。]+|[.!?](?:\s|$)|\b(?:and|or)\b/);
  const words = pieces.flat();
  const usual = words.length / pieces.length;
  if (pieces.length >= 3 && usual <= 4 && pieces.every((piece) => piece.length <= 6)) {
    const statements = pieces.filter((piece) => piece.slice(0, 2).some((word) => subjects.has(word)));
    if (words.length < 16 || statements.length / pieces.length < 0.5) return true;
  }
  if (words.length < 5) return false;
  const fillers = words.filter(isFiller);
  const small = fillers.filter((word) => word.length <= 3);
  if (fillers.length / words.length < 0.15 || small.length / words.length < 0.06) return true;
  return !words.some((word) => sentenceWords.has(word) || articles.has(word));
}

/** Who does something, that something is so, and how statements hang together. */
const sentenceWords = new Set(
  (
    "i we you it they he she this that these those there who which is are was were be been am has have had do does did " +
    "can cannot could will would should must may might not never because if when so then while until but although " +
    "means makes lets gives keeps takes needs gets goes comes becomes happens works uses"
  ).split(" "),
);

const subjects = new Set(["i", "we", "you", "they", "it"]);
const articles = new Set(["a", "an", "the"]);

/** The same in Chinese, where a Latin word is as long as a Han word. */
function isHanWordList(answer: string): boolean {
  const text = answer
    .trim()
    .replaceAll(/^\s*\d+[.)、]/gm, "")
    .replaceAll(/[\w@+#%](?:[\w@.+#()%-]*[\w+#)%])?/g, "词词");
  const split = (by: RegExp): string[] => text.split(by).filter((bit) => bit !== "");
  const parts = split(/[\s\p{P}\p{S}]+/u);
  const bits = parts.length >= 3 ? parts : split(/[\s\p{P}\p{S}和与及或]+/u);
  const letters = bits.reduce((sum, bit) => sum + [...bit].length, 0);
  const hasSentences = /[。！？][^。！？]/.test(text);
  const usual = (/[是会把被让使]/.test(text) ? 6.5 : 8) - (hasSentences ? 1.5 : 0);
  return bits.length >= 3 && letters / bits.length <= usual && bits.every((bit) => [...bit].length <= 12);
}

/**
 * The sentences that say something of what a good answer says. Words of the question count nothing, common ones next to
 * nothing: they stand in every text. What was mixed in about other things is not read, so padding gains nothing.
 */
export function pertinentSentences(text: string, expected: string, question: string, meanings: WordMeanings): string[] {
  const asked = new Set(contentWords(question).map(stem));
  const isFresh = (word: string): boolean => !asked.has(stem(word));
  const wanted = [...new Set(contentWords(expected))].filter(isFresh);
  const stems = new Set(wanted.map(stem));
  const askedPhrases = new Set(phrasesOf(question));
  const phrases = new Set(phrasesOf(expected).filter((phrase) => !askedPhrases.has(phrase)));
  const near = (word: string): number => {
    if (stems.has(stem(word))) return 1;
    return isHan(word) ? 0 : Math.max(0, ...wanted.map((other) => nearness(word, other, meanings))) ** 3;
  };
  return sentencesOf(text).filter((sentence) => {
    let [found, whole] = [0, 0];
    for (const word of new Set(contentWords(sentence).filter(isFresh))) {
      const telling = specificity(word, meanings);
      whole += telling;
      found += telling * near(word);
    }
    const inPhrases = phrasesOf(sentence).filter((phrase) => phrases.has(phrase)).length;
    whole += inPhrases;
    found += inPhrases;
    // Much of a long sentence, or most of a short one.
    return found >= 0.8 && (found * found) / whole >= pertinentFrom(sentence);
  });
}

/** Pairs of characters meet less often than words that have relatives. */
function pertinentFrom(sentence: string): number {
  return /\p{Script=Han}/u.test(sentence) ? 0.25 : 0.35;
}

/** Words that stand side by side tell more than each of them; pairs of characters are such already. */
function phrasesOf(text: string): string[] {
  const stems = contentWords(text).map(stem);
  return stems.slice(1).flatMap((word, at) => (isHan(word) || isHan(stems[at]!) ? [] : `${stems[at]} ${word}`));
}

/** 0 for the few hundred commonest words, 1 for what is said of little else. */
function specificity(word: string, meanings: WordMeanings): number {
  return isHan(word) ? 1 : Math.min(1, Math.max(0, (meanings.weight(word) - 0.69) / 0.2));
}

/** How much of the answer has to do with what was asked or what a good answer says, 0 to 1. */
export function topicality(answer: string, topic: string, meanings: WordMeanings): number {
  const about = [...new Set(contentWords(topic))];
  const aboutSet = new Set(about);
  const said = [...new Set(contentWords(answer))];
  if (said.length === 0) return 0;
  let near = 0;
  for (const word of said) {
    if (aboutSet.has(word)) near += 1;
    else if (!isHan(word)) near += Math.max(0, ...about.map((other) => nearness(word, other, meanings)));
  }
  return near / said.length;
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
