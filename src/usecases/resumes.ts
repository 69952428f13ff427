import { createHash } from "node:crypto";
import { type Failure, isFailure } from "../interview/failures.ts";
import type { Resume } from "../interview/model.ts";
import { cleanResume } from "../interview/resumeText.ts";
import { checkFileText, checkResumeInput, type ResumeInput } from "../interview/validation.ts";
import type { Deps } from "./deps.ts";

export interface StoredResume {
  resume: Resume;
  /** The same text was already stored. */
  alreadyExisted: boolean;
}

/** Stores a résumé from a text or a file; both are normalised, so that the same content is the same résumé. */
export async function createResume(deps: Deps, ownerId: string, input: ResumeInput): Promise<StoredResume | Failure> {
  const content = await readContent(deps, input);
  if (isFailure(content)) return content;
  return storeResume(deps, ownerId, content.text, input.resumeId ?? null);
}

/** Replaces the text under a key; existing sessions keep the old one. */
export async function updateResume(
  deps: Deps,
  ownerId: string,
  input: ResumeInput & { resumeId: string },
): Promise<Resume | Failure> {
  const content = await readContent(deps, input);
  if (isFailure(content)) return content;
  if ((await deps.store.findResume(ownerId, { key: input.resumeId })) === null) return { type: "ResumeNotFoundError" };
  return (await storeResume(deps, ownerId, content.text, input.resumeId)).resume;
}

/** Deletes a résumé; its text is kept until the last session that uses it is gone. Returns its id. */
export async function deleteResume(deps: Deps, ownerId: string, key: string): Promise<{ id: string } | Failure> {
  const id = await deps.store.removeResume(ownerId, key);
  return id === null ? { type: "ResumeNotFoundError" } : { id };
}

/**
 * Stores a text as the current one under its key. Without a key the same text gives the same résumé: an existing one
 * under any key, or a new one under a key derived from the text.
 */
export async function storeResume(
  deps: Deps,
  ownerId: string,
  text: string,
  key: string | null,
): Promise<StoredResume> {
  const textHash = hashOf(text);
  if (key === null) {
    const same = await deps.store.findResume(ownerId, { textHash });
    if (same !== null) return { resume: same, alreadyExisted: true };
  }
  const made: Resume = {
    id: deps.clock.newId(),
    ownerId,
    key: key ?? keyOf(text),
    text,
    createdAt: deps.clock.now(),
  };
  const resume = await deps.store.saveResume(made, textHash);
  const alreadyExisted = resume.id !== made.id;
  if (key !== null && !alreadyExisted) await deps.store.removeUnusedTexts(ownerId, key);
  return { resume, alreadyExisted };
}

/** Equal texts have equal hashes. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Derives a key for a résumé that was given none. */
export function keyOf(text: string): string {
  return `text-${hashOf(text).slice(0, 32)}`;
}

async function readContent(deps: Deps, input: ResumeInput): Promise<{ text: string } | Failure> {
  const faults = checkResumeInput(input);
  if (faults.length > 0) return { type: "ValidationError", faults };
  if (!input.file) return { text: cleanResume(input.text!) };
  const read = await deps.resumeReader.read(input.file);
  if ("fault" in read) {
    const { fault: message, ...limit } = read;
    return { type: "ValidationError", faults: [{ path: ["input", "file"], message, ...limit }] };
  }
  const text = cleanResume(read.text);
  const unfit = checkFileText(text);
  return unfit.length > 0 ? { type: "ValidationError", faults: unfit } : { text };
}
