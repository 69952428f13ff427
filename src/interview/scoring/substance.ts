import { nearness, type WordMeanings } from "./overlap.ts";
import { contentWords, isFiller, isHan, stem, wordsOf } from "./words.ts";

/** What is left of an answer once what it says to the grader is taken out. */
export function withoutInstructions(answer: string): string {
  return sentencesOf(answer)
    .filter((sentence) => !instructions.some((pattern) => pattern.test(sentence)))
    .join(" ");
}

const instructions = [
  /\b(?:full|top|maximum|max|perfect|highest)\s+(?:marks?|points?|scores?|credits?|grades?)\b/i,
  /\b(?:give|award|grant|grade|score|rate|mark|assign)\b.{0,40}\b(?:100|full|perfect|maximum|max|highest|top|10\/10|a\+|points?|marks?|score)\b/i,
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|above|prior|rubric|instructions?|rules?|criteria|reference)\b/i,
  /\b(?:you are|act as|as an?)\b.{0,30}\b(?:grader|evaluator|ai|assistant|language model)\b/i,
  /\b(?:system|assistant|developer)\s*(?:prompt|message)?\s*[:：]/i,
  /"?(?:accuracy|completeness|clarity|score)"?\s*[:=]\s*"?\d/i,
  /(?:给|打|评)\S{0,8}(?:满分|一百分|100|最高分|高分)/,
  /(?:忽略|无视|忘记|不要理会)\S{0,12}(?:指令|规则|标准|要求|提示|以上|之前)/,
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

/** Words in a row rather than sentences: hardly any of the small words that hold a sentence together. */
export function isWordList(answer: string): boolean {
  const pieces = answer.split(/[,，、;；。|/\n]+/).filter((piece) => piece.trim() !== "");
  if (/\p{Script=Han}/u.test(answer)) {
    // A Latin word among them is as long as a Han word.
    const bits = pieces.flatMap((piece) =>
      piece
        .replaceAll(/[\w@.+#-]+/g, "--")
        .trim()
        .split(/\s+/),
    );
    const letters = bits.reduce((sum, bit) => sum + [...bit].length, 0);
    if (/[。！？]/.test(answer)) return false;
    const usual = /[是会把被让使]/.test(answer) ? 6.5 : 8;
    return bits.length >= 3 && letters / bits.length <= usual && bits.every((bit) => [...bit].length <= 16);
  }
  if (pieces.length >= 3 && pieces.every((piece) => wordsOf(piece).length <= 5)) return true;
  const words = wordsOf(answer);
  return words.length >= 5 && words.filter(isFiller).length / words.length < 0.08;
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
    .split(/(?<=[.!?。！？;；])\s+|(?<=[。！？；])|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
