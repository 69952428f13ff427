import { http } from "./probes.ts";
import type { Attack, Good } from "./table.ts";
import { canaries, type Target } from "./target.ts";

export interface Offence {
  row: string;
  name: string;
  what: string;
  /** The probe itself broke. */
  byProbe: boolean;
}

/** No attack may keep anybody busy for longer. */
const attackMs = 25_000;

/** Tries one bad input: what it was to meet, and what holds for all of them. */
export async function tryAttack(at: Target, attack: Attack): Promise<Offence | null> {
  at.transcript.length = 0;
  const logged = at.output().length;
  let byProbe = false;
  const what =
    (await Promise.race([
      attack.run(at).catch((error: Error) => {
        byProbe = true;
        return `the probe failed: ${error.message}`;
      }),
      new Promise<string>((resolve) => setTimeout(resolve, attackMs, "it took too long").unref()),
    ])) ??
    leakIn(at.transcript.join("\n")) ??
    (attack.mayBeBusy ? null : faultIn(at.transcript.join("\n"))) ??
    faultInLog(at.output().slice(logged)) ??
    (await stillServes(at));
  return what === null ? null : { row: attack.row, name: attack.name, what, byProbe };
}

export async function tryGood(at: Target, good: Good): Promise<Offence | null> {
  const what = await good.run(at).catch((error: Error) => `the probe failed: ${error.message}`);
  return what === null ? null : { row: "good", name: good.name, what, byProbe: false };
}

/** A word that must stay where it is. */
export function leakIn(text: string): string | null {
  const found = Object.entries(canaries).find(([, word]) => text.includes(word));
  if (found) return `${found[0]} came out`;
  const inner = /node_modules|\.ts:\d+|at async |prisma\.|ECONN|SELECT |pgboss|syntax error at or near/.exec(text);
  return inner ? `internals came out: ${inner[0]}` : null;
}

function faultIn(text: string): string | null {
  return text.includes("INTERNAL_SERVER_ERROR") || text.includes("Internal server error")
    ? "INTERNAL_SERVER_ERROR"
    : null;
}

function faultInLog(text: string): string | null {
  const line = text.split("\n").find((entry) => /"level":[56]0/.test(entry) || /Unhandled|uncaught/i.test(entry));
  return line ? `logged as an error: ${line.slice(0, 300)}` : leakIn(withoutStacks(text));
}

/** A log may say where in our code something went wrong; an answer may not. */
export function withoutStacks(log: string): string {
  return log.replaceAll(/"stack":"(?:[^"\\]|\\.)*"/g, "");
}

/** null when it answers as before. */
export async function stillServes(at: Target): Promise<string | null> {
  if (at.exited()) return "the process ended";
  const { status, ms } = await http(at, "/health/live", {}, { token: null });
  return status !== null && status < 500 && ms < 1_500 ? null : `health ${status} after ${Math.round(ms)} ms`;
}
