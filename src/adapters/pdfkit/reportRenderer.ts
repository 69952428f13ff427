import { renderMarkdown } from "../../interview/reportMarkdown.ts";
import type { ReportRenderer } from "../../ports/reportRenderer.ts";
import { loadFonts, type ReportFonts } from "./fonts.ts";
import { renderPdf } from "./renderPdf.ts";

/** Reads the fonts when the first report is printed, and prints one PDF at a time, so that memory stays bounded. */
export function createReportRenderer(): ReportRenderer {
  let fonts: ReportFonts | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return {
    pdf(document) {
      const printed = last.then(async () => {
        fonts ??= await loadFonts();
        return renderPdf(document, fonts);
      });
      last = printed.catch(() => {});
      return printed;
    },
    markdown: renderMarkdown,
  };
}
