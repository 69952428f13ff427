import type { Trends } from "../../interview/model.ts";
import { formatDay, type ReportText } from "../../interview/reportText.ts";
import { bandOf } from "../../interview/scores.ts";
import { bandBox } from "./marks.ts";
import type { Sheet } from "./sheet.ts";
import { heading } from "./summary.ts";
import { colors, styles } from "./theme.ts";

/** The scores of the résumé's interviews over time. */
export function drawTrends(sheet: Sheet, trends: Trends, say: ReportText): void {
  heading(sheet, say.scoreProgression);
  drawProgression(sheet, trends.scores);
  heading(sheet, say.categoryStrengths);
  drawStrengths(sheet, trends.categories, say);
}

const chartHeight = 170;

function drawProgression(sheet: Sheet, scores: Trends["scores"]): void {
  sheet.keep(chartHeight + 44);
  const { doc } = sheet;
  const left = sheet.full.x + 26;
  const width = sheet.full.width - 26 - 16;
  const top = sheet.y + 16;
  const yOf = (score: number) => top + chartHeight * (1 - score / 100);
  const xOf = (i: number) =>
    scores.length === 1 ? left + width / 2 : left + 18 + ((width - 36) * i) / (scores.length - 1);

  for (const mark of [0, 60, 75, 90, 100]) {
    doc
      .moveTo(left, yOf(mark))
      .lineTo(left + width, yOf(mark))
      .lineWidth(0.5)
      .stroke(colors.rule);
    sheet.draw(String(mark), styles.small, left - 6, yOf(mark) + 3, "right");
  }
  for (const [i, point] of scores.entries()) {
    if (i === 0) doc.moveTo(xOf(i), yOf(point.overallScore));
    else doc.lineTo(xOf(i), yOf(point.overallScore));
  }
  doc.lineWidth(1.8).lineJoin("round").stroke(colors.accentSoft);

  const labelled = everyNth(scores.length, Math.floor(width / 66));
  const numbered = everyNth(scores.length, scores.length > 20 ? 1 : scores.length);
  for (const [i, point] of scores.entries()) {
    const [x, y] = [xOf(i), yOf(point.overallScore)];
    doc.circle(x, y, scores.length > 40 ? 1.6 : 3.2).fillAndStroke(colors.paper, colors.accent);
    if (numbered(i)) {
      sheet.draw(String(point.overallScore), styles.strong, x, isValley(scores, i) ? y + 15 : y - 8, "center");
    }
    if (labelled(i)) sheet.draw(formatDay(point.evaluatedAt), styles.small, x, top + chartHeight + 14, "center");
  }
  sheet.gap(chartHeight + 40);
}

/** Whether a point is lower than its neighbours, so that its number goes below the line unless the axis is there. */
function isValley(scores: Trends["scores"], i: number): boolean {
  const { overallScore } = scores[i]!;
  const neighbours = [scores[i - 1], scores[i + 1]].filter((point) => point !== undefined);
  return overallScore > 12 && neighbours.every((point) => point.overallScore > overallScore);
}

/** Selects at most `most` of `count` points for labels, always including the last one. */
function everyNth(count: number, most: number): (i: number) => boolean {
  const step = Math.max(1, Math.ceil(count / most));
  return (i) => (count - 1 - i) % step === 0;
}

const rowHeight = 23;
const barHeight = 9;

/** Strongest first: the average as a bar, and the change from the first interview to the latest. */
function drawStrengths(sheet: Sheet, categories: Trends["categories"], say: ReportText): void {
  const { x, width } = sheet.full;
  const right = x + width;
  const columns = { average: right - 142, first: right - 94, latest: right - 46, change: right };
  const axis = { x: x + 142, width: width - 142 - 190 };
  const head = { ...styles.label, size: 8 };
  const drawHead = () => {
    sheet.draw(say.category, head, x, sheet.y + 10);
    sheet.draw(say.average, head, columns.average, sheet.y + 10, "right");
    sheet.draw(say.first, head, columns.first, sheet.y + 10, "right");
    sheet.draw(say.latest, head, columns.latest, sheet.y + 10, "right");
    sheet.gap(16);
    sheet.rule(sheet.y);
  };
  sheet.keep(16 + rowHeight);
  drawHead();
  for (const entry of categories.toSorted((a, b) => b.averageScore - a.averageScore)) {
    if (sheet.room < rowHeight) {
      sheet.newPage();
      drawHead();
    }
    const baseline = sheet.y + rowHeight / 2 + 3.5;
    sheet.draw(sheet.fit(sheet.oneLine(entry.category, styles.body), styles.body, 132), styles.body, x, baseline);
    const top = sheet.y + (rowHeight - barHeight) / 2;
    sheet.box(axis.x, top, axis.width, barHeight, colors.track);
    bandBox(sheet, bandOf(entry.averageScore), axis.x, top, (axis.width * entry.averageScore) / 100, barHeight);
    sheet.draw(String(entry.averageScore), styles.strong, columns.average, baseline, "right");
    sheet.draw(String(entry.firstScore), styles.body, columns.first, baseline, "right");
    sheet.draw(String(entry.lastScore), styles.body, columns.latest, baseline, "right");
    sheet.draw(changeOf(entry), { ...styles.body, color: colors.soft }, columns.change, baseline, "right");
    sheet.gap(rowHeight);
    sheet.rule(sheet.y, sheet.full, colors.track);
  }
}

function changeOf({ firstScore, lastScore }: Trends["categories"][number]): string {
  const change = lastScore - firstScore;
  if (change === 0) return "0";
  return change > 0 ? `▲ ${change}` : `▼ ${-change}`;
}
