import { parentPort, workerData } from "node:worker_threads";
import { readDocx } from "./docx.ts";
import { readPdf } from "./pdf.ts";
import type { Order } from "./resumeReader.ts";

const { kind, file } = workerData as Order;
parentPort!.postMessage(await (kind === "pdf" ? readPdf(file) : readDocx(file)));
