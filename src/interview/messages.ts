/** The languages of messages to clients; an interview's own language is its locale. */
export type Language = "en" | "zh";

/**
 * Word for word those of the documented predecessors, if they have one. `{limit}` is replaced by the limit, `{size}` by
 * the limit in MiB or KiB.
 */
const messages = {
  resumeTextRequired: { en: "Resume text is required", zh: "简历文本不能为空" },
  resumeTextTooLong: { en: "Resume text cannot exceed {limit} characters", zh: "简历文本不能超过{limit}个字符" },
  resumeIdRequired: { en: "Resume ID is required", zh: "简历ID不能为空" },
  resumeIdTooLong: { en: "Resume ID cannot exceed {limit} characters", zh: "简历ID不能超过{limit}个字符" },
  resumeUnknown: { en: "No resume is stored under this ID", zh: "该简历ID不存在" },
  questionCountTooFew: { en: "Question count must be at least 3", zh: "题目数量最少3题" },
  questionCountTooMany: { en: "Question count cannot exceed 20", zh: "题目数量最多20题" },
  followUpsOutOfRange: { en: "Follow-ups must be between 0 and 2", zh: "追问数量必须在0到2之间" },
  jobDescriptionRequired: {
    en: "Job description is required in adaptive mode",
    zh: "自适应模式下职位描述不能为空",
  },
  jobDescriptionTooShort: {
    en: "Job description must be at least {limit} characters",
    zh: "职位描述不能少于{limit}个字符",
  },
  jobDescriptionTooLong: {
    en: "Job description cannot exceed {limit} characters",
    zh: "职位描述不能超过{limit}个字符",
  },
  jobTitleTooLong: { en: "Job title cannot exceed {limit} characters", zh: "职位名称不能超过{limit}个字符" },
  companyNameTooLong: { en: "Company name cannot exceed {limit} characters", zh: "公司名称不能超过{limit}个字符" },
  idempotencyKeyBlank: { en: "Idempotency key cannot be empty", zh: "幂等键不能为空" },
  idempotencyKeyTooLong: {
    en: "Idempotency key cannot exceed {limit} characters",
    zh: "幂等键不能超过{limit}个字符",
  },
  sessionIdRequired: { en: "Session ID is required", zh: "会话ID不能为空" },
  questionIndexInvalid: { en: "Question index must be >= 0", zh: "问题索引无效" },
  answerRequired: { en: "Answer cannot be empty.", zh: "答案不能为空" },
  answerTooLong: { en: "Answer cannot exceed {limit} characters", zh: "答案不能超过{limit}个字符" },
  textNotStorable: {
    en: "Text contains characters that cannot be stored (NUL or a lone surrogate)",
    zh: "文本包含无法存储的字符",
  },
  fileRequired: { en: "Give either a text or a file", zh: "请提供文本或文件" },
  fileTooLarge: { en: "File cannot exceed {size}", zh: "文件不能超过{size}" },
  fileUnsupported: {
    en: "File must be a PDF, DOCX, Markdown or text document, in UTF-8 if it is text",
    zh: "文件必须是PDF、DOCX、Markdown或文本文档，文本须为UTF-8编码",
  },
  fileUnreadable: { en: "No text could be read from the file", zh: "无法从文件中读取文本" },
  fileDamaged: { en: "File is damaged or not what it says it is", zh: "文件已损坏或格式不符" },
  fileEncrypted: { en: "File is protected by a password", zh: "文件受密码保护" },
  fileTooManyPages: { en: "File cannot have more than {limit} pages", zh: "文件不能超过{limit}页" },
  fileTooComplex: { en: "File takes too much time or memory to read", zh: "读取文件所需的时间或内存过多" },
  validationFailed: { en: "The input is not valid", zh: "输入无效" },
  rateLimited: { en: "Rate limit exceeded", zh: "请求过于频繁，请稍后再试" },
  idempotencyConflict: {
    en: "The idempotency key was used with other input",
    zh: "幂等键已用于其他输入",
  },
  interviewerUnavailable: {
    en: "The interviewer is not available, please try again later",
    zh: "面试官暂时不可用，请稍后再试",
  },
  cursorInvalid: {
    en: "The cursor in `after` is malformed or past the end of the session's events",
    zh: "参数after中的游标格式不正确，或超出了该会话的最后一个事件",
  },
  afterMalformed: { en: "The cursor in `after` is malformed", zh: "参数after中的游标格式不正确" },
  beforeMalformed: { en: "The cursor in `before` is malformed", zh: "参数before中的游标格式不正确" },
  snapshotRequired: {
    en: "Events after this cursor are no longer kept: read the session instead",
    zh: "该游标之后的事件已不再保留，请改为读取会话",
  },
  sessionNotFound: { en: "Session not found", zh: "会话不存在" },
  resumeNotFound: { en: "Resume not found", zh: "简历不存在" },
  questionIndexMismatch: { en: "Question index mismatch", zh: "问题索引不匹配" },
  interviewAlreadyCompleted: { en: "Interview already completed", zh: "面试已完成" },
  interviewNotCompleted: { en: "Interview not completed", zh: "面试尚未完成" },
  modelBudgetExceeded: {
    en: "The daily ceiling on language model use is reached",
    zh: "已达到每日语言模型使用上限",
  },
} as const satisfies Record<string, Record<Language, string>>;

export type MessageKey = keyof typeof messages;

export function message(key: MessageKey, language: Language, limit?: number): string {
  return messages[key][language].replace("{limit}", String(limit)).replace("{size}", () => sizeText(limit!));
}

/** "5 MiB", "512 KiB"; rounded down, so that the stated size is always allowed. */
export function sizeText(bytes: number): string {
  const [unit, size] = bytes < 1024 * 1024 ? ["KiB", 1024] : ["MiB", 1024 * 1024];
  return `${Math.floor((bytes / size) * 10) / 10} ${unit}`;
}

/** The message language that an Accept-Language header prefers; English for none, `*` or any other. */
export function languageAsked(acceptLanguage: string | null | undefined): Language {
  if (!acceptLanguage) return "en";
  let best: { language: Language; quality: number } = { language: "en", quality: 0 };
  for (const part of acceptLanguage.slice(0, 1_000).split(",")) {
    const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
    const weight = parameters.map((p) => p.trim()).find((p) => p.startsWith("q="));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    const language = tag === "*" ? "en" : tag.split("-")[0];
    if ((language === "zh" || language === "en") && quality > best.quality) best = { language, quality };
  }
  return best.language;
}
