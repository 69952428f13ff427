import type { ScoreBand } from "../../interview/model.ts";

/** Sizes in points. A4. */
export const page = { width: 595.28, height: 841.89, left: 60, right: 60, top: 64, bottom: 76 } as const;

export const colors = {
  ink: "#1b2630",
  soft: "#5c6873",
  faint: "#8b959e",
  rule: "#d5dade",
  tint: "#f3f5f6",
  track: "#e6e9eb",
  accent: "#0f4c4a",
  accentSoft: "#2f6f6b",
  paper: "#ffffff",
} as const;

/**
 * Each band is lighter than the one above it, and the lowest is hatched, so that they can be told apart in grey and by
 * colour-blind readers.
 */
export const bandColors: Record<ScoreBand, { fill: string; hatch: string | null }> = {
  EXCELLENT: { fill: "#0b4643", hatch: null },
  GOOD: { fill: "#3b958a", hatch: null },
  ADEQUATE: { fill: "#e2b354", hatch: null },
  NEEDS_IMPROVEMENT: { fill: "#fdf1ec", hatch: "#c2512f" },
};

export interface TextStyle {
  face: "regular" | "bold" | "mono";
  size: number;
  /** From one baseline to the next. */
  leading: number;
  color: string;
}

export const styles = {
  section: { face: "bold", size: 20, leading: 28, color: colors.accent },
  heading: { face: "bold", size: 11.5, leading: 17, color: colors.accent },
  question: { face: "bold", size: 11.5, leading: 17, color: colors.ink },
  label: { face: "bold", size: 8.5, leading: 12.5, color: colors.soft },
  body: { face: "regular", size: 9.8, leading: 15.6, color: colors.ink },
  strong: { face: "bold", size: 9.8, leading: 15.6, color: colors.ink },
  small: { face: "regular", size: 8.3, leading: 12.4, color: colors.soft },
  code: { face: "mono", size: 8.6, leading: 12.8, color: colors.ink },
} as const satisfies Record<string, TextStyle>;
