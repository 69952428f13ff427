import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** What measuring has in common: programs on their own cores, arms that take turns, and ratios with their range. */

/** The server under test has one core, what loads and surrounds it the other. */
export const serverCore = 0;
export const loadCore = 1;

export interface Bench {
  quick: boolean;
  /** How often each arm is measured, after a warm-up that is thrown away. */
  repeats: number;
  /** Shows that something is going on; not part of the result. */
  progress(text: string): void;
}

export interface Benchmark {
  /** `B1`: the first word of its rows. */
  id: string;
  title: string;
  run(bench: Bench): Promise<Row[]>;
}

/** One comparison. Samples of both sides stand in the order in which they were taken. */
export interface Row {
  id: string;
  /** What was measured, with its unit: `answers with 8 answers, requests/s`. */
  what: string;
  ours: number[];
  baseline: number[];
  baselineName: string;
  /** The ratio to reach, and whether that is a floor (throughput) or a ceiling (time, memory). */
  goal: { atLeast: number } | { atMost: number };
}

export function row(
  id: string,
  what: string,
  ours: number[],
  baseline: number[],
  baselineName: string,
  goal: Row["goal"],
): Row {
  return { id, what, ours, baseline, baselineName, goal };
}

export type Samples<Arm extends string> = Record<Arm, number[]>;

/** Measures every arm in turn, `repeats` times over, after one round that is thrown away. */
export async function interleave<Arm extends string, Measured>(
  bench: Bench,
  arms: Record<Arm, () => Promise<Measured>>,
): Promise<Record<Arm, Measured[]>> {
  for (const name of Object.keys(arms) as Arm[]) {
    bench.progress(`${name} warm-up: ${JSON.stringify(await arms[name]())}`);
  }
  return takeTurns(bench, arms);
}

/** The same of arms that start and warm up a process of their own each time. */
export async function takeTurns<Arm extends string, Measured>(
  bench: Bench,
  arms: Record<Arm, () => Promise<Measured>>,
): Promise<Record<Arm, Measured[]>> {
  const names = Object.keys(arms) as Arm[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Arm, Measured[]>;
  for (let round = 1; round <= bench.repeats; round++) {
    for (const name of names) {
      const measured = await arms[name]();
      bench.progress(`${name} ${round}/${bench.repeats}: ${JSON.stringify(measured)}`);
      samples[name].push(measured);
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** The ratios of one round each: what was measured side by side is compared side by side. */
export function ratiosOf({ ours, baseline }: Row): number[] {
  return ours.map((value, round) => value / baseline[round]!);
}

export function isReached(row: Row): boolean {
  const ratio = median(ratiosOf(row));
  return "atLeast" in row.goal ? ratio >= row.goal.atLeast : ratio <= row.goal.atMost;
}

export function print(row: Row): string {
  const ratios = ratiosOf(row);
  const figure = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
  const goal = "atLeast" in row.goal ? `≥ ${row.goal.atLeast}` : `≤ ${row.goal.atMost}`;
  return [
    row.id.padEnd(10),
    `${figure(median(ratios))}x`.padStart(7),
    `(${figure(Math.min(...ratios))}–${figure(Math.max(...ratios))})`.padEnd(14),
    `of ${row.baselineName}`.padEnd(34),
    `goal ${goal}`.padEnd(12),
    isReached(row) ? "reached" : "MISSED ",
    ` ${row.what}`,
  ].join(" ");
}

/** A program on one core. It says `ready` with an address when it may be used, as the product does in its log. */
export interface Program {
  url: string;
  child: ChildProcess;
  /** Everything it has printed. */
  output(): string;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  core?: number;
  env?: Record<string, string>;
  nodeOptions?: string[];
  /** Several cores, for arms of several processes. */
  cores?: string;
}

/** A benchmark that fails leaves nothing behind. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill();
});

/** Starts a Node program of this project and waits for its address. */
export async function startProgram(file: string, options: ProgramOptions = {}): Promise<Program> {
  const cores = options.cores ?? String(options.core ?? serverCore);
  const args = ["-c", cores, process.execPath, ...(options.nodeOptions ?? []), resolve(import.meta.dirname, file)];
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...options.env };
  const child = spawn("taskset", args, { env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let text = "";
  let found: (url: string) => void = () => {};
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      // A program under load logs each request: only its beginning is kept.
      if (text.length < 100_000) text += chunk;
      const url = /ready (?:at )?(http:\/\/[^\s"]+)/.exec(text)?.[1];
      if (url) found(url);
    });
  }
  const url = await new Promise<string>((done, failed) => {
    found = done;
    child.once("exit", (code) => failed(new Error(`${file} ended with ${code}: ${text.slice(-2_000)}`)));
  });
  return {
    url,
    child,
    output: () => text,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** Puts a process that runs already, and its threads, on one core. */
export function pin(pid: number, core: number): void {
  const { status, stderr } = spawnSync("taskset", ["-a", "-cp", String(core), String(pid)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`taskset failed: ${stderr}`);
}
