import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { createFlow } from "../../src/usecases/flow.ts";

it("hands the first over at once, and together what comes meanwhile", async () => {
  const handed: string[][] = [];
  const flow = createFlow<string>(async (items) => {
    handed.push(items);
    await setImmediate();
  });
  for (const item of ["a", "b", "c"]) flow.push(item);
  expect(handed).toEqual([["a"]]);
  await flow.end();
  expect(handed).toEqual([["a"], ["b", "c"]]);
});

it("hands nothing over after a failure, and ends with it", async () => {
  const handed: string[][] = [];
  const flow = createFlow<string>(async (items) => {
    handed.push(items);
    throw new Error("Somebody else has this job");
  });
  flow.push("a");
  await setImmediate();
  flow.push("b");
  await expect(flow.end()).rejects.toThrow("Somebody else has this job");
  expect(handed).toEqual([["a"]]);
});
