import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { docx, paragraph, pdf } from "../support/resumeFiles.ts";
import { accessibilityFaults } from "./axe.ts";
import { editorFor } from "./keyboard.ts";
import { openProduct, type Product, screenshot } from "./product.ts";

let product: Product;
beforeAll(async () => {
  product = await openProduct("postgres", { RATE_LIMIT_CREATE: "off" });
});
afterAll(() => product.close());

const lines = ["Ada Example", "Platform engineer: TypeScript, PostgreSQL, Redis"];
/** Another file, another résumé: of the same one an unfinished interview would be found. */
const of = (kind: string): string[] => [...lines, kind];

function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  return page.getByLabel("Choose a file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

it.each([
  ["a PDF", "cv.pdf", () => pdf([of("PDF").join("\n")])],
  ["a Word document", "cv.docx", async () => docx(of("Word").map(paragraph).join(""))],
  ["a Markdown file", "cv.md", async () => Buffer.from(`# ${of("Markdown").join("\n\n")}`)],
])("reads a résumé from %s, and begins an interview with it", async (_, name, file) => {
  const { page, errors } = await product.open("/");
  await choose(page, name, await file());
  await page.getByRole("status").getByText(`This is what was read from ${name}`).waitFor();
  expect(await page.getByLabel("Your résumé").inputValue()).toContain(lines[1]);
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, `upload-${name.split(".")[1]}`);
  await page.getByRole("button", { name: "Begin the interview" }).click();
  await editorFor(page, 0).waitFor();
  expect(errors).toEqual([]);
});

it("takes a file that is dropped or pasted, in Chinese too", async () => {
  const { page, errors } = await product.open("/", { locale: "zh-CN" });
  const field = page.getByLabel("您的简历");
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["张三\n五年 Java 后端经验"], "简历.txt"));
    return transfer;
  });
  // Beside the field it counts too.
  const beside = page.locator("h1");
  await beside.dispatchEvent("dragover", { dataTransfer: files });
  await page.locator(".dragged").waitFor();
  await beside.dispatchEvent("drop", { dataTransfer: files });
  await page.getByText("以下内容读取自 简历.txt").waitFor();
  expect(await field.inputValue()).toBe("张三\n五年 Java 后端经验");
  expect(await page.locator(".dragged").count()).toBe(0);

  await field.fill("");
  await field.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["李四\n前端工程师"], "另一份.md"));
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await page.getByText("以下内容读取自 另一份.md").waitFor();
  expect(await field.inputValue()).toBe("李四\n前端工程师");
  expect(errors).toEqual([]);
});

it("says kindly what it cannot read, and keeps what was written", async () => {
  const { page, errors } = await product.open("/");
  const field = page.getByLabel("Your résumé");
  await field.fill("Written by hand");
  await choose(page, "cv.pdf", Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0]));
  await page.getByRole("alert").getByText("must be a PDF, DOCX, Markdown or text document").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "upload-refused");
  await choose(page, "large.txt", Buffer.alloc(5 * 1024 * 1024 + 1, "a"));
  await page.getByRole("alert").getByText("larger than 5 MB").waitFor();
  await product.stopServer();
  await choose(page, "cv.txt", Buffer.from(lines.join("\n")));
  await page.getByRole("alert").getByText("could not be sent").waitFor();
  expect(await field.inputValue()).toBe("Written by hand");

  await product.startServer();
  await choose(page, "cv.txt", Buffer.from(lines.join("\n")));
  await page.getByRole("status").getByText("This is what was read from cv.txt").waitFor();
  expect(await field.inputValue()).toBe(lines.join("\n"));
  expect(errors).toEqual([]);
});
