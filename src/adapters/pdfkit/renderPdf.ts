import { setImmediate as nextTurn } from "node:timers/promises";
import type { ReportDocument } from "../../interview/model.ts";
import { type ReportText, reportText } from "../../interview/reportText.ts";
import { visibleText } from "../../interview/textBlocks.ts";
import { categoryChartStart, drawCategoryChart } from "./categories.ts";
import { drawCover } from "./cover.ts";
import type { ReportFonts } from "./fonts.ts";
import { PLACEHOLDER } from "./printable.ts";
import { drawQuestion } from "./questions.ts";
import { Sheet } from "./sheet.ts";
import { drawSummary, remark } from "./summary.ts";
import { colors, page, styles } from "./theme.ts";
import { drawTrends } from "./trends.ts";

/** The report as a PDF; the same document gives the same bytes. Yields to the event loop between questions. */
export async function renderPdf(document: ReportDocument, fonts: ReportFonts): Promise<Buffer> {
  const say = reportText(document.locale);
  const sheet = new Sheet(fonts, {
    lang: document.locale === "ZH" ? "zh-CN" : "en",
    displayTitle: true,
    pdfVersion: "1.7",
    info: {
      Title: visibleText(`${say.title} – ${document.resumeKey}`),
      Creator: "Vivavoce",
      Producer: "Vivavoce",
      CreationDate: document.report.createdAt,
    },
  });
  const file = collect(sheet.doc);

  drawCover(sheet, document, say);
  await drawBody(sheet, document, say);
  drawFooters(sheet, document, say);
  sheet.doc.end();
  return file;
}

async function drawBody(sheet: Sheet, { report, trends }: ReportDocument, say: ReportText): Promise<void> {
  const { outline } = sheet.doc;
  sheet.newPage();
  outline.addItem(say.summary);
  sheet.flow([say.summary], styles.section, sheet.full);
  drawSummary(sheet, report, say);

  if (report.categoryScores.length > 0) {
    startSection(sheet, say.categoryScores, categoryChartStart(report.categoryScores.length));
    drawCategoryChart(sheet, report.categoryScores, say);
  }

  const questions = startSection(sheet, say.questions, 360);
  if (report.questions.length === 0) remark(sheet, say.noQuestions);
  for (const entry of report.questions) {
    drawQuestion(sheet, entry, say);
    questions.addItem(say.question(entry.index + 1));
    await nextTurn();
  }

  if (trends) {
    startSection(sheet, say.trends, 330);
    drawTrends(sheet, trends, say);
  }
  if (sheet.hasPlaceholders) {
    sheet.gap(14);
    sheet.text(say.placeholderNote(PLACEHOLDER), styles.small);
  }
}

/** On this page if `room` is left for its beginning, else on a new one. */
function startSection(sheet: Sheet, title: string, room: number): PDFKit.PDFOutline {
  sheet.gap(30);
  sheet.keep(Math.min(room, page.height) + styles.section.leading);
  sheet.flow([title], styles.section, sheet.full);
  sheet.gap(8);
  return sheet.doc.outline.addItem(title);
}

function drawFooters(sheet: Sheet, document: ReportDocument, say: ReportText): void {
  const { start, count } = sheet.doc.bufferedPageRange();
  const name = sheet.oneLine(`${say.title} · ${document.resumeKey}`, styles.small);
  const left = sheet.fit(name, styles.small, sheet.full.width - 90);
  const baseline = page.height - 38;
  for (let i = start + 1; i < start + count; i++) {
    sheet.doc.switchToPage(i);
    sheet.rule(baseline - 16, sheet.full, colors.rule);
    sheet.draw(left, styles.small, page.left, baseline);
    sheet.draw(`${i + 1} / ${count}`, styles.small, page.width - page.right, baseline, "right");
  }
}

async function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of doc) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
