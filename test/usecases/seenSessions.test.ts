import { expect, it, onTestFinished, vi } from "vitest";
import { SeenSessions } from "../../src/usecases/seenSessions.ts";

it("keeps what was told of lately, and does not grow with every session that there is", () => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const seen = new SeenSessions();
  let largest = 0;
  // A hundred sessions a second, for an hour and a bit more.
  for (let second = 0; second < 4_000; second++) {
    vi.advanceTimersByTime(1_000);
    for (let n = 0; n < 100; n++) seen.tell(`${second} ${n}`, 1, new Date());
    largest = Math.max(largest, seen.size);
  }
  expect(largest).toBeLessThan(10_000);
  for (let second = 3_971; second < 4_000; second++)
    expect(seen.get(`${second} 0`)).toEqual({ first: 1, last: 1, late: 0, isOver: false });
  expect(seen.get("0 0")).toBeUndefined();
});

it("remembers everything while there is little of it, however long ago", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const seen = new SeenSessions();
  seen.tell("a", 1, new Date());
  vi.advanceTimersByTime(86_400_000);
  seen.tell("b", 1, new Date());
  seen.tell("a", 2, new Date());
  expect([seen.get("a")?.last, seen.get("b")?.last]).toEqual([2, 1]);
});
