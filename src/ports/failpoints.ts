/** Named places at which a fault test ends the process, as a power cut would. */
export const failpoints = [
  "before-commit",
  "after-commit",
  "after-publish",
  "before-question",
  "after-question",
  "before-scoring",
  "after-scoring",
  "after-scores-stored",
  "before-summary",
  "after-summary",
  "after-report-stored",
] as const;
export type Failpoint = (typeof failpoints)[number];

/** Told of every named place that is reached. */
export type Reach = (point: Failpoint) => void;
