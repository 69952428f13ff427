import type { CategoryScore } from "../../interview/model.ts";
import type { ReportText } from "../../interview/reportText.ts";
import { bandOf } from "../../interview/scores.ts";
import { bandBox, bandLegend } from "./marks.ts";
import type { Sheet } from "./sheet.ts";
import { colors, styles, type TextStyle } from "./theme.ts";

const rowHeight = 30;
const labelWidth = 148;
const barHeight = 13;
const scoreStyle: TextStyle = { ...styles.strong, size: 11 };

/** The height that the chart needs to start on a page: at least its first rows. */
export function categoryChartStart(rows: number): number {
  return 60 + Math.min(rows, 6) * rowHeight;
}

/** One bar per category, on a scale from 0 to 100 that marks where the bands begin. */
export function drawCategoryChart(sheet: Sheet, categories: CategoryScore[], say: ReportText): void {
  bandLegend(sheet, say, sheet.full.x + sheet.full.width, sheet.y + 8);
  sheet.gap(24);
  let next = 0;
  while (next < categories.length) {
    const count = Math.min(categories.length - next, Math.floor((sheet.room - 16) / rowHeight));
    if (count < 1) {
      sheet.newPage();
      continue;
    }
    drawRows(sheet, categories.slice(next, next + count), say);
    next += count;
  }
}

function drawRows(sheet: Sheet, categories: CategoryScore[], say: ReportText): void {
  const { x, width } = sheet.full;
  const axis = { x: x + labelWidth + 14, width: width - labelWidth - 14 - 40 };
  drawScale(sheet, axis, sheet.y, categories.length * rowHeight);
  for (const { category, score, questionCount } of categories) {
    const middle = sheet.y + rowHeight / 2;
    const label = sheet.fit(sheet.oneLine(category, styles.strong), styles.strong, labelWidth);
    sheet.draw(label, styles.strong, x, middle - 1);
    sheet.draw(say.questionsCounted(questionCount), styles.small, x, middle + 10);
    sheet.box(axis.x, middle - barHeight / 2, axis.width, barHeight, colors.track);
    bandBox(sheet, bandOf(score), axis.x, middle - barHeight / 2, (axis.width * score) / 100, barHeight);
    sheet.draw(String(score), scoreStyle, x + width, middle + 4, "right");
    sheet.gap(rowHeight);
  }
  sheet.gap(16);
}

const marks = [0, 60, 75, 90, 100];

function drawScale(sheet: Sheet, axis: { x: number; width: number }, y: number, height: number): void {
  for (const mark of marks) {
    const x = axis.x + (axis.width * mark) / 100;
    sheet.doc
      .moveTo(x, y)
      .lineTo(x, y + height)
      .lineWidth(0.5)
      .stroke(colors.rule);
    sheet.draw(String(mark), styles.small, x, y + height + 10, "center");
  }
}
