import { visibleText } from "./textBlocks.ts";

/** Removes what is invisible in a résumé: hidden and control characters, trailing spaces, repeated blank lines. */
export function cleanResume(text: string): string {
  const lines = visibleText(text)
    .split("\n")
    .map((line) => line.trimEnd());
  return lines
    .filter((line, index) => line !== "" || lines[index - 1] !== "")
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
