import { expect, it } from "vitest";
import { isFailure } from "../../src/interview/failures.ts";
import { draft } from "./sessions.ts";

it("a failure is told from whatever else has a type", () => {
  expect(isFailure({ type: "SessionNotFoundError" })).toBe(true);
  expect([draft("What is an index?"), { type: null }, { type: "toString" }, {}].filter(isFailure)).toEqual([]);
});
