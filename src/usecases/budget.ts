import type { Failure } from "../interview/failures.ts";
import type { Session } from "../interview/model.ts";
import { reasonOf } from "../interview/reasons.ts";
import { type Interviewer, InterviewerUnavailable } from "../ports/interviewer.ts";
import type { Deps } from "./deps.ts";

/** RateLimitedError when today's budget of this owner, or of all, is used up. */
export async function checkBudget({ store, settings, onBudgetSpent }: Deps, ownerId: string): Promise<Failure | null> {
  const { budget } = settings;
  if (budget === null || Object.values(budget).every((ceiling) => ceiling === null)) return null;
  const { own, all, dayEndsInMs } = await store.spending(ownerId);
  const spent = (used: number, ceiling: number | null): boolean => ceiling !== null && used >= ceiling;
  if (
    spent(own.calls, budget.callsPerOwner) ||
    spent(own.tokens, budget.tokensPerOwner) ||
    spent(all.calls, budget.callsInAll) ||
    spent(all.tokens, budget.tokensInAll)
  ) {
    onBudgetSpent();
    return { type: "RateLimitedError", retryAfterMs: dayEndsInMs, reached: "DAILY_MODEL_USE" };
  }
  return null;
}

/** Checked before each task of the language model; the built-in bank is free and never stopped. */
export async function requireBudget(deps: Deps, session: Session, interviewer: Interviewer): Promise<void> {
  if (interviewer === deps.fallback) return;
  const refused = await checkBudget(deps, session.ownerId);
  if (refused?.type === "RateLimitedError") {
    throw new InterviewerUnavailable(reasonOf("dailyLimit", session.locale), refused.retryAfterMs);
  }
}
