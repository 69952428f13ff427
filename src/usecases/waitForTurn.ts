import type { LiveEvent } from "../interview/events.ts";
import type { Session } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

const endsWaiting: ReadonlySet<string> = new Set<LiveEvent["kind"]>([
  "QuestionAsked",
  "InterviewCompleted",
  "SessionDeleted",
]);

/**
 * Waits until it is no longer the interviewer's turn, for at most WAIT_LIMIT and not while the process stops. Returns
 * the state then; null when the session is gone. `signal` is called only if there is something to wait for.
 */
export async function waitForTurn(deps: Deps, session: Session, signal: () => AbortSignal): Promise<Session | null> {
  if (session.turn !== "INTERVIEWER") return session;
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => (settle = resolve));
  let latest: Session | null = session;
  let looks = 0;
  let seen = 0;

  const look = async (): Promise<void> => {
    const number = ++looks;
    const found = await deps.store.load(session.id);
    // A later read finished first: this result is outdated.
    if (number < seen) return;
    seen = number;
    latest = found;
    if (found?.turn !== "INTERVIEWER") settle();
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
    // The event may have been lost. If the read fails, the last state counts.
    if (latest?.turn === "INTERVIEWER") await look().catch(() => {});
    return latest;
  } finally {
    clearTimeout(timer);
    for (const end of ends) end.removeEventListener("abort", settle);
    subscription.release();
  }
}
