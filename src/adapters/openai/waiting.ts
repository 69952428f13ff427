import { setTimeout as delay } from "node:timers/promises";

/** Waits, or throws the signal's reason when aborted. */
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
  /** Resolves to a function that leaves the gate. */
  enter(signal: AbortSignal, isUrgent: boolean): Promise<() => void>;
}

/** One of this many slots goes to a patient call, however many are urgent, so that nobody starves. */
const placesForPatient = 4;

/** A semaphore with a queue; cancelled calls leave the queue, and urgent ones go first. */
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

  /** Leaving twice must free a single slot. */
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

/** Exponential backoff with jitter: half of it fixed, half random. */
export function backOff(tries: number, baseMs: number, maxMs: number, random: () => number): number {
  const span = Math.min(maxMs, baseMs * 2 ** (tries - 1));
  return span / 2 + (random() * span) / 2;
}

export interface Breaker {
  /** null when open. Otherwise the call may proceed and has to report its outcome; a probe runs alone. */
  enter(): BreakerPass | null;
  /** Time until a probe is allowed; 0 if calls are allowed now. */
  opensInMs(): number;
}

export interface BreakerPass {
  /** A reply has begun: other calls need not wait for its end. One more failure opens it again. */
  begun(): void;
  succeeded(): void;
  failed(): void;
  /** It says nothing about the provider: cancelled, or a bad reply. */
  settled(): void;
}

/**
 * A circuit breaker: opens after a number of consecutive failures. After a while one call is allowed as a probe: its
 * success closes the breaker (the beginning of a reply already admits others), its failure doubles the time until the
 * next one, up to eight times.
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
