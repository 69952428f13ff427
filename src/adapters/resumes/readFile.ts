/**
 * The process that reads one file. The reading is done in a thread, so that this process can watch its memory: V8
 * limits its own heap, but not the buffers of decompressed streams.
 */
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { FileText } from "../../ports/resumeReader.ts";
import type { Order } from "./resumeReader.ts";

process.once("message", (order: Order) => {
  setInterval(() => {
    if (process.memoryUsage.rss() > order.memoryMiB * 1024 * 1024) process.kill(process.pid, "SIGKILL");
  }, 10);
  const reader = new Worker(resolve(import.meta.dirname, "readFileThread.ts"), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: order.memoryMiB / 2 },
  });
  reader.once("message", answer);
  reader.once("error", (error: Error & { code?: string }) => {
    if (error.code === "ERR_WORKER_OUT_OF_MEMORY") answer({ fault: "fileTooComplex" });
    else throw error;
  });
});
// The parent is gone.
process.once("disconnect", () => process.exit(0));

function answer(result: FileText): void {
  process.send!(result, () => process.exit(0));
}
