import { visibleText } from "../../interview/textBlocks.ts";
import { type FontFace, NARROW } from "./fonts.ts";

/** Replaces a character that no font has: the traditional mark for a missing piece of type. */
export const PLACEHOLDER = "〓";

/** Replaces what the fonts cannot print; `onMissing` is called if a placeholder was used. */
export function printable(text: string, fonts: FontFace[], onMissing: () => void): string {
  const composed = visibleText(text).normalize("NFC");
  const has = (character: string) => fonts.some((font) => font.has(character.codePointAt(0)!));
  if (isPlain(composed)) return composed;
  let result = "";
  // By grapheme, so that an emoji of several code points becomes one placeholder.
  for (const { segment } of segmenter.segment(composed)) {
    const seen = segment.replace(joiners, "");
    if (Array.from(seen).every((character) => character === "\n" || character === "\t" || has(character))) {
      result += seen;
    } else {
      onMissing();
      result += PLACEHOLDER;
    }
  }
  return result;
}

/** Uses narrow quotes, dots and ellipses unless they are next to Chinese. */
export function withNarrowMarks(text: string): string {
  return text.replace(amongLatin, (mark) => String.fromCodePoint(mark.codePointAt(0)! + NARROW));
}

const amongLatin =
  /(?<![\p{Script=Han}\u3000-\u303f\uff00-\uffef] ?)[“”‘’…·](?! ?[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu;

/** Whether every font has it. */
function isPlain(text: string): boolean {
  return /^[\n\t\x20-\x7e]*$/.test(text);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Zero-width joiners and variation selectors, which only affect the look of their neighbours. */
const joiners = /\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;
