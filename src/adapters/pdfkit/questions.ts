import type { AnswerScore, ReportQuestion } from "../../interview/model.ts";
import type { ReportText } from "../../interview/reportText.ts";
import { bandOf, total } from "../../interview/scores.ts";
import { bandBox, shareBar } from "./marks.ts";
import type { Frame, Sheet } from "./sheet.ts";
import { bullets } from "./summary.ts";
import { colors, styles, type TextStyle } from "./theme.ts";

const scoreStyle: TextStyle = { face: "bold", size: 17, leading: 22, color: colors.ink };
const numberStyle: TextStyle = { face: "bold", size: 9.5, leading: 14, color: colors.accentSoft };

/** One question with its answer, scores and feedback. */
export function drawQuestion(sheet: Sheet, entry: ReportQuestion, say: ReportText): void {
  const questionLines = sheet.lines(entry.text, styles.question, sheet.full.width);
  // Keeps header, question, scores and the beginning of the answer on one page.
  sheet.keep(Math.min(150 + questionLines.length * styles.question.leading, 400));
  sheet.rule(sheet.y, sheet.full, colors.accentSoft, 1);
  sheet.gap(8);
  drawHeader(sheet, entry, say);
  sheet.flow(questionLines, styles.question, sheet.full);
  sheet.gap(8);
  drawParts(sheet, entry.score, say);
  drawAnswer(sheet, entry, say);
  drawProse(sheet, say.feedback, entry.score.feedback);
  drawReference(sheet, entry.score.referenceAnswer, say);
  drawList(sheet, say.keyPoints, entry.score.keyPoints);
  drawList(sheet, say.evidence, entry.score.evidence);
  sheet.gap(22);
}

function drawHeader(sheet: Sheet, entry: ReportQuestion, say: ReportText): void {
  const { x, width } = sheet.full;
  const score = total(entry.score);
  const band = bandOf(score);
  const baseline = sheet.y + 11;
  const parts = [say.question(entry.index + 1), ...(entry.isFollowUp ? [say.followUp] : []), entry.category];
  const bandRight = x + width - sheet.widthOf("100", scoreStyle) - 8;
  const bandLeft = bandRight - sheet.widthOf(say.bands[band], styles.small) - 15;
  const name = sheet.fit(sheet.oneLine(parts.join(" · "), numberStyle), numberStyle, bandLeft - 16 - x);
  sheet.draw(name, numberStyle, x, baseline);
  bandBox(sheet, band, bandLeft, baseline - 5, 10, 9);
  sheet.draw(say.bands[band], styles.small, bandRight, baseline + 3, "right");
  sheet.draw(String(score), scoreStyle, x + width, baseline + 5, "right");
  sheet.gap(25);
}

/** The three parts of a score side by side. */
function drawParts(sheet: Sheet, score: AnswerScore, say: ReportText): void {
  const parts = [
    { name: say.accuracy, value: score.accuracy, most: 40 },
    { name: say.completeness, value: score.completeness, most: 30 },
    { name: say.clarity, value: score.clarity, most: 30 },
  ];
  sheet.keep(30);
  const space = 20;
  const width = (sheet.full.width - 2 * space) / 3;
  for (const [i, { name, value, most }] of parts.entries()) {
    const x = sheet.full.x + i * (width + space);
    sheet.draw(name, styles.label, x, sheet.y + 9);
    sheet.draw(`${value} / ${most}`, styles.label, x + width, sheet.y + 9, "right");
    shareBar(sheet, value / most, x, sheet.y + 14.5, width, 5);
  }
  sheet.gap(28);
}

function drawAnswer(sheet: Sheet, entry: ReportQuestion, say: ReportText): void {
  label(sheet, say.answer);
  const column = { x: sheet.full.x + 12, width: sheet.full.width - 12 };
  const bar: Frame = (y, height) => sheet.box(sheet.full.x, y, 2.5, height, colors.accentSoft);
  if (entry.answer === null) {
    sheet.flow([say.notAnswered], { ...styles.body, color: colors.soft }, column, bar);
  } else {
    sheet.blocks(entry.answer, styles.body, column, bar);
  }
}

function drawProse(sheet: Sheet, title: string, text: string): void {
  if (text.trim() === "") return;
  label(sheet, title);
  sheet.blocks(text, styles.body);
}

function drawReference(sheet: Sheet, text: string, say: ReportText): void {
  if (text.trim() === "") return;
  label(sheet, say.referenceAnswer);
  const column = { x: sheet.full.x + 12, width: sheet.full.width - 12 };
  sheet.blocks(text, styles.body, column, (y, height) => sheet.box(sheet.full.x, y, 2.5, height, colors.rule));
}

function drawList(sheet: Sheet, title: string, items: string[]): void {
  if (items.length === 0) return;
  label(sheet, title);
  bullets(sheet, items);
}

function label(sheet: Sheet, title: string): void {
  sheet.gap(9);
  sheet.keep(styles.label.leading + 2 * styles.body.leading);
  sheet.flow([title], styles.label, sheet.full);
  sheet.gap(2);
}
