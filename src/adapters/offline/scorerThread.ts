/** The worker thread that grades answers, one at a time. */
import { parentPort } from "node:worker_threads";
import { indexQuestions, loadBank } from "./bank.ts";
import { loadMeanings } from "./meanings.ts";
import { scoreAnswer } from "./scorer.ts";
import type { ScoringReply, ScoringTask } from "./threadedScorer.ts";

const bank = loadBank();
const meanings = loadMeanings(bank);
const index = indexQuestions(bank);

parentPort!.on("message", (task: ScoringTask) => parentPort!.postMessage(reply(task)));

function reply({ answer, locale }: ScoringTask): ScoringReply {
  try {
    return { score: scoreAnswer(answer, locale, meanings, index.sayingsOn(answer.question, locale)) };
  } catch (error) {
    return { error };
  }
}
