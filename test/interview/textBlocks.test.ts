import { describe, expect, it } from "vitest";
import { textBlocks } from "../../src/interview/textBlocks.ts";

const kinds = (text: string) => textBlocks(text).map((block) => block.kind);

describe("textBlocks", () => {
  it("takes what is fenced for code, up to a fence of the same kind, or to the end", () => {
    expect(textBlocks("a\n```ts\nx\n~~~\n\n  y\n```\nb")).toEqual([
      { kind: "prose", lines: ["a"] },
      { kind: "code", lines: ["x", "~~~", "", "  y"] },
      { kind: "prose", lines: ["b"] },
    ]);
    expect(textBlocks("```\nx\n\ny")).toEqual([{ kind: "code", lines: ["x", "", "y"] }]);
    expect(textBlocks("```\n\n```")).toEqual([]);
  });

  it.each([
    ["Java", "public int add(int a, int b) {\n    return a + b;\n}"],
    ["Python", "def add(a, b):\n    return a + b"],
    ["SQL", "SELECT name, count(*)\nFROM users\nWHERE age > 18\nGROUP BY name;"],
    ["shell-like calls", "connect(host)\n  retry(3)\nclose()"],
  ])("knows %s without a fence", (_, code) => {
    expect(kinds(`Like so.\n\n${code}`)).toEqual(["prose", "code"]);
  });

  it("joins code over its blank lines", () => {
    expect(kinds("int a = f();\nint b = g();\n\nint c = h(a);\nreturn a + b + c;")).toEqual(["code"]);
  });

  it.each([
    "First I would measure.\nThen I would look at the plan (EXPLAIN).\nThen I would add an index.",
    "- one\n  - nested\n  - nested too\n- two",
    "1. 先更新数据库\n2. 再删除缓存\n3. 失败时重试",
    "If the key is missing,\nfor example after a restart,\nthe reader loads it.",
    "x = 1;",
  ])("leaves prose alone: %s", (prose) => {
    expect(kinds(prose)).toEqual(["prose"]);
  });

  it("takes time in proportion to the text", () => {
    const started = performance.now();
    for (const piece of [" ", "a.", "{", "=", "`", "if ", "\t", "a b ", "(("])
      textBlocks(`${piece.repeat(10_000)}\n`.repeat(2));
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
