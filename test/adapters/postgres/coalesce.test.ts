import { describe, expect, it } from "vitest";
import { coalesce } from "../../../src/adapters/postgres/coalesce.ts";

/** A reader whose statements end when they are told to. */
function create() {
  const statements: { keys: string[]; end(error?: Error): void }[] = [];
  const began: (() => void)[] = [];
  const read = coalesce<string, string>((keys) => {
    const { promise, resolve, reject } = Promise.withResolvers<Map<string, string>>();
    const found = new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
    statements.push({ keys, end: (error) => (error ? reject(error) : resolve(found)) });
    for (const tell of began.splice(0)) tell();
    return promise;
  });
  const begins = (count: number): Promise<void> =>
    new Promise((done) => {
      const look = (): void => (statements.length >= count ? done() : void began.push(look));
      look();
    });
  return { statements, read, begins };
}

describe("reads that come together", () => {
  it("are one statement, the same key once", async () => {
    const { statements, read, begins } = create();
    const answers = Promise.all([read("a"), read("b"), read("a"), read("unknown")]);
    await begins(1);
    statements[0]!.end();
    expect(await answers).toEqual(["A", "B", "A", null]);
    expect(statements.map(({ keys }) => keys)).toEqual([["a", "b", "unknown"]]);
  });

  it("are never answered by a statement that began before they were asked for", async () => {
    const { statements, read, begins } = create();
    const early = read("a");
    await begins(1);
    const late = read("a");
    await begins(2);
    statements[0]!.end();
    expect(await early).toBe("A");
    statements[1]!.end();
    expect(await late).toBe("A");
  });

  it("wait for each other while the statements are busy, and outlive one that fails", async () => {
    const { statements, read, begins } = create();
    const first = read("a");
    await begins(1);
    const second = read("b");
    await begins(2);
    const rest = Promise.all([read("c"), read("d")]);
    statements[0]!.end(new Error("away"));
    await expect(first).rejects.toThrow("away");
    await begins(3);
    for (const { end } of statements) end();
    expect([await second, ...(await rest)]).toEqual(["B", "C", "D"]);
    expect(statements[2]!.keys).toEqual(["c", "d"]);
  });
});
