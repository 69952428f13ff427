import type { ReportDocument } from "../../interview/model.ts";
import { formatTime, positionOf, type ReportText } from "../../interview/reportText.ts";
import { bandBox } from "./marks.ts";
import type { Sheet } from "./sheet.ts";
import { bandColors, colors, page, styles, type TextStyle } from "./theme.ts";

/** The first page: the interview and its result. */
export function drawCover(sheet: Sheet, document: ReportDocument, say: ReportText): void {
  drawPanel(sheet, document, say);
  drawScore(sheet, document, say);
  drawFacts(sheet, document, say);
}

const panelHeight = 310;

const brand: TextStyle = { face: "bold", size: 10, leading: 14, color: "#a9cfca" };
const title: TextStyle = { face: "bold", size: 38, leading: 48, color: colors.paper };
const subtitle: TextStyle = { face: "regular", size: 14, leading: 21, color: "#dcebe9" };

function drawPanel(sheet: Sheet, document: ReportDocument, say: ReportText): void {
  sheet.box(0, 0, page.width, panelHeight, colors.accent);
  drawVoice(sheet);
  sheet.draw("VIVAVOCE", brand, page.left, 76);
  sheet.draw(say.title, title, page.left, 142);
  const position = positionOf(document);
  if (position === null) return;
  for (const [i, line] of sheet.lines(oneLine(position), subtitle, sheet.full.width, 3).entries()) {
    sheet.draw(line, subtitle, page.left, 176 + i * subtitle.leading);
  }
}

/** A sound wave along the panel's lower edge. */
function drawVoice(sheet: Sheet): void {
  const { doc } = sheet;
  const step = 7;
  const count = Math.floor(sheet.full.width / step);
  for (let i = 0; i <= count; i++) {
    const swell = Math.sin((i / count) * Math.PI) ** 0.8;
    const height = 3 + 30 * swell * Math.abs(Math.sin(i * 1.7) * Math.cos(i * 0.43 + 0.6));
    doc.roundedRect(page.left + i * step, 264 - height / 2, 2.6, height, 1.3).fill(colors.accentSoft);
  }
}

const ring = { x: page.left + 62, y: panelHeight + 112, radius: 54, weight: 11 };
const scoreNumber: TextStyle = { face: "bold", size: 36, leading: 40, color: colors.ink };
const scoreOf: TextStyle = { face: "regular", size: 9, leading: 12, color: colors.soft };
const bandName: TextStyle = { face: "bold", size: 17, leading: 24, color: colors.ink };

function drawScore(sheet: Sheet, { report, totalQuestions }: ReportDocument, say: ReportText): void {
  const { doc } = sheet;
  doc.circle(ring.x, ring.y, ring.radius).lineWidth(ring.weight).stroke(colors.track);
  const { fill, hatch } = bandColors[report.band];
  drawArc(sheet, report.overallScore / 100, hatch ?? fill);
  sheet.draw(String(report.overallScore), scoreNumber, ring.x, ring.y + 10, "center");
  sheet.draw("/ 100", scoreOf, ring.x, ring.y + 26, "center");

  const x = ring.x + ring.radius + 40;
  sheet.draw(say.overallScore, styles.label, x, ring.y - 22);
  bandBox(sheet, report.band, x, ring.y - 9, 14, 14);
  sheet.draw(say.bands[report.band], bandName, x + 22, ring.y + 4);
  const answered = `${say.facts.answered}: ${say.answeredOf(report.answeredCount, totalQuestions)}`;
  sheet.draw(answered, { ...styles.body, color: colors.soft }, x, ring.y + 28);
}

/** From twelve o'clock, clockwise. */
function drawArc(sheet: Sheet, share: number, color: string): void {
  if (share <= 0) return;
  const { doc } = sheet;
  if (share >= 1) {
    doc.circle(ring.x, ring.y, ring.radius).lineWidth(ring.weight).stroke(color);
    return;
  }
  const angle = share * 2 * Math.PI;
  const x = ring.x + ring.radius * Math.sin(angle);
  const y = ring.y - ring.radius * Math.cos(angle);
  const large = share > 0.5 ? 1 : 0;
  doc
    .path(`M ${ring.x} ${ring.y - ring.radius} A ${ring.radius} ${ring.radius} 0 ${large} 1 ${x} ${y}`)
    .lineWidth(ring.weight)
    .stroke(color);
}

const factName: TextStyle = { ...styles.label, size: 9 };
const factValue: TextStyle = { ...styles.body, size: 10.5, leading: 15.5 };
const nameWidth = 104;

function drawFacts(sheet: Sheet, document: ReportDocument, say: ReportText): void {
  const facts: [string, string][] = [
    [say.facts.resume, document.resumeKey],
    [say.facts.completed, formatTime(document.completedAt, document.locale)],
    [say.facts.mode, say.modes[document.mode]],
    [say.facts.session, document.sessionId],
    [say.facts.version, String(document.report.version)],
  ];
  const x = page.left + nameWidth;
  const width = sheet.full.width - nameWidth;
  let y: number = panelHeight + 222;
  for (const [name, value] of facts) {
    sheet.rule(y);
    const style = name === say.facts.session ? shrunk(sheet, value, width) : factValue;
    const lines = sheet.lines(oneLine(value), style, width, 3);
    sheet.draw(name, factName, page.left, y + 20);
    for (const [i, line] of lines.entries()) sheet.draw(line, style, x, y + 20 + i * style.leading);
    y += 30.5 + (lines.length - 1) * style.leading;
  }
  sheet.rule(y);
}

/** Ids are shrunk to stay on one line, for copying. */
function shrunk(sheet: Sheet, value: string, width: number): TextStyle {
  const natural = sheet.widthOf(sheet.clean(oneLine(value), factValue), factValue);
  return { ...factValue, size: Math.max(6, Math.min(factValue.size, (factValue.size * width * 0.995) / natural)) };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
