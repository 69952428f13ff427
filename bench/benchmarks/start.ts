import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Bench, type Benchmark, interleave, type Row, serverCore } from "../harness.ts";

export const benchmark: Benchmark = {
  id: "START",
  title: "from the command to a first answer, nothing set but the folder",
  run,
};

const main = resolve(import.meta.dirname, "../../src/main.ts");

async function run(bench: Bench): Promise<Row[]> {
  const warm = mkdtempSync(join(tmpdir(), "vivavoce-bench-"));
  try {
    const samples = await interleave(bench, {
      warm: () => secondsToReady(warm),
      async empty() {
        const folder = mkdtempSync(join(tmpdir(), "vivavoce-bench-"));
        try {
          return await secondsToReady(folder);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    });
    const row = (id: string, what: string, ours: number[], seconds: number): Row => ({
      id,
      what,
      ours,
      baseline: ours.map(() => seconds),
      baselineName: `the goal of ${seconds} s`,
      goal: { atMost: 1 },
    });
    return [
      row("START", "ready on a warm folder, s", samples.warm, 1),
      row("START.empty", "ready on an empty folder, s", samples.empty, 3),
    ];
  } finally {
    rmSync(warm, { recursive: true });
  }
}

/** Until readiness is answered with 200, asked for without a pause. */
async function secondsToReady(folder: string): Promise<number> {
  const beganAt = performance.now();
  const env = { PATH: process.env.PATH ?? "", NODE_ENV: "production", PORT: "0", DATA_DIR: folder };
  const child = spawn("taskset", ["-c", String(serverCore), process.execPath, main], { env });
  const url = await addressOf(child);
  while ((await fetch(`${url}/health/ready`)).status !== 200);
  const seconds = (performance.now() - beganAt) / 1_000;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await gone;
  return seconds;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
      const url = /ready at (http:\/\/[^\s"]+)/.exec(text)?.[1];
      if (url) found(url);
    });
    child.once("exit", (code) => failed(new Error(`The server ended with ${code}: ${text}`)));
  });
}
