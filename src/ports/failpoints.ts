/** Named points at which a fault test kills the process, like a power cut. */
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

/** Called at every named point. */
export type Reach = (point: Failpoint) => void;
