import { createHash } from "node:crypto";
import type { Resume } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

/**
 * Stores a text as the current one under its key. Without a key the same text gives the same résumé: one stored
 * already, under whatever key, or a new one under a key made from the text.
 */
export async function storeResume(deps: Deps, ownerId: string, text: string, key: string | null): Promise<Resume> {
  const textHash = createHash("sha256").update(text).digest("hex");
  if (key === null) {
    const same = await deps.store.findResume(ownerId, { textHash });
    if (same !== null) return same;
  }
  const resume: Resume = {
    id: deps.clock.newId(),
    ownerId,
    key: key ?? `text-${textHash.slice(0, 32)}`,
    text,
    createdAt: deps.clock.now(),
  };
  return deps.store.saveResume(resume, textHash);
}
