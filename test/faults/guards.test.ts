import { expect, it } from "vitest";
import { guards, withoutGuard } from "./guards.ts";

it.each(guards.map((guard, index) => ({ ...guard, index })))("can still take out $name", ({ index, edits }) => {
  expect(edits.length).toBeGreaterThan(0);
  // Fails where the source no longer has what is to be taken out: then the proof would prove nothing.
  expect(withoutGuard(guards[index]!, index)).toContain("src");
});
