import type { ReportDocument } from "../interview/model.ts";

/** Renders finished reports. The same document gives the same bytes. */
export interface ReportRenderer {
  /** A PDF file. */
  pdf(document: ReportDocument): Promise<Uint8Array>;
  markdown(document: ReportDocument): string;
}
