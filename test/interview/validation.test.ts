import { describe, expect, it } from "vitest";
import { message } from "../../src/interview/messages.ts";
import {
  type CreateSessionInput,
  checkAnswer,
  checkDraft,
  readCreateSessionInput,
} from "../../src/interview/validation.ts";

function faultsOf(input: CreateSessionInput): string[] {
  return readCreateSessionInput(input, 1).faults.map(({ path, message }) => `${path.at(-1)}: ${message}`);
}

describe("createSession", () => {
  const good = { resumeText: "Java engineer" };
  const text = (length: number) => "x".repeat(length);

  it.each<[string, CreateSessionInput, string[]]>([
    ["nothing", {}, ["resumeText: resumeTextRequired"]],
    ["a blank résumé", { resumeText: " \n\u200b" }, ["resumeText: resumeTextRequired"]],
    ["a blank key", { ...good, resumeId: " " }, ["resumeId: resumeIdRequired"]],
    ["a long key", { ...good, resumeId: text(65) }, ["resumeId: resumeIdTooLong"]],
    ["too few questions", { ...good, questionCount: 2 }, ["questionCount: questionCountTooFew"]],
    ["too many questions", { ...good, questionCount: 21 }, ["questionCount: questionCountTooMany"]],
    ["too many follow-ups", { ...good, followUps: 3 }, ["followUps: followUpsOutOfRange"]],
    ["negative follow-ups", { ...good, followUps: -1 }, ["followUps: followUpsOutOfRange"]],
    ["a short job description", { ...good, jobDescription: text(49) }, ["jobDescription: jobDescriptionTooShort"]],
    ["a long job description", { ...good, jobDescription: text(10_001) }, ["jobDescription: jobDescriptionTooLong"]],
    ["a long title", { ...good, jobTitle: text(201) }, ["jobTitle: jobTitleTooLong"]],
    ["a long company", { ...good, companyName: text(201) }, ["companyName: companyNameTooLong"]],
    ["NUL", { resumeText: "a\0b" }, ["resumeText: textNotStorable"]],
    ["half a character", { resumeText: "a\ud800b" }, ["resumeText: textNotStorable"]],
    [
      "ADAPTIVE without more",
      { mode: "ADAPTIVE" },
      ["resumeText: resumeTextRequired", "jobDescription: jobDescriptionRequired"],
    ],
    [
      "several",
      { questionCount: 1, followUps: 9 },
      ["resumeText: resumeTextRequired", "questionCount: questionCountTooFew", "followUps: followUpsOutOfRange"],
    ],
  ])("names what is wrong with %s", (_, input, faults) => {
    expect(faultsOf(input)).toEqual(faults);
  });

  it("takes everything at its limits, counted in code points", () => {
    const input = { resumeText: "😀".repeat(100_000), resumeId: text(64), questionCount: 20, followUps: 2 };
    expect(faultsOf({ ...input, jobDescription: text(10_000), jobTitle: text(200) })).toEqual([]);
    expect(faultsOf({ resumeText: "😀".repeat(100_001) })).toEqual(["resumeText: resumeTextTooLong"]);
  });

  it("fills in the defaults of the mode", () => {
    expect(readCreateSessionInput(good, 1).order).toMatchObject({ questionCount: 5, followUps: 1, mode: "PLANNED" });
    const adaptive = readCreateSessionInput({ ...good, mode: "ADAPTIVE", jobDescription: text(50) }, 1);
    expect(adaptive.order.questionCount).toBe(8);
  });
});

describe("answers and drafts", () => {
  const place = { sessionId: "id", questionIndex: 0 };

  it("names blank, long and misplaced ones", () => {
    const messages = (faults: { message: string }[]) => faults.map(({ message }) => message);
    expect(messages(checkAnswer({ ...place, answer: " " }))).toEqual(["answerRequired"]);
    expect(messages(checkAnswer({ ...place, answer: "x".repeat(20_001) }))).toEqual(["answerTooLong"]);
    expect(messages(checkAnswer({ sessionId: " ", questionIndex: -1, answer: "" }))).toEqual([
      "sessionIdRequired",
      "questionIndexInvalid",
      "answerRequired",
    ]);
    expect(checkAnswer({ ...place, answer: "x".repeat(20_000) })).toEqual([]);
    expect(checkDraft({ ...place, answer: "" })).toEqual([]);
    expect(messages(checkDraft({ ...place, answer: "a\0" }))).toEqual(["textNotStorable"]);
  });
});

describe("messages", () => {
  it.each([
    ["resumeTextRequired", "Resume text is required", "简历文本不能为空"],
    ["answerRequired", "Answer cannot be empty.", "答案不能为空"],
    ["questionCountTooFew", null, "题目数量最少3题"],
    ["questionCountTooMany", null, "题目数量最多20题"],
    ["resumeIdRequired", null, "简历ID不能为空"],
    ["questionIndexInvalid", null, "问题索引无效"],
    ["sessionIdRequired", null, "会话ID不能为空"],
  ] as const)("%s is word for word what callers know", (key, english, chinese) => {
    if (english !== null) expect(message(key, "en")).toBe(english);
    expect(message(key, "zh")).toBe(chinese);
  });
});
