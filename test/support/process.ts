import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { stopProcess } from "./servers.ts";

const main = resolve(import.meta.dirname, "../../src/main.ts");

/**
 * WebAssembly, which the embedded database is, stays as it was compiled first: compiling it once more, for speed, takes
 * longer than all that a test does with it.
 */
export const compiledOnce = "--liftoff-only";

/** The server as a process of its own, to be killed. */
export interface ServerProcess {
  url: string;
  child: ChildProcess;
  output(): string;
  kill(): Promise<void>;
  terminate(): Promise<number | null>;
}

/** `program`: another main.ts than the project's own. */
export async function startProcess(env: Record<string, string>, program = main): Promise<ServerProcess> {
  const limits = { RATE_LIMIT_CREATE: "off", RATE_LIMIT_SUBMIT: "off", PORT: "0" };
  const { child, output } = spawnServer({ ...limits, ...env }, program);
  const url = await new Promise<string>((done, failed) => {
    child.stdout!.on("data", () => {
      const found = /ready at (http:\S+)/.exec(output())?.[1];
      if (found) done(found);
    });
    child.once("exit", (code) => failed(new Error(`The server ended with ${code}: ${output()}`)));
  });
  return {
    url,
    child,
    output,
    kill: () => stopProcess(child, "SIGKILL"),
    async terminate() {
      await stopProcess(child, "SIGTERM");
      return child.exitCode;
    },
  };
}

/** Runs a start that is expected to fail. */
export async function failedStart(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { child, output } = spawnServer({ PORT: "0", ...env }, main);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, output: output() };
}

/** Begins a start and kills it as soon as something is so. */
export async function killedStart(env: Record<string, string>, isSo: () => boolean): Promise<void> {
  const { child } = spawnServer({ PORT: "0", ...env }, main);
  while (!isSo()) await setTimeout(5);
  await stopProcess(child, "SIGKILL");
}

function spawnServer(env: Record<string, string>, program: string): { child: ChildProcess; output(): string } {
  const kept = ["PATH", "HOME", "TMPDIR", "NODE_COMPILE_CACHE"];
  const clean = Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const child = spawn(process.execPath, [compiledOnce, program], {
    env: { ...clean, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Of a test that failed before it could stop it, nothing is left that takes time from the others.
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  let text = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => (text += chunk));
  }
  return { child, output: () => text };
}
