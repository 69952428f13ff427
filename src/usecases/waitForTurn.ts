import type { LiveEvent } from "../interview/events.ts";
import type { Session } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

const endsWaiting: ReadonlySet<string> = new Set<LiveEvent["kind"]>([
  "QuestionAsked",
  "InterviewCompleted",
  "SessionDeleted",
]);

/**
 * Waits until it is no longer the interviewer's turn, at most WAIT_LIMIT and not while the process stops, and returns the
 * state then; null when the session is gone. `signal` is asked for only where there is something to wait for.
 */
export async function waitForTurn(deps: Deps, session: Session, signal: () => AbortSignal): Promise<Session | null> {
  if (session.turn !== "INTERVIEWER") return session;
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => (settle = resolve));
  let latest: Session | null = session;

  const look = async (): Promise<void> => {
    latest = await deps.store.load(session.id);
    if (latest?.turn !== "INTERVIEWER") settle();
  };
  const subscription = await deps.bus.listen(
    { kind: "session", sessionId: session.id },
    {
      hear: (events) => {
        if (events.some(({ kind }) => endsWaiting.has(kind))) void look().catch(settle);
      },
      missed: () => void look().catch(settle),
    },
  );
  const timer = setTimeout(settle, deps.settings.waitLimitMs);
  const ends = [signal(), deps.stopping];
  for (const end of ends) end.addEventListener("abort", settle, { once: true });
  if (ends.some(({ aborted }) => aborted)) settle();
  try {
    await look();
    await settled;
    return latest;
  } finally {
    clearTimeout(timer);
    for (const end of ends) end.removeEventListener("abort", settle);
    subscription.release();
  }
}
