import type { ModelUsage } from "./model.ts";

export const noUsage: Readonly<ModelUsage> = { calls: 0, inputTokens: 0, outputTokens: 0, durationMs: 0, longestMs: 0 };

export function addUsage(one: ModelUsage, other: ModelUsage): ModelUsage {
  return {
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    durationMs: one.durationMs + other.durationMs,
    longestMs: Math.max(one.longestMs, other.longestMs),
  };
}
