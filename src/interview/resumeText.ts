import { visibleText } from "./textBlocks.ts";

/** A résumé without what nobody sees: hidden and control characters, spaces at line ends, repeated blank lines. */
export function cleanResume(text: string): string {
  const lines = visibleText(text)
    .split("\n")
    .map((line) => line.trimEnd());
  return lines
    .filter((line, index) => line !== "" || lines[index - 1] !== "")
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
