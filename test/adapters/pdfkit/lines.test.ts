import { describe, expect, it } from "vitest";
import { breakLines } from "../../../src/adapters/pdfkit/lines.ts";

/** Chinese characters are two wide, others one. */
const lines = (text: string, limit: number) => breakLines(text, limit, (code) => (code > 0x2e80 ? 2 : 1));

describe("breakLines", () => {
  it("breaks at spaces, which stay out of the width and of the next line", () => {
    expect(lines("one two three", 7)).toEqual(["one two", "three"]);
    expect(lines("one two   three", 7)).toEqual(["one two", "three"]);
    expect(lines("", 7)).toEqual([""]);
  });

  it("breaks after hyphens and slashes before letters", () => {
    expect(lines("well-known a/b/c", 5)).toEqual(["well-", "known", "a/b/c"]);
    expect(lines("10-20 -30", 4)).toEqual(["10-2", "0", "-30"]);
  });

  it("breaks between Chinese characters, but not before closing or after opening punctuation", () => {
    expect(lines("缓存与数据库", 8)).toEqual(["缓存与数", "据库"]);
    expect(lines("缓存一致，数据", 8)).toEqual(["缓存一", "致，数据"]);
    expect(lines("缓存一（数据）", 8)).toEqual(["缓存一", "（数据）"]);
    expect(lines("使用Redis缓存", 8)).toEqual(["使用", "Redis缓", "存"]);
  });

  it("breaks a word without any such place where it must, and loses nothing", () => {
    expect(lines("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
    expect(lines("a".repeat(20_000), 80).join("")).toBe("a".repeat(20_000));
    expect(lines("字", 1)).toEqual(["字"]);
  });
});
