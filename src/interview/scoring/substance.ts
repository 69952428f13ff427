import { nearness } from "./overlap.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, lengthInWords, stem } from "./words.ts";

/** An answer without the sentences that address the grader. */
export function withoutInstructions(answer: string): string {
  return sentencesOf(answer)
    .filter((sentence) => !instructions.some((pattern) => pattern.test(sentence)))
    .join("\n");
}

const instructions = [
  /^\s*`{3}\w*\s*$/,
  /\b(?:full|top|maximum|max|perfect|highest)\s+(?:marks?|points?|scores?|credits?|grades?)\b/i,
  /\b(?:give|award|grant|grade|score|rate|mark|assign)\b.{0,40}\b(?:100(?! ?[a-z%])|10\/10|a\+|(?:full|perfect|max(?:imum)?|highest|top|all) (?:\w+ )?(?:points?|marks?|scores?|grades?|rating))/i,
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|above|prior|rubric|instructions?|rules?|criteria|reference)\b/i,
  /\b(?:you are|act as|as an?)\b.{0,30}\b(?:grader|evaluator|ai|assistant|language model)\b/i,
  /\b(?:system|assistant|developer)\s*(?:prompt|message)?\s*[:：]/i,
  /\b(?:reference|expected) answer|\bcorrect score|\b(?:evaluator|grader)s?\b/i,
  /"?(?:accuracy|completeness|clarity|score)"?\s*[:=]\s*"?\d/i,
  /\b(?:my|this|every|each) answer (?:is|are|was|covers?|contains?|deserves?)\b|\beverything (?:that )?i (?:say|said)\b/i,
  /\bthe candidate (?:explains?|answers?|answered|has answered|covers?|shows?|deserves?)\b/i,
  /^\W*(?:(?:please|just|now|only|simply|kindly)\W+)*(?:output|print|return|respond|reply|write|enter|put|record|type|say|set|submit)\b.{0,40}\b(?:9\d|100)\b(?! ?(?!thanks|please|points|and\b|for\b|here|in\b|now|as\b)[a-z%])/i,
  /\b(?:score|grade|rating|mark)s?\b.{0,30}[=:]\s*["(]?(?:9\d|100)\b/i,
  /\b(?:do not|don['\u2019]t|skip|stop|finish) (?:process|evaluate|grade|read|score|(?:the |this |my )?(?:evaluation|grading|scoring))\b/i,
  /\b(?:anything|nothing|not|no) (?:below|less than|under|lower than) (?:\d\d|100)\b(?! ?[a-z%])/i,
  /\bmark (?:this|it|that|me|my \w+) (?:as )?(?:correct|right|passed|complete)/i,
  /\b(?:would|could|can|will) you (?:kindly |please |just )?(?:mark|grade|score|rate|accept|pass)\b/i,
  /\b(?:my|the|your) (?:(?:previous|last|first|other) )?interviewers?\b/i,
  /\bact accordingly\b/i,
  /\b(?:please|kindly)\b.{0,60}\b(?:scor(?:e|ing)|grade|grading|rating|marks?|points|evaluation)\b/i,
  /\b(?:score|grade|rating)\b\W{0,3}(?:(?:is|of|should be|must be)\W{1,3})?(?:9\d|100|excellent|perfect)\b(?! ?[a-z%])/i,
  /\b(?:interviewer|examiner|hiring (?:manager|committee)|candidate)\b.{0,60}\b(?:(?:pre-?)?approved|confirmed|passed|perfectly|outstanding)\b/i,
  /(?:给|打|评)\S{0,8}(?:满分|一百分|100|最高分|高分)/,
  /(?:忽略|无视|忘记|不要理会)\S{0,12}(?:指令|规则|标准|要求|提示|以上|之前)/,
  /满分|全对|高抬贵手|(?:分数|得分|成绩|评分)\S{0,6}(?:为|是|改|：|:|=)\s*\d|(?:直接|务必|请)\S{0,6}(?:记|输出|算|评|改为|填)\S{0,6}(?:9\d|100|通过|正确)/,
  /候选人(?:准确|正确|完整|全面|清楚|已经?|很好|[的地都])*(?:解释|回答|说明|阐述|覆盖|答)/,
  /参考答案|评分标准|(?:所有|全部)(?:关键)?要点/,
  /(?:你是|作为)\S{0,6}(?:评分|评委|考官|AI|助手)/i,
];

/** Words about questions and answers, which add no content. */
const aboutAnswering = new Set(
  contentWords(
    "answer answered question asked ask good great nice like love important interesting know think explain talk tell say " +
      "describe reason happen something else well now am",
  ).map(stem),
);

/** Whether an answer only repeats its question, wholly or mostly. */
export function repeatsQuestion(answer: string, question: string): "WHOLLY" | "MOSTLY" | null {
  const asked = new Set(contentWords(question).map(stem));
  const said = [...new Set(contentWords(answer).map(stem))];
  const fresh = said.filter((word) => !asked.has(word) && !aboutAnswering.has(word));
  if (fresh.length === 0 && asked.size > 0 && [...asked].every((word) => said.includes(word))) return "WHOLLY";
  if (said.length < 3) return null;
  if (fresh.length === 0) return "WHOLLY";
  // Longer repetitions add small words, and Chinese bigrams change where a word moves.
  const most = said.length < 8 ? 0.25 : hasHan(question) ? 0.5 : 0.35;
  return fresh.length / said.length <= most ? "MOSTLY" : null;
}

/**
 * Whether a longer text is largely made of the question's words, however they are turned: in right answers they are at most
 * a third.
 */
export function consistsOfQuestion(answer: string, question: string): boolean {
  const asked = new Set(contentWords(question).map(stem));
  const said = contentWords(answer).map(stem);
  const repeated = said.filter((word) => asked.has(word)).length;
  return said.length >= 18 && repeated >= (hasHan(question) ? 0.35 : 0.45) * said.length;
}

/** The share of an answer's content that relates to the topic, 0 to 1. */
export function topicality(answer: string, topic: string, meanings: WordMeanings): number {
  const about = [...new Set(contentWords(topic))];
  let [near, whole] = [0, 0];
  for (const word of new Set(contentWords(answer))) {
    const weight = 0.1 + meanings.specificity(word);
    const best = Math.max(0, ...about.map((other) => nearness(word, other, meanings)));
    near += best < 0.5 ? 0 : weight * best ** 3;
    whole += weight;
  }
  return whole === 0 ? 0 : near / whole;
}

/** Splits sentences into clauses of one statement each. */
export function clausesOf(text: string): string[] {
  return sentencesOf(text)
    .flatMap((sentence) =>
      sentence.split(/[,;:，；：]|(?<=\p{Script=Han})\s+(?=\p{Script=Han})|\b(?:while|whereas|but)\b|而|但/u),
    )
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}

/** Runs in linear time on any text. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？；])\s+|(?<=[。！？；])|(?<=[!?])(?=\p{Script=Han})|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** Cuts a very long sentence into pieces, so that text without full stops does not count as a single statement. */
export function piecesOf(sentence: string): string[] {
  if (lengthInWords(sentence) <= longestStatement) return [sentence];
  const words = sentence.match(/\p{Script=Han}|(?:(?!\p{Script=Han})\S)+\s*/gu) ?? [];
  const size = hasHan(sentence) ? 36 : 20;
  const pieces = Math.ceil(words.length / size);
  return Array.from({ length: pieces }, (_, at) =>
    words.slice(Math.round((at * words.length) / pieces), Math.round(((at + 1) * words.length) / pieces)).join(""),
  ).map((piece) => piece.trim());
}

const longestStatement = 40;
