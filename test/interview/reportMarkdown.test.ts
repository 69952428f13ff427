import { describe, expect, it } from "vitest";
import type { ReportDocument } from "../../src/interview/model.ts";
import { renderMarkdown } from "../../src/interview/reportMarkdown.ts";
import { reportDocument } from "../adapters/pdfkit/documents.ts";

function withAnswer(answer: string): ReportDocument {
  return reportDocument({
    locale: "EN",
    questions: 1,
    change: ({ report }) => {
      report.questions[0]!.answer = answer;
    },
  });
}

/** The lines between "Answer" and "Feedback", without the quote's marks. */
function printedAnswer(answer: string): string {
  const markdown = renderMarkdown(withAnswer(answer));
  return /\*\*Answer\*\*\n\n(.*?)\n\n\*\*Feedback\*\*/s.exec(markdown)![1]!.replace(/^> ?/gm, "");
}

describe("what is written", () => {
  it("names session, time, résumé, position and score", () => {
    const markdown = renderMarkdown(reportDocument({ locale: "EN", questions: 4 }));
    expect(markdown.startsWith("# Interview report\n")).toBe(true);
    expect(markdown).toContain("- **Overall score:** **71 / 100** (Adequate)");
    expect(markdown).toContain("- **Answered:** 3 of 6 questions");
    expect(markdown).toContain("- **Position:** Senior Backend Engineer · Northwind Logistics");
    expect(markdown).toContain("- **Résumé:** zoe-backend-2026");
    expect(markdown).toContain("- **Completed:** 18 May 2026, 14:03 UTC");
    expect(markdown).toContain("`SW50ZXJ2aWV3U2Vzc2lvbjowMTk0YjJjMC03YTFlLTdjM2YtOWQyNS01ZTZmOGE5YjBjMWQ=`");
  });

  it("has summary, categories and questions in Chinese too", () => {
    const markdown = renderMarkdown(reportDocument({ locale: "ZH", questions: 4 }));
    for (const line of [
      "# 面试报告",
      "## 评估摘要",
      "### 优势",
      "### 优先改进项",
      "### 知识盲区",
      "### 学习路径",
      "### 简历改进建议",
      "## 各类别得分",
      "| Redis | 92 | 1 |",
      "### 第1题 · Redis",
      "| 38 / 40 | 28 / 30 | 29 / 30 | **95 / 100** (优秀) |",
      "### 第3题 · 追问 · 数据库",
      "*未作答*",
      "- 先写库再删缓存",
    ]) {
      expect(markdown.split("\n")).toContain(line);
    }
  });

  it.each([
    ["EN", "## Trends"],
    ["ZH", "## 趋势"],
  ] as const)("heads the trends in %s, only when there are any", (locale, heading) => {
    expect(renderMarkdown(reportDocument({ locale, questions: 1, trends: 2 })).split("\n")).toContain(heading);
    expect(renderMarkdown(reportDocument({ locale, questions: 1 })).split("\n")).not.toContain(heading);
  });

  it("says so when there are no strengths", () => {
    const document = reportDocument({
      locale: "EN",
      questions: 1,
      change: ({ report }) => {
        report.strengths = [];
      },
    });
    expect(renderMarkdown(document)).toContain("### Strengths\n\nNo particular strengths");
  });

  it("keeps paragraphs, lines, indentation and code", () => {
    expect(printedAnswer("one\ntwo\n\n\n  three")).toBe("one\\\ntwo\n\n&nbsp;&nbsp;three");
    expect(printedAnswer("so:\n```js\nif (a) {\n  b();\n}\n```\nend")).toBe(
      "so:\n\n```\nif (a) {\n  b();\n}\n```\n\nend",
    );
  });
});

describe("what others wrote stays plain text", () => {
  it.each([
    ["<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"],
    ["# not a heading", "\\# not a heading"],
    ["- not a list", "\\- not a list"],
    ["12. not a list", "12\\. not a list"],
    ["===", "\\==="],
    ["> not a quote", "\\> not a quote"],
    ["*a* _b_ ~~c~~ `d`", "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\`"],
    ["[text](there) [ref]: x", "\\[text\\](there) \\[ref\\]: x"],
    ["a | b", "a \\| b"],
    ["&lt;b&gt;", "\\&lt;b\\&gt;"],
    ["C:\\temp\\", "C:\\\\temp\\\\"],
    ["{{ 1 }} $x$", "\\{\\{ 1 \\}\\} \\$x\\$"],
  ])("%s", (written, expected) => {
    expect(printedAnswer(written)).toBe(expected);
  });

  it.each([
    "https://evil.example/a?b",
    "www.evil.example",
    "me@evil.example",
    "evil.example",
    "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "<https://evil.example>",
    "@somebody",
  ])("no renderer makes a link of %s", (written) => {
    expect(printedAnswer(`见${written}`)).toBe(`见\`${written}\``);
  });

  it("an address with backticks in it stays inside its code span", () => {
    expect(printedAnswer("https://a.example/``<b>`")).toBe("``` https://a.example/``<b>` ```");
  });

  it("code cannot end its own fence", () => {
    expect(printedAnswer("~~~\n```\n<b>x</b>\n````\n~~~")).toBe("`````\n```\n<b>x</b>\n````\n`````");
  });

  it("a category cannot leave its table, nor a key point its list", () => {
    const document = reportDocument({
      locale: "EN",
      questions: 1,
      change: ({ report }) => {
        report.categoryScores[0]!.category = "a | b\n\n# c https://d.example|e";
        report.questions[0]!.score.keyPoints = ["one\n\n# two"];
      },
    });
    const lines = renderMarkdown(document).split("\n");
    expect(lines).toContain("| a \\| b # c `https://d.example`\\|e | 92 | 1 |");
    expect(lines).toContain("- one # two");
  });

  it("direction and control characters are dropped", () => {
    expect(printedAnswer("a\u202Eb\u2066c\u0007d\u001be\uFEFFf")).toBe("abcdef");
    expect(printedAnswer("👨‍👩‍👧")).toBe("👨‍👩‍👧");
  });
});
