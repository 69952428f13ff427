import { setTimeout as delay } from "node:timers/promises";

/** Waits, or throws the signal's reason as soon as it is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms <= 0) return;
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}

export interface Gate {
  /** Resolves to what leaves the gate again. */
  enter(signal: AbortSignal, isUrgent: boolean): Promise<() => void>;
}

/** Of so many places one goes to who can wait, however many are in a hurry: nobody waits for ever. */
const placesForPatient = 4;

/**
 * Lets so many in at once; the others wait in line, and leave it when their call is cancelled. Whoever is in a hurry is let
 * in before those who can wait.
 */
export function createGate(places: number): Gate {
  let free = places;
  const urgent: (() => void)[] = [];
  const patient: (() => void)[] = [];
  let hurried = 0;

  function leave(): void {
    const isPatientsTurn = urgent.length === 0 || (patient.length > 0 && hurried >= placesForPatient - 1);
    hurried = isPatientsTurn || patient.length === 0 ? 0 : hurried + 1;
    const next = (isPatientsTurn ? patient : urgent).shift();
    if (next) next();
    else free++;
  }

  /** Leaving twice must not let two in. */
  function pass(): () => void {
    let inside = true;
    return () => {
      if (inside) leave();
      inside = false;
    };
  }

  return {
    async enter(signal, isUrgent) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return pass();
      }
      const line = isUrgent ? urgent : patient;
      await new Promise<void>((resolve, reject) => {
        const turn = (): void => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = (): void => {
          line.splice(line.indexOf(turn), 1);
          reject(signal.reason);
        };
        line.push(turn);
        signal.addEventListener("abort", giveUp, { once: true });
      });
      return pass();
    },
  };
}

/** Full jitter over an exponentially growing span: half of it for certain, the other half by chance. */
export function backOff(tries: number, baseMs: number, maxMs: number, random: () => number): number {
  const span = Math.min(maxMs, baseMs * 2 ** (tries - 1));
  return span / 2 + (random() * span) / 2;
}

export interface Breaker {
  /** null: it is open. Otherwise the call may go ahead and must say how it went; a probe goes alone. */
  enter(): BreakerPass | null;
  /** How long until a probe is let through; 0 when calls are let through now. */
  opensInMs(): number;
}

export interface BreakerPass {
  /** A reply has begun: others need not wait for its end. One more failure stops them again. */
  begun(): void;
  succeeded(): void;
  failed(): void;
  /** It told nothing about the provider: cancelled, or the reply was bad. */
  settled(): void;
}

/**
 * Stops calling a provider after so many failures in a row. After a while one call is let through as a probe: its
 * success closes the breaker (the beginning of a reply lets others through already), its failure keeps it open for twice
 * as long as before, up to eight times.
 */
export function createBreaker(options: { failures: number; openMs: number; now: () => number }): Breaker {
  let failures = 0;
  let openUntil = 0;
  let opened = 0;
  let probing = false;

  function trip(): void {
    openUntil = options.now() + options.openMs * 2 ** Math.min(opened, 3);
    opened++;
  }

  return {
    opensInMs: () => (failures < options.failures ? 0 : Math.max(0, openUntil - options.now())),
    enter() {
      const isProbe = failures >= options.failures;
      if (isProbe && (probing || options.now() < openUntil)) return null;
      if (isProbe) probing = true;
      let told = false;
      const tell = (then: () => void) => () => {
        if (told) return;
        told = true;
        if (isProbe) probing = false;
        then();
      };
      return {
        begun() {
          if (!isProbe || told || !probing) return;
          probing = false;
          failures = options.failures - 1;
        },
        succeeded: tell(() => {
          failures = 0;
          opened = 0;
        }),
        failed: tell(() => {
          failures++;
          if (failures >= options.failures && (isProbe || options.now() >= openUntil)) trip();
        }),
        settled: tell(() => {}),
      };
    },
  };
}
