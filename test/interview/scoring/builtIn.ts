import { loadBank } from "../../../src/adapters/offline/bank.ts";
import { loadMeanings } from "../../../src/adapters/offline/meanings.ts";

/** Read and indexed once for all tests of the scorer that run in one process: it takes seconds, and none of them changes it. */
export const bank = loadBank();
export const meanings = loadMeanings(bank);
