import type { JobHandlers } from "../ports/jobs.ts";
import type { Deps } from "../usecases/deps.ts";
import { scoreAnswers, startEvaluation, summarize } from "../usecases/evaluate.ts";
import { prepareQuestions } from "../usecases/prepareQuestions.ts";
import { printReport } from "../usecases/printReport.ts";
import { writeQuestion } from "../usecases/writeQuestion.ts";

/** What each kind of job does. A job whose session is gone, or whose work is done, does nothing. */
export function createJobHandlers(deps: Deps): JobHandlers {
  return {
    PREPARE_QUESTIONS: ({ sessionId }, run) => prepareQuestions(deps, sessionId, run),
    WRITE_QUESTION: ({ sessionId, index }, run) => writeQuestion(deps, sessionId, index, run),
    EVALUATE: ({ sessionId, attempt }) => startEvaluation(deps, sessionId, attempt),
    SCORE_ANSWERS: (job, run) => scoreAnswers(deps, job, run),
    SUMMARIZE: ({ sessionId, attempt }, run) => summarize(deps, sessionId, attempt, run),
    PRINT_REPORT: ({ sessionId, version }) => printReport(deps, sessionId, version),
  };
}
