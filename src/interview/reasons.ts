import type { Locale } from "./model.ts";

/** Why an evaluation failed, for the candidate to read, in the interview's language. */
const reasons = {
  modelUnavailable: { EN: "The language model is not available: {detail}.", ZH: "语言模型不可用：{detail}。" },
  scoresMissing: {
    EN: "The language model left out the scores of some answers.",
    ZH: "语言模型没有给出部分回答的评分。",
  },
  dailyLimit: { EN: "The daily limit of the language model is reached.", ZH: "已达到每日语言模型使用上限。" },
  interrupted: {
    EN: "The evaluation was interrupted repeatedly and has been stopped.",
    ZH: "评估多次中断，已停止。",
  },
} as const satisfies Record<string, Record<Locale, string>>;

export function reasonOf(key: keyof typeof reasons, locale: Locale, detail = ""): string {
  return reasons[key][locale].replace("{detail}", () => detail);
}
