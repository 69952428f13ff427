import type { Config, RateLimit } from "../config.ts";
import type { Context, LimitCheck } from "../graphql/context.ts";
import type { Allowed, Limiter, LimitKey, LimitName } from "../ports/limiter.ts";

/** With what it brings along it is a fifth of all modules: loaded by whoever is counted first, or when there is time. */
export const loadRateLimiter = () => import("graphql-rate-limit");

/**
 * The GraphQL side of the limits is graphql-rate-limit's: who is counted, for which field. Its store reads first and
 * writes later, which lets concurrent calls pass; so here its read is the atomic consumption and its write does nothing.
 */
export function createLimitCheck(config: Config, limiter: Limiter): LimitCheck {
  const limits: Record<LimitName, { perKey: RateLimit | null; global: RateLimit | null; scopes: LimitKey["scope"][] }> =
    {
      create: { perKey: config.rateLimitCreate, global: config.rateLimitCreateGlobal, scopes: ["address", "viewer"] },
      submit: { perKey: config.rateLimitSubmit, global: config.rateLimitSubmitGlobal, scopes: ["viewer"] },
    };
  let library: ReturnType<typeof loadRateLimiter> | null = null;

  return async (name, { context, args, info }) => {
    const { perKey, global, scopes } = limits[name];
    const keys: LimitKey[] = [
      ...(perKey ? scopes.map((scope) => ({ scope, value: identityOf(context, scope) })) : []),
      ...(global ? [{ scope: "global" as const, value: "all" }] : []),
    ];
    if (keys.length === 0) return null;

    library ??= loadRateLimiter();
    const { getGraphQLRateLimiter } = await library;
    const decision: { answer: Allowed } = { answer: { allowed: true } };
    const check = getGraphQLRateLimiter({
      identifyContext: ({ viewer }: Context) => viewer.id,
      store: {
        async getForIdentity() {
          decision.answer = await limiter.consume(name, keys);
          return decision.answer.allowed ? [] : [Date.now(), Date.now()];
        },
        setForIdentity() {},
      },
    });
    const complaint = await check({ parent: {}, args, context, info }, { max: 1, window: "1h" });
    const { answer } = decision;
    return complaint === undefined || answer.allowed
      ? null
      : { type: "RateLimitedError", retryAfterMs: answer.retryAfterMs };
  };
}

function identityOf({ viewer, address }: Context, scope: LimitKey["scope"]): string {
  return scope === "viewer" ? viewer.id : address;
}
