import { z } from "zod";
import type { Level, Locale, QuestionType, Reference } from "../model.ts";
import {
  type CandidateText,
  candidateBlocks,
  excludedBlock,
  fenced,
  hasLetters,
  instructions,
  nonBlankText,
  type Prompt,
  type SystemParts,
} from "./prompt.ts";

const version = 2;

export interface FollowUpInput extends CandidateText {
  level: Level;
  main: { text: string; type: QuestionType; reference: Reference };
  exchanges: { question: string; answer: string }[];
  exclude: string[];
}

export const followUpReply = z.strictObject({
  question: z
    .string()
    .max(2_000)
    .refine((text) => text === "" || hasLetters(text), "must be a question")
    .nullable()
    .describe("The follow-up question; null when nothing is left to ask"),
  referenceAnswer: z.string().max(8_000).nullable().describe("What a good answer says; null without a question"),
  keyPoints: z.array(nonBlankText(1_000)).max(12).describe("One to six things that a good answer says"),
});

/** One question that follows from the last answer, or none. */
export function followUpPrompt(input: FollowUpInput, nonce: string): Prompt {
  const { locale, main, exchanges, exclude, level } = input;
  const closing = ask[locale](main.type, level);
  const points = main.reference.keyPoints.map((point) => `- ${point.text}`).join("\n");
  return {
    task: "follow_up",
    version,
    system: instructions("follow_up", version, locale, system[locale]),
    user: [
      ...candidateBlocks(input, nonce),
      fenced("GOOD_ANSWER", nonce, `${main.reference.answer}\n${points}`, 8_000),
      ...exchanges.flatMap(({ question, answer }) => [
        fenced("QUESTION", nonce, question),
        fenced("ANSWER", nonce, answer, 12_000),
      ]),
      ...excludedBlock(exclude, nonce),
      closing,
    ].join("\n\n"),
    closing,
    schema: followUpReply,
    maxTokens: 4_000,
  };
}

const form = '{"question":"…","referenceAnswer":"…","keyPoints":["…","…"]}';

const system: Record<Locale, SystemParts> = {
  EN: {
    role: "You are an experienced technical interviewer who listens closely and asks one follow-up question.",
    rules: [
      "Write one question that follows from the candidate's last answer: it goes deeper into something the answer says, challenges an assumption in it, or tests how it would be put into practice. Take up the answer's own words so that the candidate knows what is meant.",
      "It asks one thing, needs no more than two sentences, gives nothing of the good answer away, and repeats no question of the conversation or of the block ALREADY_ASKED.",
      "When the answer leaves nothing worth asking, or says no more than that the candidate does not know, question and referenceAnswer are null and keyPoints is []. Otherwise add what a good answer says and its key points.",
    ].join("\n"),
    form,
  },
  ZH: {
    role: "你是一位经验丰富的技术面试官，认真倾听，并提出一个追问。",
    rules: [
      "请根据候选人的最后一个回答写一个追问：深入回答中提到的某一点，质疑其中的某个假设，或者考察如何落地。引用回答中的原词，让候选人明白所指。",
      "追问只问一件事，不超过两句话，不透露优秀回答的内容，不重复对话或 ALREADY_ASKED 数据块中的任何问题。",
      "如果回答已没有值得追问之处，或者只是表示不知道，则 question 和 referenceAnswer 为 null，keyPoints 为 []。否则附上优秀回答的内容及其要点。",
    ].join("\n"),
    form,
  },
};

const ask: Record<Locale, (type: QuestionType, level: Level) => string> = {
  EN: (type, level) => `Question type: ${type}. Difficulty: ${level}. Write the follow-up to the last answer.`,
  ZH: (type, level) => `题型：${type}。难度：${level}。请写出针对最后一个回答的追问。`,
};
