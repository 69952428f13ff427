import { visibleText } from "../../interview/textBlocks.ts";
import { type FontFace, NARROW } from "./fonts.ts";

/** Stands for a character that no font has: the mark which printers set for a missing piece of type. */
export const PLACEHOLDER = "〓";

/** The text as the fonts can print it; `onMissing` is told when a placeholder was put in. */
export function printable(text: string, fonts: FontFace[], onMissing: () => void): string {
  const composed = visibleText(text).normalize("NFC");
  const has = (character: string) => fonts.some((font) => font.has(character.codePointAt(0)!));
  if (isPlain(composed)) return composed;
  let result = "";
  // By what a reader sees as one character, so that an emoji made of several becomes one placeholder.
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

/** The text with narrow quotes, dots and ellipses where no Chinese stands beside them. */
export function withNarrowMarks(text: string): string {
  return text.replace(amongLatin, (mark) => String.fromCodePoint(mark.codePointAt(0)! + NARROW));
}

const amongLatin =
  /(?<![\p{Script=Han}\u3000-\u303f\uff00-\uffef] ?)[“”‘’…·](?! ?[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu;

/** What every font has. */
function isPlain(text: string): boolean {
  return /^[\n\t\x20-\x7e]*$/.test(text);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Zero-width joiners and variation selectors: they only change the look of their neighbours. */
const joiners = /\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;
