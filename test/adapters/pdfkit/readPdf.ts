import { inflateSync } from "node:zlib";

/** One drawn piece of text: its baseline's place in points from the page's bottom left. */
export interface DrawnText {
  x: number;
  y: number;
  size: number;
  text: string;
}

/** The text of each page as a reader selects it, for files as pdfkit writes them. */
export function readPdf(file: Uint8Array): DrawnText[][] {
  const source = Buffer.from(file).toString("latin1");
  const objects = new Map([...source.matchAll(/(\d+) 0 obj\n(.*?)\nendobj/gs)].map(([, id, body]) => [id!, body!]));
  const fonts = fontsOf(objects);
  return [...objects.values()]
    .filter((body) => /\/Type \/Page\b/.test(body))
    .map((body) => drawnText(streamOf(objects, reference(body, "Contents")), fonts));
}

/** A page's text with single spaces, as one string to search in. */
export function flatten(page: DrawnText[]): string {
  return page
    .map((piece) => piece.text)
    .join(" ")
    .replace(/\s+/g, " ");
}

function fontsOf(objects: Map<string, string>): Map<string, string[]> {
  const fonts = new Map<string, string[]>();
  for (const body of objects.values()) {
    for (const [, name, id] of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      if (fonts.has(name!)) continue;
      const cmap = streamOf(objects, reference(objects.get(id!)!, "ToUnicode"));
      const entries = [...cmap.matchAll(/\[(.*?)\]/gs)].flatMap(([, range]) => [...range!.matchAll(/<([^>]*)>/g)]);
      fonts.set(
        name!,
        entries.map(([, hex]) => decodeUtf16(hex!.replaceAll(" ", ""))),
      );
    }
  }
  return fonts;
}

function drawnText(content: string, fonts: Map<string, string[]>): DrawnText[] {
  const pieces: DrawnText[] = [];
  for (const [, block] of content.matchAll(/BT\n(.*?)\nET/gs)) {
    const [, x, y] = /1 0 0 1 (\S+) (\S+) Tm/.exec(block!)!;
    const [, font, size] = /\/(F\d+) (\S+) Tf/.exec(block!)!;
    const glyphs = [...block!.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex]) => hex!.match(/.{4}/g)!);
    const text = glyphs.map((glyph) => {
      const id = Number.parseInt(glyph, 16);
      if (id === 0) throw new Error("the font's empty box was printed");
      return fonts.get(font!)![id]!;
    });
    pieces.push({ x: Number(x), y: Number(y), size: Number(size), text: text.join("") });
  }
  return pieces;
}

function reference(body: string, key: string): string {
  return new RegExp(`/${key} (\\d+) 0 R`).exec(body)![1]!;
}

function streamOf(objects: Map<string, string>, id: string): string {
  const stream = /stream\n(.*)\nendstream/s.exec(objects.get(id)!)![1]!;
  return inflateSync(Buffer.from(stream, "latin1")).toString("latin1");
}

function decodeUtf16(hex: string): string {
  return String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
}
