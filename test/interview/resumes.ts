import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A résumé of test/fixtures/resumes. */
export function resumeText(name: string): string {
  return readFileSync(join(import.meta.dirname, "../fixtures/resumes", `${name}.txt`), "utf8");
}
