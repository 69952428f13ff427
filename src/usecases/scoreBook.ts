import { addScores } from "../interview/evaluation.ts";
import type { AnswerScore } from "../interview/model.ts";
import { type Claim, ClaimLost } from "../ports/jobs.ts";
import { createBatcher } from "../shared/batcher.ts";
import { change } from "./change.ts";
import type { Deps } from "./deps.ts";

/**
 * Stores the scores of concurrent batches. Scores of one session that arrive while others are being stored are written
 * together: one by one, they would wait for each other's row lock.
 */
export interface ScoreBook {
  /**
   * Resolves when the score is stored, or no longer needed; throws ClaimLost when another worker has the job by now.
   */
  store(job: ScoreOrigin, questionId: string, score: AnswerScore, claim: Claim): Promise<void>;
}

interface ScoreOrigin {
  sessionId: string;
  version: number;
}

interface Entry {
  questionId: string;
  score: AnswerScore;
  claim: Claim;
}

export function createScoreBook(deps: Deps): ScoreBook {
  const pages = new Map<string, { add(entry: Entry): Promise<void>; waiting: number }>();

  function openPage({ sessionId, version }: ScoreOrigin): { add(entry: Entry): Promise<void>; waiting: number } {
    async function write(entries: Entry[]): Promise<void> {
      const scores = new Map(entries.map(({ questionId, score }) => [questionId, score]));
      const claims = [...new Set(entries.map(({ claim }) => claim))];
      await change(deps, sessionId, (latest) => addScores(latest, version, scores), ...claims);
    }

    const lost = new Set<Claim>();
    const batcher = createBatcher<Entry>(async (entries) => {
      try {
        await write(entries);
      } catch (error) {
        if (!(error instanceof ClaimLost)) throw error;
        // Written per claim, so that one lost claim does not fail the others.
        for (const [claim, own] of Map.groupBy(entries, (entry) => entry.claim)) {
          await write(own).catch((failure) => {
            if (!(failure instanceof ClaimLost)) throw failure;
            lost.add(claim);
          });
        }
      }
    });
    return {
      waiting: 0,
      async add(entry) {
        await batcher.add(entry);
        if (lost.has(entry.claim)) throw new ClaimLost();
      },
    };
  }

  return {
    async store(job, questionId, score, claim) {
      const key = `${job.sessionId} ${job.version}`;
      const page = pages.get(key) ?? openPage(job);
      pages.set(key, page);
      page.waiting++;
      try {
        await page.add({ questionId, score, claim });
      } finally {
        if (--page.waiting === 0) pages.delete(key);
      }
    },
  };
}
