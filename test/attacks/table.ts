import type { Transport } from "./probes.ts";
import type { Target } from "./target.ts";

/** One bad input. */
export interface Attack {
  /** Its row in the list of what must not get through. */
  row: string;
  name: string;
  on: Transport | "process";
  /** null when it was refused as it should be; otherwise what got through. */
  run(at: Target): Promise<string | null>;
  /** Answers of 5xx are right here (a server at its limit says 503). */
  mayBeBusy?: boolean;
}

/** One input that must pass. */
export interface Good {
  name: string;
  /** null when it passed; otherwise what came instead. */
  run(at: Target): Promise<string | null>;
}
