import type { Job } from "../interview/events.ts";
import type { JobHandlers, JobRun } from "../ports/jobs.ts";
import type { Deps } from "../usecases/deps.ts";
import { abandonEvaluation, scoreAnswers, startEvaluation, summarize } from "../usecases/evaluate.ts";
import { abandonPreparing, prepareQuestions } from "../usecases/prepareQuestions.ts";
import { abandonPrinting, printReport } from "../usecases/printReport.ts";
import { createScoreBook } from "../usecases/scoreBook.ts";
import { abandonWriting, writeQuestion } from "../usecases/writeQuestion.ts";

/** What each kind of job does. A job whose session is gone, or whose work is done, does nothing. */
export function createJobHandlers(deps: Deps): JobHandlers {
  const book = createScoreBook(deps);
  return {
    handle: {
      PREPARE_QUESTIONS: ({ sessionId }, run) => prepareQuestions(deps, sessionId, run),
      WRITE_QUESTION: ({ sessionId, index }, run) => writeQuestion(deps, sessionId, index, run),
      EVALUATE: ({ sessionId, attempt }, run) => startEvaluation(deps, sessionId, attempt, run),
      SCORE_ANSWERS: (job, run) => scoreAnswers(deps, book, job, run),
      SUMMARIZE: ({ sessionId, attempt }, run) => summarize(deps, sessionId, attempt, run),
      PRINT_REPORT: ({ sessionId, version }) => printReport(deps, sessionId, version),
    },
    abandon: (job, run) => abandon(deps, job, run),
    obsolete: (jobs) => obsolete(deps, jobs),
  };
}

async function abandon(deps: Deps, job: Job, run: JobRun): Promise<void> {
  switch (job.kind) {
    case "PREPARE_QUESTIONS":
      return abandonPreparing(deps, job.sessionId, run);
    case "WRITE_QUESTION":
      return abandonWriting(deps, job.sessionId, job.index, run);
    case "EVALUATE":
    case "SCORE_ANSWERS":
    case "SUMMARIZE":
      return abandonEvaluation(deps, job, run);
    case "PRINT_REPORT":
      return abandonPrinting(deps, job.sessionId, job.version);
  }
}

/** Jobs of deleted sessions, and questions for completed interviews. */
async function obsolete({ store }: Deps, jobs: Job[]): Promise<Job[]> {
  const sessionsOf = (some: Job[]): string[] => [...new Set(some.map(({ sessionId }) => sessionId))];
  const writing = jobs.filter(({ kind }) => kind === "PREPARE_QUESTIONS" || kind === "WRITE_QUESTION");
  const [gone, ended] = await Promise.all([store.gone(sessionsOf(jobs)), store.ended(sessionsOf(writing))]);
  return [
    ...jobs.filter(({ sessionId }) => gone.includes(sessionId)),
    ...writing.filter(({ sessionId }) => ended.includes(sessionId)),
  ];
}
