import { describe, expect, it } from "vitest";
import { BadReply } from "../../../src/adapters/openai/failures.ts";
import { createJsonScanner, findJson } from "../../../src/adapters/openai/json.ts";

describe("findJson", () => {
  it.each([
    ["bare", '{"a":1}'],
    ["with white space", ' \n{"a":1}\n '],
    ["in a fence", '```json\n{"a":1}\n```'],
    ["between prose with braces", 'Use {this}: {"a":1} {or not}'],
    ["after thoughts", '<think>{"a":2,"b":[1,2,3]}</think>{"a":1}'],
    ["after thoughts between other tags", '<thinking>{"a":2,"b":[1,2,3]}</thinking>{"a":1}'],
    ["after thoughts of which the beginning is not told", 'First {"a":2,"b":[1,2,3]}. No.\n</think>\n{"a":1}'],
    ["after a smaller object", '{} then {"a":1}'],
  ])("finds an object %s", (_, content) => {
    expect(findJson(content)).toEqual({ a: 1 });
  });

  it.each(["", "```json\n"])("leaves alone what a reply says of the mark that ends thoughts (%#)", (lead) => {
    expect(findJson(`${lead}{"a":"What does </think> end?"}`)).toEqual({ a: "What does </think> end?" });
  });

  it("is not led astray by braces inside strings", () => {
    expect(findJson('Here: {"a":"}{\\"}"}!')).toEqual({ a: '}{"}' });
  });

  it.each(["", "no", "[1]", '{"a":', "{'a':1}", `${'{"a":'.repeat(100_000)}`, '<think>{"a":1}'])(
    "refuses a reply without one (%#)",
    (content) => {
      expect(() => findJson(content)).toThrow(BadReply);
    },
  );
});

describe("createJsonScanner", () => {
  const reply = JSON.stringify({
    list: [
      { id: 1, text: 'a "quoted" } brace' },
      { id: 2, deep: [{ x: "]" }] },
    ],
  });

  it.each([1, 2, 3, 7, 1_000])("finds the items in pieces of %i characters", (size) => {
    const thoughts = [
      '<think>{"list":[{}]}</think>',
      '<seed:think>{"list":[{}]}</seed:think>',
      'First {"list":[{}]}. No.\n</think>\n',
      "Hm.</think>Well {then}: ",
    ];
    for (const lead of ["", "```json\n", '{"a":1} ', ...thoughts]) {
      const items: unknown[] = [];
      const scanner = createJsonScanner({ list: "list", onItem: (json) => items.push(JSON.parse(json)) });
      for (const piece of pieces(`${lead}${reply} bye`, size)) scanner.feed(piece);
      expect(items).toEqual(JSON.parse(reply).list);
    }
  });

  it("takes no item from prose, which may turn out to be thoughts, but tells a field there", () => {
    const items: string[] = [];
    let told = "";
    const hooks = { list: "list", onItem: (json: string) => items.push(json) };
    createJsonScanner(hooks).feed(`Well {then}: ${reply}`);
    createJsonScanner({ field: "text", onField: (text) => (told = text) }).feed('Well {then}: {"text":"told"}');
    expect([items, told]).toEqual([[], "told"]);
  });

  it("hands an item over with the character that completes it", () => {
    const items: string[] = [];
    const scanner = createJsonScanner({ list: "list", onItem: (json) => items.push(json) });
    scanner.feed('{"list":[{"id":1');
    expect(items).toEqual([]);
    scanner.feed("}");
    expect(items).toEqual(['{"id":1}']);
  });

  it("leaves other lists alone", () => {
    const items: string[] = [];
    const scanner = createJsonScanner({ list: "list", onItem: (json) => items.push(json) });
    scanner.feed('{"other":[{"id":1}],"list":[{"id":2}]}');
    expect(items).toEqual(['{"id":2}']);
  });

  it.each([1, 2, 5])("tells a field as it grows, in pieces of %i characters", (size) => {
    const value = 'A\n"line" \\ 汉字 😀 end';
    const told: string[] = [];
    let whole = "";
    const scanner = createJsonScanner({
      field: "text",
      onField(text, isWhole) {
        if (isWhole) whole = text;
        else told.push(text);
      },
    });
    const escaped = JSON.stringify({ other: { text: "no" }, text: value, rest: "text" });
    const ascii = escaped.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    for (const piece of pieces(ascii, size)) scanner.feed(piece);
    expect(whole).toBe(value);
    for (const text of told) expect(value.startsWith(text)).toBe(true);
    expect(told.length).toBeGreaterThan(3);
  });

  it.each([
    ["braces", "{".repeat(200_000)],
    ["white space after a brace", `{${" ".repeat(200_000)}`],
    ["white space", " ".repeat(200_000)],
    ["thoughts", `<think>${"a".repeat(200_000)}`],
    ["tags", `<think>${"</".repeat(100_000)}`],
    ["nesting", `{"list":${"[".repeat(200_000)}`],
    ["one long string", `{"text":"${"a".repeat(200_000)}`],
  ])("reads hostile %s in linear time", (_, content) => {
    const scanner = createJsonScanner({ list: "list", onItem: () => {} });
    const startedAt = performance.now();
    for (const piece of pieces(content, 4)) scanner.feed(piece);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});

function pieces(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));
}
