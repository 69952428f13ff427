import PDFDocument from "pdfkit";
import { textBlocks } from "../../interview/textBlocks.ts";
import type { FontFace, ReportFonts } from "./fonts.ts";
import { breakLines } from "./lines.ts";
import { printable, withNarrowMarks } from "./printable.ts";
import { colors, page, styles, type TextStyle } from "./theme.ts";

/** Where text goes: its left edge and width. */
export interface Column {
  x: number;
  width: number;
}

/** Drawn behind or beside flowing lines, once per page with the position of its part. */
export type Frame = (y: number, height: number) => void;

/**
 * Pages with a pen that moves down. Text is measured here and drawn line by line, so that it never runs into the footer
 * and the document gets only plain text and shapes.
 */
export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly full: Column = { x: page.left, width: page.width - page.left - page.right };
  readonly bottom = page.height - page.bottom;
  y: number = page.top;
  /** Whether a placeholder was used for a character that the fonts lack. */
  hasPlaceholders = false;
  readonly #fonts: ReportFonts;
  readonly #noteMissing = () => {
    this.hasPlaceholders = true;
  };

  constructor(fonts: ReportFonts, options: PDFKit.PDFDocumentOptions) {
    this.#fonts = fonts;
    this.doc = new PDFDocument({
      ...options,
      size: [page.width, page.height],
      // `room` takes care of margins: pdfkit's own would add pages unasked.
      margin: 0,
      bufferPages: true,
      fontLayoutCache: false,
    });
    for (const face of ["regular", "bold", "mono"] as const) {
      this.doc.registerFont(face, fonts[face].source as unknown as PDFKit.Mixins.PDFFontSource);
    }
  }

  newPage(): void {
    this.doc.addPage();
    this.y = page.top;
  }

  gap(height: number): void {
    this.y += height;
  }

  /** The space left on this page. */
  get room(): number {
    return this.bottom - this.y;
  }

  /** Starts a new page unless `height` fits on this one. */
  keep(height: number): void {
    if (this.room < height) this.newPage();
  }

  /** A foreign text as it will be printed. */
  clean(text: string, style: TextStyle): string {
    const clean = printable(text, this.#facesOf(style), this.#noteMissing);
    return style.face === "mono" ? clean : withNarrowMarks(clean);
  }

  /** A foreign text on one line. */
  oneLine(text: string, style: TextStyle): string {
    return this.clean(text.replace(/\s+/g, " ").trim(), style);
  }

  widthOf(text: string, style: TextStyle): number {
    let width = 0;
    let previous: number | null = null;
    for (const character of text) {
      const code = character.codePointAt(0)!;
      width += this.#advance(code, previous, style);
      previous = code;
    }
    return width;
  }

  /** Breaks the text into lines of at most `width`; with `most` lines the last one may end in an ellipsis. */
  lines(text: string, style: TextStyle, width: number, most = Number.POSITIVE_INFINITY): string[] {
    const measure = (code: number, previous: number | null) => this.#advance(code, previous, style);
    const lines = this.clean(text, style)
      .split("\n")
      .flatMap((line) => this.#indented(line, style, width, measure));
    if (lines.length <= most) return lines;
    const last = lines[most - 1]!;
    return [...lines.slice(0, most - 1), this.fit(withNarrowMarks(`${last}…`), style, width)];
  }

  /** Cuts the text to at most `width`. */
  fit(text: string, style: TextStyle, width: number): string {
    if (this.widthOf(text, style) <= width) return text;
    let kept = "";
    let room = width - this.widthOf("…", style);
    for (const character of text) {
      room -= this.widthOf(character, style);
      if (room < 0) break;
      kept += character;
    }
    return withNarrowMarks(`${kept.trimEnd()}…`);
  }

  /** Draws one clean line with its baseline at `y`, without moving the pen. */
  draw(line: string, style: TextStyle, x: number, y: number, align: "left" | "right" | "center" = "left"): void {
    if (line === "") return;
    const width = align === "left" ? 0 : this.widthOf(line, style);
    let left = align === "right" ? x - width : align === "center" ? x - width / 2 : x;
    this.doc.fillColor(style.color);
    for (const run of this.#runs(line, style)) {
      this.doc
        .font(run.face)
        .fontSize(style.size)
        // An explicit feature list, even an empty one, keeps pdfkit from laying out the words of the line one by one.
        .text(run.text, left, y, { lineBreak: false, baseline: "alphabetic", features: [] });
      left += this.widthOf(run.text, style);
    }
  }

  /** Flows lines down the page and on to the next ones; avoids widows and orphans. */
  flow(lines: string[], style: TextStyle, column: Column, frame?: Frame, padding = 0): void {
    let next = 0;
    while (next < lines.length) {
      const left = lines.length - next;
      const fits = Math.floor((this.room - 2 * padding) / style.leading);
      let count = Math.min(left, fits);
      if (count < left && left - count === 1 && count > 2) count--;
      if (count < Math.min(2, left)) {
        this.newPage();
        continue;
      }
      const height = count * style.leading;
      frame?.(this.y, height + 2 * padding);
      const baseline = this.y + padding + style.leading * 0.5 + style.size * 0.36;
      for (let i = 0; i < count; i++) {
        this.draw(lines[next + i]!, style, column.x, baseline + i * style.leading);
      }
      this.y += height + 2 * padding;
      next += count;
      if (next < lines.length) this.newPage();
    }
  }

  /** Flows a foreign text. */
  text(text: string, style: TextStyle, column: Column = this.full): void {
    this.flow(this.lines(text, style, column.width), style, column);
  }

  /** Flows a foreign text of several paragraphs, with code set as code. */
  blocks(text: string, style: TextStyle, column: Column = this.full, frame?: Frame): void {
    for (const [i, block] of textBlocks(text).entries()) {
      if (i > 0) this.#spaceBetween(frame);
      if (block.kind === "prose") {
        this.flow(this.lines(block.lines.join("\n"), style, column.width), style, column, frame);
        continue;
      }
      const inner = { x: column.x + 9, width: column.width - 18 };
      const lines = this.lines(block.lines.join("\n"), styles.code, inner.width);
      this.flow(
        lines,
        styles.code,
        inner,
        (y, height) => {
          frame?.(y, height);
          this.box(column.x, y, column.width, height, colors.tint);
        },
        6,
      );
    }
  }

  box(x: number, y: number, width: number, height: number, color: string): void {
    this.doc.rect(x, y, width, height).fill(color);
  }

  rule(y: number, column: Column = this.full, color: string = colors.rule, weight = 0.6): void {
    this.doc
      .moveTo(column.x, y)
      .lineTo(column.x + column.width, y)
      .lineWidth(weight)
      .stroke(color);
  }

  #spaceBetween(frame?: Frame): void {
    const space = 6;
    if (this.room < space) return;
    frame?.(this.y, space);
    this.y += space;
  }

  /** Keeps indentation, also for continuation lines, as long as it leaves enough room. */
  #indented(
    line: string,
    style: TextStyle,
    width: number,
    measure: (code: number, previous: number | null) => number,
  ): string[] {
    const spread = line.replace(/\t/g, "    ").trimEnd();
    const indent = /^ */.exec(spread)![0];
    const indentWidth = this.widthOf(indent, style);
    if (indentWidth > width / 2) return breakLines(spread.trimStart(), width, measure);
    return breakLines(spread.slice(indent.length), width - indentWidth, measure).map((part) => indent + part);
  }

  #advance(code: number, previous: number | null, style: TextStyle): number {
    const face = this.#faceOf(code, style);
    const kerned = previous !== null && this.#faceOf(previous, style) === face ? previous : null;
    return (this.#fonts[face].advance(code, kerned) * style.size) / 1000;
  }

  #facesOf(style: TextStyle): FontFace[] {
    return [this.#fonts[style.face], this.#fonts[substitutes[style.face]]];
  }

  #faceOf(code: number, style: TextStyle): TextStyle["face"] {
    return this.#fonts[style.face].has(code) ? style.face : substitutes[style.face];
  }

  /** Splits a line into runs of one font. */
  #runs(line: string, style: TextStyle): { face: TextStyle["face"]; text: string }[] {
    const runs: { face: TextStyle["face"]; text: string }[] = [];
    for (const character of line) {
      const face = this.#faceOf(character.codePointAt(0)!, style);
      const last = runs.at(-1);
      if (last?.face === face) last.text += character;
      else runs.push({ face, text: character });
    }
    return runs;
  }
}

/** The font used for characters that another one lacks. */
const substitutes = { regular: "mono", bold: "mono", mono: "regular" } as const;
