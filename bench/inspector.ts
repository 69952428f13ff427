import { once } from "node:events";
import { WebSocket } from "ws";
import type { Program } from "./harness.ts";

/** Lets a program be asked to collect its garbage, so that memory can be compared. */
export const inspectable = ["--inspect=127.0.0.1:0"];

export async function collectGarbage(program: Program): Promise<void> {
  const address = /Debugger listening on (ws:\S+)/.exec(program.output())?.[1];
  if (!address) throw new Error("The program is not inspectable");
  const inspector = new WebSocket(address);
  await once(inspector, "open");
  for (let id = 1; id <= 3; id++) {
    inspector.send(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" }));
    await once(inspector, "message");
  }
  inspector.close();
  await once(inspector, "close");
}
