import { beforeAll, describe, expect, it } from "vitest";
import { loadFonts, type ReportFonts } from "../../../src/adapters/pdfkit/fonts.ts";
import { renderPdf } from "../../../src/adapters/pdfkit/renderPdf.ts";
import { createReportRenderer } from "../../../src/adapters/pdfkit/reportRenderer.ts";
import type { ReportDocument } from "../../../src/interview/model.ts";
import { reportDocument } from "./documents.ts";
import { flatten, readPdf } from "./readPdf.ts";

let fonts: ReportFonts;
beforeAll(async () => {
  fonts = await loadFonts();
});

async function print(document: ReportDocument) {
  const file = await renderPdf(document, fonts);
  const pages = readPdf(file);
  return { file, pages, text: pages.map(flatten).join(" ") };
}

/** An answer to the only question of a report. */
function withAnswer(answer: string): ReportDocument {
  return reportDocument({
    locale: "EN",
    questions: 1,
    change: ({ report }) => {
      report.questions[0]!.answer = answer;
    },
  });
}

describe("what is printed", () => {
  it("has a cover with session id, time, résumé and overall score", async () => {
    const document = reportDocument({ locale: "EN", questions: 5 });
    const cover = flatten((await print(document)).pages[0]!);
    for (const words of [
      "Interview report",
      "Senior Backend Engineer · Northwind Logistics",
      document.sessionId,
      "18 May 2026, 14:03 UTC",
      "zoe-backend-2026",
      "71 / 100",
      "Adequate",
      "4 of 7 questions",
    ]) {
      expect(cover).toContain(words);
    }
  });

  it("keeps the session id in one piece, to be copied", async () => {
    const document = reportDocument({ locale: "EN", questions: 1 });
    const cover = (await print(document)).pages[0]!;
    expect(cover.map((piece) => piece.text)).toContain(document.sessionId);
  });

  it.each(["EN", "ZH"] as const)("prints summary, categories and questions in %s", async (locale) => {
    const document = reportDocument({ locale, questions: 4 });
    const { text } = await print(document);
    const { report } = document;
    const tight = squeeze(text);
    for (const words of [
      report.overallFeedback,
      ...report.strengths,
      ...report.improvements,
      ...report.knowledgeGaps,
      ...report.learningPath.flatMap((step) => [step.topic, step.advice]),
      ...report.resumeImprovements,
      ...report.categoryScores.map((entry) => entry.category),
      ...report.questions.flatMap(({ text, category, score }) => [text, category, score.feedback]),
      ...report.questions.flatMap(({ score }) => [score.referenceAnswer, ...score.keyPoints, ...score.evidence]),
      ...report.questions.flatMap(({ score }) => [`${score.accuracy} / 40`, `${score.completeness} / 30`]),
    ]) {
      expect(tight).toContain(squeeze(words));
    }
    expect(tight).toContain(squeeze(locale === "EN" ? "Not answered" : "未作答"));
  });

  it.each([
    ["EN", "Trends"],
    ["ZH", "趋势"],
  ] as const)("heads the trends in %s, only when there are any", async (locale, heading) => {
    const lines = async (document: ReportDocument) => (await print(document)).pages.flat().map((piece) => piece.text);
    expect(await lines(reportDocument({ locale, questions: 3, trends: 2 }))).toContain(heading);
    expect(await lines(reportDocument({ locale, questions: 3 }))).not.toContain(heading);
  });

  it("says so when there are no strengths, no improvements and no questions", async () => {
    const document = reportDocument({
      locale: "EN",
      questions: 0,
      change: ({ report }) => {
        Object.assign(report, { strengths: [], improvements: [], knowledgeGaps: [], learningPath: [] });
        Object.assign(report, { resumeImprovements: [], categoryScores: [], overallScore: 0 });
      },
    });
    const { text } = await print(document);
    expect(text).toContain("No particular strengths");
    expect(text).toContain("Nothing stood out");
    expect(text).toContain("before a question was asked");
    expect(text).not.toContain("Category scores");
    expect(text).not.toContain("Learning path");
  });

  it("puts a placeholder, explained, for what the fonts lack: one for each character that a reader sees", async () => {
    const { text } = await print(withAnswer("fine 😀 👨‍👩‍👧‍👦 🇩🇪 안녕 done"));
    expect(text).toContain("fine 〓 〓 〓 〓〓 done");
    expect(text).toContain("〓 stands for a character");
    expect((await print(withAnswer("fine"))).text).not.toContain("〓");
  });

  it("prints other people's control and direction characters as nothing", async () => {
    const { text } = await print(withAnswer("a\u202Eb\u2066c\u0007d\u001b[31me\uFEFFf\u0000g\uD800h"));
    expect(squeeze(text)).toContain("abcd[31mefg�h");
  });

  it("keeps lines and indentation of code", async () => {
    const code = "for (const x of list) {\n\tif (x > 1) {\n\t\treturn x; // 找到\n\t}\n}";
    const lines = (await print(withAnswer(`Like this:\n\n\`\`\`js\n${code}\n\`\`\``))).pages.flat();
    expect(lines.map((piece) => piece.text)).toEqual(
      expect.arrayContaining(["for (const x of list) {", "    if (x > 1) {", "        return x; // ", "找到", "}"]),
    );
  });
});

describe("pages", () => {
  it("lets the longest answers flow over pages, clear of the footers, and numbers every page", async () => {
    const answer = "A sentence about caches, and one more about queues. ".repeat(500).slice(0, 20_000);
    const { pages, text } = await print(withAnswer(answer));
    expect(pages.length).toBeGreaterThan(6);
    expect(pages.length).toBeLessThan(12);
    expect(squeeze(text.replace(/Interview report · \S+ \d+ \/ \d+/g, ""))).toContain(squeeze(answer));
    for (const [i, page] of pages.entries()) {
      if (i === 0) continue;
      const footer = page.filter((piece) => piece.y < 70);
      expect(footer.map((piece) => piece.text)).toEqual([
        "Interview report · zoe-backend-2026",
        `${i + 1} / ${pages.length}`,
      ]);
    }
  });

  it("never draws one line over another or out of the page", async () => {
    const words = ["x".repeat(4_000), "字".repeat(3_000), "path/".repeat(400), `${" ".repeat(300)}deep`];
    const { pages } = await print(withAnswer(words.join("\n\n")));
    for (const page of pages) {
      const body = page.filter((piece) => piece.x < 75).map((piece) => piece.y);
      expect(new Set(body).size).toBe(body.length);
      for (const piece of page) {
        expect(piece.x).toBeGreaterThan(20);
        expect(piece.x).toBeLessThan(540);
        expect(piece.y).toBeLessThan(800);
      }
    }
  });

  it.each([1, 20])("prints %i questions, in well under the time that a reader would notice", async (count) => {
    const started = performance.now();
    const { file, text } = await print(reportDocument({ locale: "ZH", questions: count, trends: 8 }));
    console.info(`${count} questions: ${Math.round(performance.now() - started)} ms, ${file.length} bytes`);
    for (let number = 1; number <= count; number++) expect(text).toContain(`第${number}题`);
  });

  it("survives names and labels of any length", async () => {
    const long = "an unreasonably long name ".repeat(30);
    const { pages } = await print(
      reportDocument({
        locale: "EN",
        questions: 2,
        trends: 200,
        change: (document) => {
          Object.assign(document, { resumeKey: long, jobTitle: long, companyName: long });
          document.sessionId = "s".repeat(200);
          for (const entry of document.report.categoryScores) entry.category = long;
          for (const entry of document.trends!.categories) entry.category = long;
        },
      }),
    );
    expect(pages[0]!.every((piece) => piece.y > 40)).toBe(true);
  });
});

describe("the file", () => {
  it("is the same bytes for the same document, whatever was printed before", async () => {
    const document = reportDocument({ locale: "ZH", questions: 6, trends: 3 });
    const first = await renderPdf(document, fonts);
    await print(withAnswer("other\u00a0text • · 　⼀"));
    expect((await renderPdf(document, fonts)).equals(first)).toBe(true);
    expect((await renderPdf(document, await loadFonts())).equals(first)).toBe(true);
  });

  it("has a title, a language and the report's date", async () => {
    const source = (await renderPdf(reportDocument({ locale: "ZH", questions: 1 }), fonts)).toString("latin1");
    expect(source.startsWith("%PDF-1.7")).toBe(true);
    expect(source).toContain("/Lang (zh-CN)");
    expect(source).toContain("/DisplayDocTitle true");
    expect(source).toContain("(D:20260518140402Z)");
  });

  it("holds nothing active, whatever the texts say", async () => {
    const source = (
      await renderPdf(withAnswer("https://evil.example <script>x</script> (javascript:alert(1))"), fonts)
    ).toString("latin1");
    for (const name of ["/URI", "/JavaScript", "/JS", "/Launch", "/OpenAction", "/Annots", "/EmbeddedFile"]) {
      expect(source).not.toContain(name);
    }
  });
});

describe("the renderer", () => {
  it("prints several reports asked for at once", async () => {
    const renderer = createReportRenderer();
    const documents = [1, 2, 3].map((questions) => reportDocument({ locale: "EN", questions }));
    const files = await Promise.all(documents.map((document) => renderer.pdf(document)));
    const again = await renderPdf(documents[1]!, fonts);
    expect(Buffer.from(files[1]!).equals(again)).toBe(true);
    expect(new Set(files.map((file) => file.length)).size).toBe(3);
  });
});

/** Lines are broken anywhere, so spaces say nothing. */
function squeeze(text: string): string {
  return text.replace(/```\w*/g, "").replace(/\s+/g, "");
}
