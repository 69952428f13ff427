import type { SessionStatus } from "./generated/graphql.ts";

export interface Tally {
  counts: Record<SessionStatus, number>;
  /** Of all reports. */
  averageScore: number | null;
}

/** What one session adds to the counts. */
export interface Standing {
  status: SessionStatus;
  score: number | null;
}

/** Counted by the server once, kept up by what happens since: also over more sessions than are shown. */
export function createTally() {
  let counts: Tally["counts"] = { CREATED: 0, IN_PROGRESS: 0, COMPLETED: 0, EVALUATED: 0 };
  let scores = 0;

  function add({ status, score }: Standing, sign: 1 | -1): void {
    counts = { ...counts, [status]: counts[status] + sign };
    scores += sign * (score ?? 0);
  }

  return {
    begin(counted: Tally): void {
      counts = counted.counts;
      scores = (counted.averageScore ?? 0) * counts.EVALUATED;
    },
    /** null: not there before, or no longer there. */
    move(before: Standing | null, after: Standing | null): void {
      if (before) add(before, -1);
      if (after) add(after, 1);
    },
    view: (): Tally => ({ counts, averageScore: counts.EVALUATED === 0 ? null : scores / counts.EVALUATED }),
  };
}
