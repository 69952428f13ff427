import { describe, expect, it } from "vitest";
import { isEmptyTalk, wantedStems } from "../../../src/interview/scoring/emptyTalk.ts";

describe("whether a sentence stands before any answer", () => {
  const wanted = wantedStems(
    "An index is a sorted structure beside the table, so the database finds rows without a full scan. Writes get slower.",
    "How does a database index work?",
  );

  it.each([
    "That is a great question and one that I like a lot.",
    "Indexes are among the most commonly used tools of a database.",
    "It requires strong leadership, clear communication and good planning.",
    "I am a motivated and flexible person who likes challenges.",
    "Performance is a crucial topic.",
  ])("%s", (sentence) => expect(isEmptyTalk(sentence, wanted)).toBe(true));

  it.each([
    "A sorted structure is very important, since rows are found without a scan of the table.",
    "One of the most costly things is a scan: it took 9 seconds.",
    "We had a slow page in our admin panel.",
    "The tree is kept in balance.",
  ])("not: %s", (sentence) => expect(isEmptyTalk(sentence, wanted)).toBe(false));
});
