import { z } from "zod";
import { type Level, type Locale, type QuestionType, questionTypes } from "../model.ts";
import {
  type CandidateText,
  candidateBlocks,
  excludedBlock,
  fenced,
  instructions,
  type Prompt,
  questionFields,
  type SystemParts,
} from "./prompt.ts";

const version = 2;

export interface NextQuestionInput extends CandidateText {
  level: Level;
  exchanges: { question: string; type: QuestionType; answer: string }[];
  remaining: number;
  exclude: string[];
}

export const nextQuestionReply = z.strictObject({
  question: questionFields.question,
  type: z.enum(questionTypes).describe("What the question is about"),
  referenceAnswer: questionFields.referenceAnswer,
  keyPoints: questionFields.keyPoints,
});

/** The next question of an ADAPTIVE interview. */
export function nextQuestionPrompt(input: NextQuestionInput, nonce: string): Prompt {
  const { locale, exchanges, remaining, exclude, level } = input;
  const closing = ask[locale](level, exchanges.length, remaining);
  return {
    task: "next_question",
    version,
    system: instructions("next_question", version, locale, system[locale]),
    user: [
      ...candidateBlocks(input, nonce),
      ...exchanges.flatMap(({ question, type, answer }) => [
        fenced("QUESTION", nonce, `[${type}] ${question}`),
        fenced("ANSWER", nonce, answer, 6_000),
      ]),
      ...excludedBlock(exclude, nonce),
      closing,
    ].join("\n\n"),
    closing,
    schema: nextQuestionReply,
    maxTokens: 4_000,
  };
}

const form = `{"question":"…","type":"${questionTypes.join("|")}","referenceAnswer":"…","keyPoints":["…","…","…"]}`;

const system: Record<Locale, SystemParts> = {
  EN: {
    role: "You are an experienced interviewer who decides after every answer what to ask next.",
    rules: [
      "Write the next question of the interview from the whole conversation so far, the candidate's résumé, the job description and the number of questions left.",
      "Go where the job asks for something that the conversation has not shown yet. After a strong answer go deeper or harder, at most twice in a row on one subject; after a weak one change the subject. Begin with the candidate's own work; keep the last question for fit with the role or for motivation.",
      "It asks one thing, can be answered in a few minutes of speaking, and repeats no question of the conversation or of the block ALREADY_ASKED, also not in other words. Add what a good answer says (two to five sentences) and its three to six key points.",
    ].join("\n"),
    form,
  },
  ZH: {
    role: "你是一位经验丰富的面试官，在每个回答之后决定接下来问什么。",
    rules: [
      "请根据到目前为止的全部对话、候选人的简历、岗位描述以及剩余题数，写出面试的下一个问题。",
      "优先考察岗位需要而对话中尚未体现的能力。回答出色时继续深入或提高难度，同一主题最多连续两次；回答较弱时更换主题。从候选人自己的工作开始；最后一题留给岗位匹配或求职动机。",
      "问题只问一件事，口头几分钟内可以答完，不得用任何说法重复对话或 ALREADY_ASKED 数据块中的问题。附上优秀回答的内容（二到五句）以及三到六个要点。",
    ].join("\n"),
    form,
  },
};

const ask: Record<Locale, (level: Level, asked: number, remaining: number) => string> = {
  EN: (level, asked, remaining) =>
    `Difficulty: ${level}. Asked so far: ${asked}. Left, this one included: ${remaining}. Write the next question.`,
  ZH: (level, asked, remaining) =>
    `难度：${level}。已问：${asked} 题。剩余（含本题）：${remaining} 题。请写出下一个问题。`,
};
