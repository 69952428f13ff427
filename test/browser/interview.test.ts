import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerInterview, makeInterview } from "../support/ask.ts";
import { findProgram } from "../support/programs.ts";
import { accessibilityFaults } from "./axe.ts";
import { answerAll, press, tabTo, write } from "./keyboard.ts";
import { openProduct, type Product, screenshot } from "./product.ts";

const resumes = resolve(import.meta.dirname, "../fixtures/resumes");
const english = readFileSync(resolve(resumes, "frontend.en.txt"), "utf8");
const chinese = readFileSync(resolve(resumes, "java-backend.zh.txt"), "utf8");
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const desktop = { viewport: { width: 1280, height: 860 } };

let product: Product;
beforeAll(async () => {
  product = await openProduct("pglite");
});
afterAll(() => product.close());

describe("a whole interview by keyboard alone", () => {
  it("in English, with the dashboard looking on", async () => {
    const { page, errors, operations } = await product.open("/", desktop);
    const reviewer = await product.open("/dashboard", desktop);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, "start-desktop");

    await page.keyboard.press("Tab");
    await write(page.getByLabel("Your résumé"), english);
    await write(page.getByLabel("Job title"), "<img src=x onerror=alert(1)> engineer");
    await write(page.getByLabel("Questions", { exact: true }), "3");
    await press(page.getByRole("button", { name: "Begin the interview" }));

    const markup = "<script>document.title = 'taken'</script> & <b>bold</b>";
    const asked = await answerAll(page, {
      say: (index) => `${markup}\nAnswer ${index}: I measured first, because guesses cost more than profiles.`,
      async before(index) {
        if (index !== 1) return;
        expect(await accessibilityFaults(page)).toEqual([]);
        await screenshot(page, "interview-desktop");
      },
    });
    expect(asked).toBeGreaterThanOrEqual(3);
    await page.locator(".report").waitFor();
    await page.locator(".detail").first().locator("summary").press("Enter");
    expect(await page.locator(".detail .as-written").first().textContent()).toContain(markup);
    expect(await page.title()).toContain("<img src=x onerror=alert(1)> engineer");
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, "report-desktop");

    const row = reviewer.page.locator(".sessions li").filter({ hasText: "onerror" });
    await row.getByText("Report ready").waitFor();
    await press(row.getByRole("button"));
    await reviewer.page.locator(".details .ReportReady").waitFor();
    expect(await reviewer.page.locator(".details .AnswerSubmitted").count()).toBe(asked);
    expect(await accessibilityFaults(reviewer.page)).toEqual([]);
    await screenshot(reviewer.page, "dashboard-desktop");

    const text = await downloadedPdf(page, page.getByRole("link", { name: "Download PDF" }));
    expect(text).toContain("Executive summary");
    expect(text).toContain(`Answer ${asked - 1}: I measured first`);

    expect(operations.filter((name) => name === "Session")).toHaveLength(1);
    expect(reviewer.operations.length).toBeLessThanOrEqual(2 * reviewer.sockets());
    expect([...errors, ...reviewer.errors]).toEqual([]);
  });

  it("in Chinese, on a phone", async () => {
    const { page, errors, operations } = await product.open("/", { ...phone, locale: "zh-CN" });
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");

    await press(page.getByRole("button", { name: "开始面试" }));
    await page.getByRole("alert").getByText("简历文本不能为空").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, "start-phone");

    await write(page.getByLabel("您的简历"), chinese);
    await write(page.getByLabel("职位名称"), "Java 后端工程师");
    await write(page.getByLabel("题目数量"), "3");
    await press(page.getByRole("button", { name: "开始面试" }));
    const asked = await answerAll(page, {
      say: (index) => `第${index}个回答：因为缓存穿透会压垮数据库，所以先用布隆过滤器，再设置空值缓存。`,
      async before(index) {
        if (index !== 1) return;
        expect(await accessibilityFaults(page)).toEqual([]);
        await screenshot(page, "interview-phone");
      },
    });
    await page.getByRole("heading", { name: "面试报告" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, "report-phone");

    const text = await downloadedPdf(page, page.getByRole("link", { name: "下载 PDF" }));
    expect(text).toContain("布隆过滤器");
    await press(page.getByRole("link", { name: "历史记录" }));
    await page.locator(".sessions").getByText("Java 后端工程师").waitFor();
    await page.locator(".trend svg").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, "history-phone");

    expect(asked).toBeGreaterThanOrEqual(3);
    expect(operations.filter((name) => name === "Session")).toHaveLength(1);
    expect(errors).toEqual([]);
  });
});

it("switches the language, and asks the server for messages in it", async () => {
  const { page } = await product.open("/", { colorScheme: "dark" });
  await tabTo(page.locator("input[name=language]:checked"));
  await page.keyboard.press("ArrowRight");
  await press(page.getByRole("button", { name: "开始面试" }));
  await page.getByRole("alert").getByText("简历文本不能为空").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "start-dark");
  await page.reload();
  await page.getByRole("button", { name: "开始面试" }).waitFor();
});

it("finishes early after asking, shows the evaluation as it arrives, and is deleted from the history", async () => {
  const { page, errors } = await product.open("/", { ...desktop, colorScheme: "dark" });
  await write(page.getByLabel("Your résumé"), `${english}\nAnd one thing more.`);
  await press(page.getByRole("button", { name: "Begin the interview" }));
  await page.locator("#answer:not([readonly])").waitFor();
  await press(page.getByRole("button", { name: "Finish early" }));
  await page.getByRole("dialog").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // The focus is where it was before the question.
  await page.locator("button:focus", { hasText: "Finish early" }).press("Enter");
  await press(page.getByRole("button", { name: "Finish and evaluate" }));
  await page.locator(".report").waitFor();
  await page.getByText(/^0 of \d+ questions answered/).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "report-dark");

  const meanwhile = await makeInterview(product.url, "Meanwhile");
  await press(page.getByRole("link", { name: "History" }));
  const entries = page.locator(".sessions li");
  await entries.first().waitFor();
  await answerInterview(product.url, meanwhile);
  await entries.filter({ hasText: "Meanwhile" }).getByText("Report ready").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const before = await entries.count();
  await press(entries.first().getByRole("button"));
  await press(page.getByRole("dialog").getByRole("button", { name: "Delete" }));
  await page.locator("h2:focus", { hasText: "Your interviews" }).waitFor();
  await page.waitForFunction((n) => document.querySelectorAll(".sessions li").length === n - 1, before);
  expect(errors).toEqual([]);
});

it("offers an unfinished interview of the same résumé again", async () => {
  const { page } = await product.open("/", desktop);
  const begin = async (): Promise<void> => {
    await write(page.getByLabel("Your résumé"), `${english}\nTwice.`);
    await press(page.getByRole("button", { name: "Begin the interview" }));
  };
  await begin();
  await page.locator("#answer:not([readonly])").waitFor();
  const first = page.url();
  await press(page.getByRole("link", { name: "New interview" }));
  await begin();
  await press(page.getByRole("button", { name: "Go on with it" }));
  expect(page.url()).toBe(first);
});

async function downloadedPdf(page: Page, link: ReturnType<Page["locator"]>): Promise<string> {
  const downloading = page.waitForEvent("download");
  await press(link);
  const file = await (await downloading).path();
  return execFileSync(findProgram("pdftotext")!, ["-layout", file, "-"], { encoding: "utf8" });
}
