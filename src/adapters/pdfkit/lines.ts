/** The width of a character after another (null at the beginning of a line), in the unit of the limit. */
export type Measure = (codePoint: number, previous: number | null) => number;

/**
 * Breaks a paragraph into lines no wider than `limit`: at spaces, after hyphens and slashes, and between Chinese
 * characters, except before closing and after opening punctuation. Text without such a place is broken anywhere.
 */
export function breakLines(paragraph: string, limit: number, measure: Measure): string[] {
  const characters = Array.from(paragraph);
  const codes = characters.map((character) => character.codePointAt(0)!);
  const lines: string[] = [];
  let start = 0;
  while (start < codes.length) {
    let width = 0;
    let end = start;
    let lastBreak = -1;
    for (; end < codes.length; end++) {
      const code = codes[end]!;
      const previous = end > start ? codes[end - 1]! : null;
      width += measure(code, previous);
      if (previous !== null && mayBreak(previous, code)) lastBreak = end;
      // Spaces may exceed the limit; each line has at least one character.
      if (width > limit && code !== SPACE && end > start) break;
    }
    const next = end === codes.length ? end : lastBreak > start ? lastBreak : end;
    lines.push(characters.slice(start, next).join("").trimEnd());
    start = next;
    while (start < codes.length && codes[start] === SPACE) start++;
  }
  return lines.length > 0 ? lines : [""];
}

const SPACE = 0x20;
const closing = new Set(
  Array.from("、。，．：；？！）」』】》〉〕］｝”’…—·,.:;?!)]}%‰℃々ー～", (c) => c.codePointAt(0)!),
);
const opening = new Set(Array.from("（「『【《〈〔［｛“‘([{", (c) => c.codePointAt(0)!));
const breakAfter = new Set(Array.from("-–/\\&_", (c) => c.codePointAt(0)!));

function mayBreak(previous: number, code: number): boolean {
  if (code === SPACE || isMark(code)) return false;
  if (previous === SPACE || previous === 0x3000) return true;
  if (isChinese(previous) || isChinese(code)) return !closing.has(code) && !opening.has(previous);
  return breakAfter.has(previous) && isLetter(code);
}

function isChinese(code: number): boolean {
  return (
    (code >= 0x2e80 && code <= 0x9fff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe4f) ||
    (code >= 0xff00 && code <= 0xffef) ||
    (code >= 0x20000 && code <= 0x3ffff)
  );
}

function isMark(code: number): boolean {
  return (code >= 0x300 && code <= 0x36f) || (code >= 0x3099 && code <= 0x309a);
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0x7f;
}
