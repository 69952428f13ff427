import { z } from "zod";
import { categoryLabel } from "../categories.ts";
import type { Level, Locale, QuestionType } from "../model.ts";
import {
  type CandidateText,
  candidateBlocks,
  excludedBlock,
  instructions,
  type Prompt,
  questionFields,
  type SystemParts,
} from "./prompt.ts";

const version = 2;

export interface PlanInput extends CandidateText {
  slots: QuestionType[];
  level: Level;
  exclude: string[];
}

/** A question of one of these types. */
export const plannedQuestion = (slots: QuestionType[]) =>
  z.strictObject({
    type: z.enum([...new Set(slots)]).describe("Question type of the place that the question is for"),
    ...questionFields,
  });
export type PlannedQuestion = z.infer<ReturnType<typeof plannedQuestion>>;

/** Main questions, one for each slot, in order. */
export function planPrompt(input: PlanInput, nonce: string): Prompt {
  const { locale, slots, level, exclude } = input;
  const list = slots.map((type, place) => `${place + 1}. ${type} (${categoryLabel(type, locale)})`).join("\n");
  const closing = `${ask[locale](slots.length, level)}\n${list}`;
  return {
    task: "plan_questions",
    version,
    system: instructions("plan_questions", version, locale, system[locale]),
    user: [...candidateBlocks(input, nonce), ...excludedBlock(exclude, nonce), closing].join("\n\n"),
    closing,
    schema: z.strictObject({
      questions: z
        .array(plannedQuestion(slots))
        .min(slots.length)
        .max(slots.length)
        .describe("One question for each place, in the order of the list"),
    }),
    maxTokens: 3_000 + 900 * slots.length,
  };
}

const form =
  '{"questions":[{"type":"…","question":"…","referenceAnswer":"…","keyPoints":["…","…","…"]},{"type":"…","question":"…","referenceAnswer":"…","keyPoints":["…"]}]}';

const system: Record<Locale, SystemParts> = {
  EN: {
    role: "You are an experienced technical interviewer who prepares the main questions of an interview.",
    rules: [
      "You get a list of places, each with a question type. Write exactly one question for each place, in the order of the list, each with the type of its place.",
      "Draw the questions from the candidate's résumé, and from the job where one is given: ask about what is claimed there, its depth and its limits. A PROJECT question names a project of the résumé. A type that the résumé says little about gets a fundamental question of that type.",
      "Each question asks one thing, can be answered in a few minutes of speaking, and fits the difficulty that is named. No two ask the same, and none asks again what the block ALREADY_ASKED holds, also not in other words.",
      "For each question add what a good answer says (two to five sentences) and its three to six key points.",
    ].join("\n"),
    form,
  },
  ZH: {
    role: "你是一位经验丰富的技术面试官，正在为一场面试准备主问题。",
    rules: [
      "你会得到一份位置清单，每个位置有一种题型。请为每个位置恰好写一道题，按清单顺序排列，并标上该位置的题型（type）。",
      "题目取自候选人的简历；如果给出了岗位信息，也取自岗位要求：围绕其中提到的内容考察深度与边界。PROJECT 题要点出简历中的某个项目。简历很少涉及的题型，出该题型的基础题。",
      "每道题只问一件事，口头几分钟内可以答完，难度符合要求。题目之间不得重复，也不得用任何说法再次询问 ALREADY_ASKED 数据块中的内容。",
      "每道题附上优秀回答的内容（二到五句）以及三到六个要点。",
    ].join("\n"),
    form,
  },
};

const ask: Record<Locale, (count: number, level: Level) => string> = {
  EN: (count, level) => `Difficulty: ${level}. Write ${count} question(s), one for each of these places:`,
  ZH: (count, level) => `难度：${level}。请写 ${count} 道题，每个位置一道：`,
};
