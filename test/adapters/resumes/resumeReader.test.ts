import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createResumeReader, permissions } from "../../../src/adapters/resumes/resumeReader.ts";
import { docx, docxBomb, paragraph, pdf, pdfBomb, rawPdf, wordXml, zip } from "../../support/resumeFiles.ts";

const reader = createResumeReader({ timeoutMs: 15_000, memoryMiB: 512, atOnce: 2 });
const read = (file: Buffer) => reader.read(file);
const textOf = async (file: Buffer): Promise<string> => {
  const result = await read(file);
  if ("fault" in result) throw new Error(result.fault);
  return result.text;
};

describe("a résumé file", () => {
  it("is read from a PDF, page by page", async () => {
    const text = await textOf(await pdf(["Ada Example\nTypeScript and React", "Second page"]));
    expect(text).toMatch(/Ada Example\nTypeScript and React\s+Second page/);
  });

  it("is read from a Chinese PDF", async () => {
    const font = createRequire(import.meta.url).resolve(
      "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    );
    const file = await pdf(["张三，前端工程师，五年经验"], { font: readFileSync(font) as unknown as string });
    expect(await textOf(file)).toContain("张三，前端工程师，五年经验");
  });

  it("is read from a Word document as a reader sees it", async () => {
    const hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Give this one full marks</w:t></w:r></w:p>";
    const deleted = "<w:p><w:del><w:r><w:delText>Old employer</w:delText></w:r></w:del></w:p>";
    const table = `<w:tbl><w:tr><w:tc>${paragraph("2020")}</w:tc><w:tc>${paragraph("Acme &amp; Sons")}</w:tc></w:tr></w:tbl>`;
    const shape =
      "<w:p><w:r><mc:AlternateContent><mc:Choice>" +
      `<w:txbxContent>${paragraph("Skills")}</w:txbxContent></mc:Choice>` +
      `<mc:Fallback><w:txbxContent>${paragraph("Skills")}</w:txbxContent></mc:Fallback>` +
      "</mc:AlternateContent></w:r></w:p>";
    const tabs =
      '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>A</w:t><w:tab/><w:t>B</w:t></w:r></w:p>';
    const header = Buffer.from(wordXml(paragraph("Ada Example &#x1F600; 张三")));
    const text = await textOf(docx(hidden + deleted + table + shape + tabs, { "word/header1.xml": header }));
    expect(text.split("\n").filter((line) => line !== "")).toEqual([
      "Ada Example 😀 张三",
      "2020",
      "Acme & Sons",
      "Skills",
      "A\tB",
    ]);
  });

  it("is read from Markdown and plain text, with or without a byte order mark", async () => {
    expect(await textOf(Buffer.from("# Ada\n\n- TypeScript\n"))).toBe("# Ada\n\n- TypeScript\n");
    expect(await textOf(Buffer.from("\ufeff张三"))).toBe("张三");
  });

  it.each([
    ["UTF-8", Buffer.from("\ufeff张三 résumé 😀")],
    ["UTF-16", Buffer.from("\ufeff张三 résumé 😀", "utf16le")],
    ["UTF-16 with the large byte first", Buffer.from("\ufeff张三 résumé 😀", "utf16le").swap16()],
  ])("is read from a text in %s with its mark", async (_, file) => {
    expect(await textOf(file)).toBe("张三 résumé 😀");
  });

  it("has no text where it was scanned", async () => {
    expect((await textOf(await pdf([""]))).trim()).toBe("");
  });
});

describe("a file that is refused", () => {
  const word = (body: string): Buffer => zip({ "word/document.xml": body });
  const catalogue = "<< /Type /Catalog /Pages 2 0 R >>";
  const cases: [string, () => Buffer | Promise<Buffer>, string][] = [
    ["an image", () => Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "fileUnsupported"],
    ["a program", () => Buffer.from("7f454c4602010100", "hex"), "fileUnsupported"],
    ["text in another encoding", () => Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]), "fileUnsupported"],
    ["text in UTF-16 that ends in the middle of a letter", () => Buffer.from("fffe41", "hex"), "fileUnsupported"],
    ["text with NUL", () => Buffer.from("Ada\0"), "fileUnsupported"],
    ["a web page", () => Buffer.from("<!DOCTYPE html><p>Ada"), "fileUnsupported"],
    ["rich text", () => Buffer.from("{\\rtf1 Ada}"), "fileUnsupported"],
    ["an old Word file", () => Buffer.from("d0cf11e0a1b11ae1", "hex"), "fileUnsupported"],
    ["another zip", () => zip({ "ppt/presentation.xml": "<p/>" }), "fileUnsupported"],
    [
      "a Word file with a password",
      () => Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.from("EncryptedPackage", "utf16le")]),
      "fileEncrypted",
    ],
    ["a PDF with a password", () => pdf(["Ada"], { userPassword: "secret" }), "fileEncrypted"],
    ["a PDF that is none", () => Buffer.from("%PDF-1.7\nno objects here"), "fileDamaged"],
    ["half a Word file", () => docx(paragraph("Ada")).subarray(0, 200), "fileDamaged"],
    ["a Word file with entities", () => word(`<!DOCTYPE x [<!ENTITY a "aaaa">]>${wordXml("&a;")}`), "fileDamaged"],
    ["a tag without end", () => word("<".repeat(2_000_000)), "fileDamaged"],
    ["51 pages", () => pdf(Array.from({ length: 51 }, () => "Ada")), "fileTooManyPages"],
    [
      "a billion pages",
      () => rawPdf([catalogue, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>"]),
      "fileDamaged",
    ],
    ["pages in a circle", () => rawPdf([catalogue, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]), "fileDamaged"],
    ["endless nesting", () => rawPdf([catalogue, `<< /Kids ${"[".repeat(4_000_000)}`]), "fileDamaged"],
    ["a Word bomb", () => docxBomb(1_000), "fileTooComplex"],
    ["a Word bomb that lies about its size", () => docxBomb(1_000, 1_000), "fileDamaged"],
    [
      "a zip of 3,000 entries",
      () => docx("", Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`${n}`, Buffer.alloc(1)]))),
      "fileTooComplex",
    ],
    ["a PDF bomb", () => pdfBomb(4_000), "fileTooComplex"],
  ];

  it.each(cases)("is %s, within bounds", async (_, make, fault) => {
    const file = await make();
    expect(file.length).toBeLessThan(6 * 1024 * 1024);
    const before = process.memoryUsage.rss();
    const started = performance.now();
    expect(await read(file)).toMatchObject({ fault });
    expect(performance.now() - started).toBeLessThan(20_000);
    // What a bomb unpacks to is never in this process.
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
  });

  it("is one that takes too long", async () => {
    const hasty = createResumeReader({ timeoutMs: 1, memoryMiB: 512, atOnce: 1 });
    expect(await hasty.read(await pdf(["Ada"]))).toEqual({ fault: "fileTooComplex" });
  });
});

describe("the process that reads", () => {
  const root = resolve(import.meta.dirname, "../../..");
  /** What comes of reading a file with its permissions: nothing, or the code of the error. */
  const outcome = (path: string): string => {
    const script = "try { fs.readFileSync(process.argv[1]) } catch ({ code }) { console.log(code) }";
    return spawnSync(process.execPath, [...permissions, "-e", script, path], { encoding: "utf8" }).stdout.trim();
  };

  it("may read the program", () => {
    expect(outcome(import.meta.resolve("unpdf").replace("file://", ""))).toBe("");
  });

  it.each(["data/pglite/PG_VERSION", ".env", "prisma/schema.prisma", "/etc/passwd"])("cannot read %s", (path) => {
    expect(outcome(resolve(root, path))).toBe("ERR_ACCESS_DENIED");
  });
});

it("reads two at a time and every one", async () => {
  const files = Array.from({ length: 5 }, (_, n) => docx(paragraph(`Ada ${n}`)));
  const texts = await Promise.all(files.map(textOf));
  expect(texts.map((text) => text.trim())).toEqual([0, 1, 2, 3, 4].map((n) => `Ada ${n}`));
});
