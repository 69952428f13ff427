import type { Fault } from "./failures.ts";
import type { InterviewMode, Locale } from "./model.ts";

export const limits = {
  resumeText: 100_000,
  /** Bytes. */
  resumeFile: 5 * 1024 * 1024,
  resumeKey: 64,
  jobDescription: { min: 50, max: 10_000 },
  title: 200,
  idempotencyKey: 255,
  answer: 20_000,
  questions: { min: 3, max: 20, planned: 5, adaptive: 8 },
  followUps: { min: 0, max: 2 },
} as const;

/** The input for a session; null and omitted mean the same. */
export interface CreateSessionInput {
  resumeText?: string | null | undefined;
  resumeId?: string | null | undefined;
  questionCount?: number | null | undefined;
  followUps?: number | null | undefined;
  mode?: InterviewMode | null | undefined;
  jobTitle?: string | null | undefined;
  companyName?: string | null | undefined;
  jobDescription?: string | null | undefined;
  locale?: Locale | null | undefined;
  forceCreate?: boolean | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** The same with defaults filled in. */
export interface SessionOrder {
  resumeText: string | null;
  resumeKey: string | null;
  questionCount: number;
  followUps: number;
  mode: InterviewMode;
  jobTitle: string | null;
  companyName: string | null;
  jobDescription: string | null;
  locale: Locale;
  forceCreate: boolean;
  idempotencyKey: string | null;
}

/** All faults of the input together, or the order that it makes. */
export function readCreateSessionInput(
  input: CreateSessionInput,
  defaultFollowUps: number,
): { order: SessionOrder; faults: Fault[] } {
  const mode = input.mode ?? "PLANNED";
  const count = limits.questions;
  const order: SessionOrder = {
    resumeText: input.resumeText ?? null,
    resumeKey: input.resumeId ?? null,
    questionCount: input.questionCount ?? (mode === "ADAPTIVE" ? count.adaptive : count.planned),
    followUps: input.followUps ?? defaultFollowUps,
    mode,
    jobTitle: blankAsNull(input.jobTitle),
    companyName: blankAsNull(input.companyName),
    jobDescription: blankAsNull(input.jobDescription),
    locale: input.locale ?? "EN",
    forceCreate: input.forceCreate ?? false,
    idempotencyKey: input.idempotencyKey ?? null,
  };
  const faults = new FaultList();

  if (order.resumeText === null && order.resumeKey === null) faults.add("resumeText", "resumeTextRequired");
  if (order.resumeText !== null) checkResumeText(faults, order.resumeText);
  if (order.resumeKey !== null) checkResumeKey(faults, order.resumeKey);

  if (order.questionCount < count.min) faults.add("questionCount", "questionCountTooFew");
  if (order.questionCount > count.max) faults.add("questionCount", "questionCountTooMany");
  if (order.followUps < limits.followUps.min || order.followUps > limits.followUps.max) {
    faults.add("followUps", "followUpsOutOfRange");
  }

  faults.text("jobTitle", order.jobTitle, limits.title, "jobTitleTooLong");
  faults.text("companyName", order.companyName, limits.title, "companyNameTooLong");
  if (order.jobDescription === null) {
    if (mode === "ADAPTIVE") faults.add("jobDescription", "jobDescriptionRequired");
  } else {
    const { min, max } = limits.jobDescription;
    faults.text("jobDescription", order.jobDescription, max, "jobDescriptionTooLong");
    if (characters(order.jobDescription) < min) faults.add("jobDescription", "jobDescriptionTooShort", min);
  }
  checkIdempotencyKey(faults, order.idempotencyKey);
  return { order, faults: faults.all };
}

/** The input for a résumé: a text or a file, and the key to store it under. */
export interface ResumeInput {
  text?: string | null | undefined;
  file?: Uint8Array | null | undefined;
  resumeId?: string | null | undefined;
}

/** Faults of the input before its file is read. */
export function checkResumeInput({ text, file, resumeId }: ResumeInput): Fault[] {
  const faults = new FaultList();
  if ((text ?? null) === null && !file) faults.add("text", "fileRequired");
  if ((text ?? null) !== null && file) faults.add("file", "fileRequired");
  if (text !== null && text !== undefined) checkResumeText(faults, text, "text");
  if (file && file.length > limits.resumeFile) faults.add("file", "fileTooLarge", limits.resumeFile);
  if (resumeId !== null && resumeId !== undefined) checkResumeKey(faults, resumeId);
  return faults.all;
}

/** Faults of the text extracted from a file. */
export function checkFileText(text: string): Fault[] {
  const faults = new FaultList();
  if (isBlank(text)) faults.add("file", "fileUnreadable");
  else faults.text("file", text, limits.resumeText, "resumeTextTooLong");
  return faults.all;
}

export function checkAnswer(input: { sessionId: string; questionIndex: number; answer: string }): Fault[] {
  const faults = new FaultList();
  checkPlace(faults, input);
  if (isBlank(input.answer)) faults.add("answer", "answerRequired");
  else faults.text("answer", input.answer, limits.answer, "answerTooLong");
  return faults.all;
}

/** Like an answer, but may be empty, which clears the draft. */
export function checkDraft(input: { sessionId: string; questionIndex: number; answer: string }): Fault[] {
  const faults = new FaultList();
  checkPlace(faults, input);
  faults.text("answer", input.answer, limits.answer, "answerTooLong");
  return faults.all;
}

function checkPlace(faults: FaultList, input: { sessionId: string; questionIndex: number }): void {
  // An id with invisible characters is malformed, which means: not found.
  if (input.sessionId.trim() === "") faults.add("sessionId", "sessionIdRequired");
  if (input.questionIndex < 0) faults.add("questionIndex", "questionIndexInvalid");
}

function checkResumeText(faults: FaultList, text: string, field = "resumeText"): void {
  if (isBlank(text)) faults.add(field, "resumeTextRequired");
  else faults.text(field, text, limits.resumeText, "resumeTextTooLong");
}

function checkResumeKey(faults: FaultList, key: string): void {
  if (isBlank(key)) faults.add("resumeId", "resumeIdRequired");
  else faults.text("resumeId", key, limits.resumeKey, "resumeIdTooLong");
}

function checkIdempotencyKey(faults: FaultList, key: string | null): void {
  if (key === null) return;
  if (isBlank(key)) faults.add("idempotencyKey", "idempotencyKeyBlank");
  else faults.text("idempotencyKey", key, limits.idempotencyKey, "idempotencyKeyTooLong");
}

/** Collects faults of the fields of one `input` argument. */
class FaultList {
  readonly all: Fault[] = [];

  add(field: string, message: Fault["message"], limit?: number): void {
    this.all.push({ path: ["input", field], message, ...(limit === undefined ? {} : { limit }) });
  }

  text(field: string, text: string | null, max: number, tooLong: Fault["message"]): void {
    if (text === null) return;
    if (!isStorable(text)) this.add(field, "textNotStorable");
    if (characters(text) > max) this.add(field, tooLong, max);
  }
}

/** Counts code points, like people count characters; fast on huge texts. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff && i + 1 < text.length) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        count--;
        i++;
      }
    }
  }
  return count;
}

/** PostgreSQL text can contain neither NUL nor lone surrogates. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Makes a key safe for a lookup: one that cannot be stored becomes "", which is nobody's key. */
export function lookupKey(key: string): string {
  return isStorable(key) ? key : "";
}

/** Treats texts of invisible characters as blank. */
function isBlank(text: string): boolean {
  return !/[^\s\p{Cf}\p{Cc}\u115f\u1160\u3164\uffa0\u2800]/u.test(text);
}

function blankAsNull(text: string | null | undefined): string | null {
  return text === null || text === undefined || isBlank(text) ? null : text;
}
