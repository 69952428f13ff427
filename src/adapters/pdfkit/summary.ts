import type { Report } from "../../interview/model.ts";
import type { ReportText } from "../../interview/reportText.ts";
import type { Column, Sheet } from "./sheet.ts";
import { colors, styles } from "./theme.ts";

/** The summary of the interview. */
export function drawSummary(sheet: Sheet, report: Report, say: ReportText): void {
  heading(sheet, say.overallFeedback);
  sheet.blocks(report.overallFeedback, styles.body);
  heading(sheet, say.strengths);
  if (report.strengths.length > 0) bullets(sheet, report.strengths);
  else remark(sheet, say.noStrengths);
  heading(sheet, say.improvements);
  if (report.improvements.length > 0) numbered(sheet, report.improvements);
  else remark(sheet, say.noImprovements);
  if (report.knowledgeGaps.length > 0) {
    heading(sheet, say.knowledgeGaps);
    bullets(sheet, report.knowledgeGaps);
  }
  if (report.learningPath.length > 0) {
    heading(sheet, say.learningPath);
    for (const [i, step] of report.learningPath.entries()) {
      item(sheet, `${i + 1}.`, (column) => {
        sheet.text(step.topic, styles.strong, column);
        sheet.text(step.advice, styles.body, column);
      });
    }
  }
  if (report.resumeImprovements.length > 0) {
    heading(sheet, say.resumeImprovements);
    bullets(sheet, report.resumeImprovements);
  }
}

/** Stays on the same page as the first lines that follow. */
export function heading(sheet: Sheet, title: string): void {
  sheet.gap(13);
  sheet.keep(styles.heading.leading + 3 * styles.body.leading);
  sheet.flow([title], styles.heading, sheet.full);
  sheet.gap(3);
}

export function bullets(sheet: Sheet, items: string[], column: Column = sheet.full): void {
  for (const text of items) item(sheet, null, (inner) => sheet.text(text, styles.body, inner), column);
}

/** A fixed text in place of an empty list. */
export function remark(sheet: Sheet, text: string): void {
  sheet.text(text, { ...styles.body, color: colors.soft });
}

function numbered(sheet: Sheet, items: string[]): void {
  for (const [i, text] of items.entries()) {
    item(sheet, `${i + 1}.`, (column) => sheet.text(text, styles.body, column));
  }
}

const indent = 18;

/** A list item with a number or a dot. */
function item(sheet: Sheet, number: string | null, body: (column: Column) => void, column: Column = sheet.full): void {
  sheet.keep(2 * styles.body.leading);
  const baseline = sheet.y + styles.body.leading * 0.5 + styles.body.size * 0.36;
  if (number !== null) sheet.draw(number, { ...styles.strong, color: colors.accentSoft }, column.x, baseline);
  else sheet.doc.circle(column.x + 5, baseline - 3.4, 1.7).fill(colors.accentSoft);
  body({ x: column.x + indent, width: column.width - indent });
  sheet.gap(3.5);
}
