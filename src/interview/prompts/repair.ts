import type { Locale } from "../model.ts";

/** Tells a model what is wrong with its reply. */
export function repairRequest(fault: string, locale: Locale): string {
  return locale === "ZH"
    ? `你上一次的回复无法使用：${fault}\n请按照最初的要求重新给出完整的 JSON 对象，不要有任何其他内容。`
    : `Your last reply cannot be used: ${fault}\nReply again as first asked, with the one whole JSON object and nothing else.`;
}
