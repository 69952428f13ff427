import type { ReportDocument } from "../../interview/model.ts";
import { renderMarkdown } from "../../interview/reportMarkdown.ts";
import type { ReportRenderer } from "../../ports/reportRenderer.ts";

/** Loads the printing code with the first report, and prints one PDF at a time to limit memory. */
export function createReportRenderer(): ReportRenderer {
  let printer: Printer | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return {
    pdf(document) {
      const printed = last.then(async () => {
        printer ??= await openPrinter();
        return printer(document);
      });
      last = printed.catch(() => {});
      return printed;
    },
    markdown: renderMarkdown,
  };
}

type Printer = (document: ReportDocument) => Promise<Uint8Array>;

async function openPrinter(): Promise<Printer> {
  const [{ loadFonts }, { renderPdf }] = await Promise.all([import("./fonts.ts"), import("./renderPdf.ts")]);
  const fonts = await loadFonts();
  return (document) => renderPdf(document, fonts);
}
