import type { ScoreBand } from "../../interview/model.ts";
import type { ReportText } from "../../interview/reportText.ts";
import type { Sheet } from "./sheet.ts";
import { bandColors, colors, styles } from "./theme.ts";

/** Shapes that several pages use. Heights and places in points from the page's top left. */

/** A rectangle in the band's colour, hatched where the band is. */
export function bandBox(sheet: Sheet, band: ScoreBand, x: number, y: number, width: number, height: number): void {
  if (width <= 0) return;
  const { doc } = sheet;
  const { fill, hatch } = bandColors[band];
  const radius = Math.min(1.5, width / 2, height / 2);
  doc.roundedRect(x, y, width, height, radius).fill(fill);
  if (hatch === null) return;
  doc.save().roundedRect(x, y, width, height, radius).clip().lineWidth(0.9);
  for (let left = x - height; left < x + width; left += 3.2) {
    doc.moveTo(left, y + height).lineTo(left + height, y);
  }
  doc.stroke(hatch).restore();
  doc.lineWidth(0.8).roundedRect(x, y, width, height, radius).stroke(hatch);
}

/** A score's share of its maximum, as a bar. */
export function shareBar(sheet: Sheet, share: number, x: number, y: number, width: number, height: number): void {
  sheet.doc.roundedRect(x, y, width, height, height / 2).fill(colors.track);
  const filled = width * Math.min(1, Math.max(0, share));
  if (filled > 0) {
    sheet.doc.roundedRect(x, y, Math.max(filled, height), height, height / 2).fill(colors.accentSoft);
  }
}

/** The legend of band colours, in one row ending at `right`. */
export function bandLegend(sheet: Sheet, say: ReportText, right: number, baseline: number): void {
  const labels = bandRanges.map(([band, range]) => ({ band, text: `${say.bands[band]} ${range}` }));
  const widthOf = (text: string) => 13 + sheet.widthOf(text, styles.small);
  let x = right - labels.reduce((sum, { text }) => sum + widthOf(text), 0) - 14 * (labels.length - 1);
  for (const { band, text } of labels) {
    bandBox(sheet, band, x, baseline - 7.4, 9, 8);
    sheet.draw(text, styles.small, x + 13, baseline);
    x += widthOf(text) + 14;
  }
}

const bandRanges: [ScoreBand, string][] = [
  ["EXCELLENT", "90–100"],
  ["GOOD", "75–89"],
  ["ADEQUATE", "60–74"],
  ["NEEDS_IMPROVEMENT", "0–59"],
];
