import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import type { FileText } from "../../ports/resumeReader.ts";
import { longestText } from "./bounds.ts";

const maxEntries = 2_000;
const maxXmlBytes = 24 * 1024 * 1024;
const parts = /^word\/(?:document|header\d{0,2})\.xml$/;

/** The text of a Word document: headers, then body. Hidden text is left out. */
export async function readDocx(file: Uint8Array): Promise<FileText> {
  try {
    const zip = await fromBufferPromise(Buffer.from(file), { lazyEntries: true });
    if (zip.entryCount > maxEntries) return { fault: "fileTooComplex" };
    const texts = new Map<string, string>();
    let room = maxXmlBytes;
    for await (const entry of zip.eachEntry()) {
      if (!parts.test(entry.fileName)) continue;
      if (entry.isEncrypted()) return { fault: "fileEncrypted" };
      // Checked against the real size while it is decompressed.
      room -= entry.uncompressedSize;
      if (room < 0) return { fault: "fileTooComplex" };
      texts.set(entry.fileName, textOf(await unpack(zip, entry)));
    }
    const body = texts.get("word/document.xml");
    if (body === undefined) return { fault: "fileUnsupported" };
    texts.delete("word/document.xml");
    return { text: [...new Set(texts.values()), body].join("\n") };
  } catch {
    return { fault: "fileDamaged" };
  }
}

async function unpack(zip: ZipFile, entry: Entry): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Scans tags one by one and resolves or expands nothing, so that the time is linear in the length. */
function textOf(xml: string): string {
  const pieces: string[] = [];
  let length = 0;
  let inRun = false;
  let inText = false;
  let hidden = false;
  let fallbacks = 0;
  const write = (text: string): void => {
    if (hidden || fallbacks > 0) return;
    pieces.push(text);
    length += text.length;
  };

  for (let at = 0; at < xml.length && length < longestText; ) {
    const open = xml.indexOf("<", at);
    if (inText) write(unescapeXml(xml.slice(at, open < 0 ? xml.length : open)));
    if (open < 0) break;
    if (xml.startsWith("<!DOCTYPE", open)) throw new Error("A Word document has no document type");
    const end = xml.startsWith("<!--", open) ? "-->" : ">";
    const close = xml.indexOf(end, open);
    if (close < 0) throw new Error("A tag does not end");
    const tag = xml.slice(open + 1, close);
    at = close + end.length;

    switch (nameOf(tag)) {
      case "r":
        inRun = !tag.endsWith("/");
        hidden = false;
        break;
      case "/r":
        inRun = false;
        hidden = false;
        break;
      case "vanish":
        if (inRun && !/val="(?:0|false|off)"/.test(tag)) hidden = true;
        break;
      case "t":
        inText = !tag.endsWith("/");
        break;
      case "/t":
        inText = false;
        break;
      // Outside of a run it defines a tab stop.
      case "tab":
        if (inRun) write("\t");
        break;
      case "noBreakHyphen":
        write("-");
        break;
      case "br":
      case "cr":
      case "/p":
        write("\n");
        break;
      // The same content for programs that do not support the first form.
      case "Fallback":
        if (!tag.endsWith("/")) fallbacks++;
        break;
      case "/Fallback":
        fallbacks--;
        break;
    }
  }
  return pieces.join("");
}

/** A tag's local name; programs choose their own prefixes. */
function nameOf(tag: string): string {
  const [, slash = "", name = ""] = /^(\/?)(?:[\w.-]{1,40}:)?([\w.-]{1,40})/.exec(tag) ?? [];
  return slash + name;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g, (whole, decimal, hex, name) => {
    if (name) return named[name as keyof typeof named];
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
