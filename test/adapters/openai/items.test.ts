import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BadReply } from "../../../src/adapters/openai/failures.ts";
import { createItemReader } from "../../../src/adapters/openai/items.ts";

/** Reads scores for a and b that arrive in these pieces. */
function read(pieces: string[]): { taken: [string, number][]; failure: unknown } {
  const taken: [string, number][] = [];
  const reader = createItemReader({
    list: "scores",
    isEcho: () => false,
    dropExtras: false,
    schema: z.strictObject({ id: z.string(), score: z.number() }),
    ids: ["a", "b"],
    idOf: ({ id }) => id,
    take({ id, score }) {
      taken.push([id, score]);
      return null;
    },
  });
  for (const piece of pieces) reader.read(piece);
  try {
    reader.finish(pieces.join(""));
    return { taken, failure: null };
  } catch (failure) {
    return { taken, failure };
  }
}

describe("a list of scores that names an id twice", () => {
  const falseA = '{"id":"a","score":0}';
  const [a, b] = ['{"id":"a","score":80}', '{"id":"b","score":70}'];

  it("in one piece: neither is believed, and it is left to be asked again", () => {
    const { taken, failure } = read([`{"scores":[${falseA},${b},${a}]}`]);
    expect(taken).toEqual([["b", 70]]);
    expect(failure).toBeInstanceOf(BadReply);
    expect((failure as BadReply).fault).toMatch(/a is there 2 times\. Still to do: a\.$/);
  });

  it("later, when the first had been told: the first stands", () => {
    const { taken, failure } = read([`{"scores":[${a},`, `${b},`, `${falseA}]}`]);
    expect(taken).toEqual([
      ["a", 80],
      ["b", 70],
    ]);
    expect(failure).toBeNull();
  });
});

it("takes no draft from thoughts whose opening tag is missing", () => {
  const draft = 'Perhaps {"scores":[{"id":"a","score":0},{"id":"b","score":0}]}? ';
  const real = '{"scores":[{"id":"a","score":80},{"id":"b","score":70}]}';
  const { taken, failure } = read([draft, "No.\n</think>\n", real]);
  expect(taken).toEqual([
    ["a", 80],
    ["b", 70],
  ]);
  expect(failure).toBeNull();
});
