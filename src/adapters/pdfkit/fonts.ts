import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";

/** Static TrueType fonts; a document embeds only the glyphs it uses. */
export interface ReportFonts {
  regular: FontFace;
  bold: FontFace;
  /** For code; missing characters are set in `regular`. */
  mono: FontFace;
}

/** A font that measures text. Widths are in thousandths of the font size. */
export interface FontFace {
  has(codePoint: number): boolean;
  /** The width of a character after `previous` (kerned), or at the beginning (null). */
  advance(codePoint: number, previous: number | null): number;
  /** The font for pdfkit, whose layout is the plain one that `advance` measures. */
  source: Font;
}

/** Reads 21 MB from disk: done once, for the first report. */
export async function loadFonts(): Promise<ReportFonts> {
  const [regular, bold, mono] = await Promise.all([
    loadFace("@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"),
    loadFace("@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"),
    loadFace("@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf"),
  ]);
  return { regular, bold, mono };
}

async function loadFace(path: string): Promise<FontFace> {
  const require = createRequire(import.meta.url);
  return createFace(create(await readFile(require.resolve(path))) as Font);
}

/**
 * Quotes, the ellipsis and the middle dot are as wide as a Chinese character in this font. Added to their code point,
 * this selects the narrow form for use between Latin letters.
 */
export const NARROW = 0xf0000;

interface PlainGlyph {
  id: number;
  advanceWidth: number;
  codePoints: number[];
  /** The offset and width of the narrow form, if it is the wide glyph with less space around it. */
  xOffset: number;
  xAdvance: number;
}

/**
 * Maps each character to one glyph, with kerning for Latin pairs: reports need no more, and fontkit's full layout would
 * take most of the printing time. The glyph objects are our own because fontkit's remember the character that first
 * used them, which would make a document's text depend on those printed before.
 */
function createFace(font: Font): FontFace {
  const scale = 1000 / font.unitsPerEm;
  const characters = new Set(font.characterSet);
  const known = new Map<number, PlainGlyph>();
  const kerning = new Map<number, number>();

  const glyphOf = (codePoint: number): PlainGlyph => {
    let glyph = known.get(codePoint);
    if (!glyph) {
      const character = codePoint < NARROW ? codePoint : codePoint - NARROW;
      const features = { pwid: codePoint >= NARROW, palt: codePoint >= NARROW };
      const run = font.layout(String.fromCodePoint(character), features);
      const { id, advanceWidth } = run.glyphs[0]!;
      const { xOffset, xAdvance } = run.positions[0]!;
      glyph = { id, advanceWidth, codePoints: [character], xOffset, xAdvance };
      known.set(codePoint, glyph);
    }
    return glyph;
  };
  const kern = (left: number, right: number): number => {
    if (left >= KERNED || right >= KERNED) return 0;
    const pair = left * KERNED + right;
    let value = kerning.get(pair);
    if (value === undefined) {
      const run = font.layout(String.fromCodePoint(left, right), { kern: true, liga: false, calt: false });
      value = run.glyphs.length === 2 ? run.positions[0]!.xAdvance - glyphOf(left).xAdvance : 0;
      kerning.set(pair, value);
    }
    return value;
  };
  const layout = (text: string) => {
    const codes = Array.from(text, (character) => character.codePointAt(0)!);
    const glyphs = codes.map(glyphOf);
    const positions = glyphs.map(({ xOffset, xAdvance }, i) => {
      const next = codes[i + 1];
      return { xAdvance: xAdvance + (next ? kern(codes[i]!, next) : 0), yAdvance: 0, xOffset, yOffset: 0 };
    });
    return { glyphs, positions, advanceWidth: positions.reduce((sum, position) => sum + position.xAdvance, 0) };
  };
  return {
    has: (codePoint) => characters.has(codePoint < NARROW ? codePoint : codePoint - NARROW),
    advance: (codePoint, previous) =>
      (glyphOf(codePoint).xAdvance + (previous === null ? 0 : kern(previous, codePoint))) * scale,
    source: Object.create(font, { layout: { value: layout } }),
  };
}

/** Only characters below this (Latin) are kerned, to keep the table of pairs small. */
const KERNED = 0x180;
