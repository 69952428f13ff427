import type { Allowed, Limiter, LimitKey, LimitName } from "../ports/limiter.ts";

export type LimitRules = Record<LimitName, Partial<Record<LimitKey["scope"], { calls: number; windowMs: number }>>>;

interface Counter {
  /** Rejects when the limit is reached, with the time until there is room in `msBeforeNext`. */
  consume(key: string): Promise<unknown>;
}

/** A limiter with one counter for each rule. */
export function createLimiter(
  rules: LimitRules,
  createCounter: (prefix: string, rule: { calls: number; windowMs: number }) => Counter,
): Limiter {
  const counters = new Map<string, Counter>();
  for (const [name, scopes] of Object.entries(rules)) {
    for (const [scope, rule] of Object.entries(scopes)) {
      counters.set(`${name}:${scope}`, createCounter(`limit:${name}:${scope}`, rule));
    }
  }
  return {
    // Every counter is charged, even if the first one refuses.
    async consume(name, keys): Promise<Allowed> {
      const answers = await Promise.all(keys.map(({ scope, value }) => take(counters.get(`${name}:${scope}`), value)));
      return answers.reduce((hardest, answer) => (waitOf(answer) > waitOf(hardest) ? answer : hardest), allowed);
    },
  };
}

const allowed: Allowed = { allowed: true };

/** The longest wait of those that refuse. */
function waitOf(answer: Allowed): number {
  return answer.allowed ? 0 : answer.retryAfterMs;
}

async function take(counter: Counter | undefined, key: string): Promise<Allowed> {
  if (!counter) return allowed;
  try {
    await counter.consume(key);
    return allowed;
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    const { msBeforeNext } = refusal as { msBeforeNext: number };
    return { allowed: false, retryAfterMs: Math.max(1, msBeforeNext) };
  }
}
