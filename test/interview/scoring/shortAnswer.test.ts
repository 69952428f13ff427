import { describe, expect, it } from "vitest";
import { letterLikeness } from "../../../src/interview/scoring/overlap.ts";
import { inCommon } from "../../../src/interview/scoring/shortAnswer.ts";
import { noMeanings } from "../../../src/interview/scoring/wordMeanings.ts";

const question = "What is a pointer?";
const reference = "A variable that holds the memory address of another variable.";
const common = (said: string, wanted = reference) => inCommon(question, wanted, said, noMeanings);

describe("what a short answer and the reference have in common", () => {
  it("is all of it where they are the same", () => {
    expect(common(reference)).toMatchObject({ told: 1, foreseen: 0.625 });
    expect(common(reference).likeness).toBeCloseTo(1);
    expect(common(reference).missed).toBeLessThan(0.05);
  });

  it("counts the first that is met most", () => {
    const [none, one, two] = ["It is.", "It holds something.", "It holds an address."].map(
      (said) => common(said).missed,
    );
    expect(none).toBe(1);
    expect(none! - one!).toBeGreaterThan(one! - two!);
    expect(one).toBeGreaterThan(two!);
  });

  it("is less for talk around it", () => {
    const [plain, padded] = ["It holds an address.", "It holds an address, and my weekends belong to my family."].map(
      (said) => common(said),
    );
    expect(padded!.missed).toBeGreaterThan(plain!.missed);
    expect(padded!.likeness).toBeLessThan(plain!.likeness);
  });

  it("knows that a reference of a word or two foresees little", () =>
    expect(common("Yes.", "By reference.").foreseen).toBeLessThan(common("Yes.").foreseen));

  it("is nothing for the question's words, which everybody has", () => {
    expect(letterLikeness("A pointer is an address.", "Pointers!", question)).toBe(0);
    expect(letterLikeness("A pointer is an address.", "An address.", question)).toBeGreaterThan(0.5);
  });
});
