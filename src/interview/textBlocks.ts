/** A section of a text: prose, or code with significant indentation. */
export interface TextBlock {
  kind: "prose" | "code";
  lines: string[];
}

/**
 * Splits a text into prose and code: fenced blocks (``` or ~~~) and paragraphs that look like code. Blank lines around
 * blocks are dropped.
 */
export function textBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let paragraph: string[] = [];
  let fence: { mark: string; lines: string[] } | null = null;

  const endParagraph = () => {
    if (paragraph.length > 0) append(blocks, looksLikeCode(paragraph) ? "code" : "prose", paragraph);
    paragraph = [];
  };
  for (const line of visibleText(text).split("\n")) {
    if (fence) {
      if (closes(line, fence.mark)) {
        pushCode(blocks, fence.lines);
        fence = null;
      } else fence.lines.push(line);
      continue;
    }
    const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*[\w+#.-]*[ \t]*$/.exec(line)?.[1];
    if (mark !== undefined || line.trim() === "") endParagraph();
    else paragraph.push(line.trimEnd());
    if (mark !== undefined) fence = { mark, lines: [] };
  }
  endParagraph();
  if (fence) pushCode(blocks, fence.lines);
  return blocks;
}

/**
 * Removes invisible characters: control and bidirectional formatting characters can make a text look like another one.
 * Line ends become
 * ; a lone surrogate becomes U+FFFD.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(lineEnds, "\n").replace(unseen, "");
}

const lineEnds = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
// Tab and line feed are kept. So are zero-width joiners: emoji and some scripts need them.
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Merges neighbouring code blocks: a blank line does not end code. */
function append(blocks: TextBlock[], kind: TextBlock["kind"], lines: string[]): void {
  const last = blocks.at(-1);
  if (kind === "code" && last?.kind === "code") last.lines.push("", ...lines);
  else blocks.push({ kind, lines });
}

function pushCode(blocks: TextBlock[], lines: string[]): void {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first < 0) return;
  const last = lines.findLastIndex((line) => line.trim() !== "");
  blocks.push({ kind: "code", lines: lines.slice(first, last + 1).map((line) => line.trimEnd()) });
}

function closes(line: string, mark: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= mark.length && trimmed === mark.charAt(0).repeat(trimmed.length);
}

/** At least two lines, of which half look like a programming language, with indentation or brackets. */
function looksLikeCode(lines: string[]): boolean {
  if (lines.length < 2 || !lines.some((line) => /^(?: {2,}|\t)|[(){}[\]=]/.test(line))) return false;
  return lines.filter((line) => codeLine.test(line)).length * 2 >= lines.length;
}

const codeLine =
  /[{};]$|^\s*(?:[})\]]|\/\/|\/\*|\* |--\s|#include|@\w)|^\s*(?:def|class|func|fn|function|public|private|protected|static|import|from|return|if|for|while|const|let|var|try|catch|except|else|switch|case|with|async|await|yield|type|interface|struct|SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|CREATE|ALTER|JOIN|ORDER|GROUP)\b.*[(){}=:;<>*,.]|^\s*[\w.]+(?: [\w.]+)? ?[-+*/]?= ?\S|^\s*[\w.]+\(.*\)$/;
