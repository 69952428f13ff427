import type { Session } from "../interview/model.ts";
import { addUsage, noUsage } from "../interview/usage.ts";
import type { Call } from "../ports/interviewer.ts";
import type { JobRun } from "../ports/jobs.ts";
import type { Deps } from "./deps.ts";

/** A call to the interviewer on behalf of a session; `settle` records the model usage. */
export function callOf(
  deps: Deps,
  session: Session,
  run: JobRun,
  hooks: Pick<Call, "onText" | "onScore"> = {},
): { call: Call; settle(): Promise<void> } {
  let usage = noUsage;
  return {
    call: {
      ...hooks,
      signal: run.signal,
      onUsage(spent) {
        usage = addUsage(usage, spent);
      },
    },
    async settle() {
      if (usage.calls > 0) await deps.store.addUsage(session.id, session.ownerId, usage);
    },
  };
}
