import { getDocumentProxy } from "unpdf";
import type { FileText } from "../../ports/resumeReader.ts";
import { longestText } from "./bounds.ts";

const maxPages = 50;

/** The text of a PDF, page by page in content order. */
export async function readPdf(file: Uint8Array): Promise<FileText> {
  try {
    const pdf = await getDocumentProxy(new Uint8Array(file), {
      maxImageSize: 1,
      useSystemFonts: false,
      verbosity: 0,
    });
    if (pdf.numPages > maxPages) return { fault: "fileTooManyPages", limit: maxPages };
    let text = "";
    for (let number = 1; number <= pdf.numPages && text.length < longestText; number++) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) if ("str" in item) text += item.hasEOL ? `${item.str}\n` : item.str;
      text += "\n\n";
    }
    return { text: text.replace(iconGlyphs, "") };
  } catch (error) {
    return { fault: (error as Error).name === "PasswordException" ? "fileEncrypted" : "fileDamaged" };
  }
}

/** Bullets and icons of symbol fonts, which have no meaning as characters. */
const iconGlyphs = /\p{Co}/gu;
