/**
 * The process in which one file is read. The reading itself is a thread, so that this one can watch over the memory:
 * V8 bounds its own heap, but not the buffers that decompressed streams are kept in.
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
// Nobody is left to read for.
process.once("disconnect", () => process.exit(0));

function answer(result: FileText): void {
  process.send!(result, () => process.exit(0));
}
