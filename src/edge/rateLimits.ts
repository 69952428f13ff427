import type { Config, RateLimit } from "../config.ts";
import type { Context, LimitCheck } from "../graphql/context.ts";
import type { Allowed, Limiter, LimitKey, LimitName } from "../ports/limiter.ts";

export interface RateLimits {
  check: LimitCheck;
  /** Loads the limiter ahead of its first use: it takes a fifth of all modules. */
  warm(): void;
}

/**
 * graphql-rate-limit is the GraphQL side of the limits: who is counted, for which field. Its store reads first and
 * writes later, which would let concurrent calls pass; so its read is the atomic consumption here and its write does
 * nothing.
 */
export function createRateLimits(config: Config, loadLimiter: () => Promise<Limiter>): RateLimits {
  const limits: Record<LimitName, { perKey: RateLimit | null; global: RateLimit | null; scopes: LimitKey["scope"][] }> =
    {
      create: { perKey: config.rateLimitCreate, global: config.rateLimitCreateGlobal, scopes: ["address", "viewer"] },
      submit: { perKey: config.rateLimitSubmit, global: config.rateLimitSubmitGlobal, scopes: ["viewer"] },
    };
  const load = () => Promise.all([import("graphql-rate-limit"), loadLimiter()]);
  let loading: ReturnType<typeof load> | null = null;
  const loaded = () => (loading ??= load());

  const check: LimitCheck = async (name, { context, args, info }) => {
    const { perKey, global, scopes } = limits[name];
    const keys: LimitKey[] = [
      ...(perKey ? scopes.map((scope) => ({ scope, value: identityOf(context, scope) })) : []),
      ...(global ? [{ scope: "global" as const, value: "all" }] : []),
    ];
    if (keys.length === 0) return null;

    const [{ getGraphQLRateLimiter }, limiter] = await loaded();
    const decision: { answer: Allowed } = { answer: { allowed: true } };
    const count = getGraphQLRateLimiter({
      identifyContext: ({ viewer }: Context) => viewer.id,
      store: {
        async getForIdentity() {
          decision.answer = await limiter.consume(name, keys);
          return decision.answer.allowed ? [] : [Date.now(), Date.now()];
        },
        setForIdentity() {},
      },
    });
    const complaint = await count({ parent: {}, args, context, info }, { max: 1, window: "1h" });
    const { answer } = decision;
    return complaint === undefined || answer.allowed
      ? null
      : { type: "RateLimitedError", retryAfterMs: answer.retryAfterMs, reached: "CALL_RATE" };
  };

  return { check, warm: () => void loaded() };
}

function identityOf({ viewer, address }: Context, scope: LimitKey["scope"]): string {
  return scope === "viewer" ? viewer.id : address;
}
