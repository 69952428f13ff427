import { describe, expect, it } from "vitest";
import { createMemoryLimiter } from "../../../src/adapters/memory/limiter.ts";
import type { LimitKey } from "../../../src/ports/limiter.ts";

const viewer: LimitKey = { scope: "viewer", value: "ada" };
const everybody: LimitKey = { scope: "global", value: "all" };

describe("limits that hold together", () => {
  it.each([
    ["first", [everybody, viewer]],
    ["last", [viewer, everybody]],
  ] as const)("say when there is room with all of them: the longest is asked %s", async (_, keys) => {
    const limiter = createMemoryLimiter({
      create: { viewer: { calls: 1, windowMs: 1_000 }, global: { calls: 1, windowMs: 60_000 } },
      submit: {},
    });
    expect(await limiter.consume("create", [...keys])).toEqual({ allowed: true });
    const refused = await limiter.consume("create", [...keys]);
    expect(refused.allowed).toBe(false);
    expect((refused as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  });

  it("count a call with each of them, whichever refuses", async () => {
    const limiter = createMemoryLimiter({
      create: { viewer: { calls: 1, windowMs: 60_000 }, global: { calls: 3, windowMs: 60_000 } },
      submit: {},
    });
    for (let calls = 0; calls < 3; calls++) await limiter.consume("create", [viewer, everybody]);
    expect(await limiter.consume("create", [{ scope: "viewer", value: "bob" }])).toEqual({ allowed: true });
    expect(await limiter.consume("create", [everybody])).toMatchObject({ allowed: false });
    expect(await limiter.consume("submit", [viewer])).toEqual({ allowed: true });
  });
});
