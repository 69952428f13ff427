import { z } from "zod";
import type { AnswerScore, InterviewMode, Locale } from "../model.ts";
import { total } from "../scores.ts";
import {
  type CandidateText,
  candidateBlocks,
  fenced,
  instructions,
  nonBlankText,
  type Prompt,
  type SystemParts,
} from "./prompt.ts";

const version = 1;

export interface SummaryInput extends CandidateText {
  mode: InterviewMode;
  overallScore: number;
  totalQuestions: number;
  answeredCount: number;
  categoryScores: { category: string; score: number; questionCount: number }[];
  questions: { text: string; category: string; isFollowUp: boolean; answer: string | null; score: AnswerScore }[];
}

const points = () => z.array(z.string().max(3_000)).max(40);

export const summaryReply = z.strictObject({
  overallFeedback: nonBlankText(12_000).describe("Performance, technical depth and readiness for the role"),
  strengths: points().describe("Up to eight"),
  improvements: points().describe("Up to eight"),
  knowledgeGaps: points().describe("Up to eight"),
  learningPath: z
    .array(z.strictObject({ topic: z.string().max(1_000), advice: z.string().max(3_000) }))
    .max(40)
    .describe("Up to eight steps, the most useful first"),
  resumeImprovements: points().describe("Up to eight; empty without a job description"),
});

/** Asks for the summary of the interview, from the scored answers. */
export function summaryPrompt(input: SummaryInput, nonce: string): Prompt {
  const { locale } = input;
  const closing = ask[locale](input.jobDescription !== null);
  return {
    task: "summarize",
    version,
    system: instructions("summarize", version, locale, system[locale]),
    user: [
      ...candidateBlocks({ ...input, resumeText: input.jobDescription ? input.resumeText : "" }, nonce),
      `Score: ${input.overallScore}/100. Answered: ${input.answeredCount}/${input.totalQuestions}. Mode: ${input.mode}.`,
      input.categoryScores
        .map(({ category, score, questionCount }) => `${category}: ${score} (${questionCount})`)
        .join("\n"),
      ...input.questions.map((question) => questionBlock(question, nonce)),
      closing,
    ].join("\n\n"),
    closing,
    schema: summaryReply,
    maxTokens: 8_000,
  };
}

function questionBlock(
  { text, category, isFollowUp, answer, score }: SummaryInput["questions"][number],
  nonce: string,
) {
  return [
    `${category}${isFollowUp ? ", follow-up" : ""}: ${total(score)}/100 (${score.accuracy}/40, ${score.completeness}/30, ${score.clarity}/30)`,
    fenced("QUESTION", nonce, text),
    answer === null ? "Not answered." : fenced("ANSWER", nonce, answer, 2_000),
    ...(answer === null ? [] : [fenced("FEEDBACK", nonce, score.feedback, 1_500)]),
  ].join("\n");
}

const form =
  '{"overallFeedback":"…","strengths":["…"],"improvements":["…"],"knowledgeGaps":["…"],"learningPath":[{"topic":"…","advice":"…"}],"resumeImprovements":["…"]}';

const system: Record<Locale, SystemParts> = {
  EN: {
    role: "You are an experienced interviewer who writes the summary of an interview for the candidate.",
    rules: [
      "The scores are settled: explain them, never change or recompute them, and name no other number than those given.",
      "overallFeedback: four to eight sentences on the performance, the technical depth shown and the readiness for the role. strengths and improvements: up to eight each, the most important first, each one sentence that refers to something said in an answer. knowledgeGaps: up to eight subjects that were missing or wrong. learningPath: up to eight steps, each with a topic and what to do about it.",
      "resumeImprovements: up to eight changes that would make the résumé fit the job description better; [] when no job description is given. Speak to the candidate, kindly and plainly, and claim nothing that the interview does not show.",
    ].join("\n"),
    form,
  },
  ZH: {
    role: "你是一位经验丰富的面试官，正在为候选人撰写面试总结。",
    rules: [
      "分数已经确定：请解释它们，不得更改或重新计算，也不要写出给定数字以外的分数。",
      "overallFeedback：四到八句，评价整体表现、体现出的技术深度以及与岗位的匹配程度。strengths 和 improvements：各至多八条，最重要的在前，每条一句话并对应回答中的具体内容。knowledgeGaps：至多八个缺失或错误的知识点。learningPath：至多八步，每步包括主题和做法。",
      "resumeImprovements：至多八条能让简历更符合岗位描述的修改；没有岗位描述时为 []。对候选人说话，友善而直接，不要写面试没有体现的内容。",
    ].join("\n"),
    form,
  },
};

const ask: Record<Locale, (withJob: boolean) => string> = {
  EN: (withJob) => `Write the summary${withJob ? ", with improvements of the résumé for this job" : ""}.`,
  ZH: (withJob) => `请撰写总结${withJob ? "，并给出针对该岗位的简历修改建议" : ""}。`,
};
