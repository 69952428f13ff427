import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerAll, editorFor } from "./keyboard.ts";
import { openProduct, type Product } from "./product.ts";

const resume = readFileSync(resolve(import.meta.dirname, "../fixtures/resumes/python-backend.en.txt"), "utf8");

let product: Product;
beforeAll(async () => {
  product = await openProduct("postgres");
});
afterAll(() => product.close());

async function begin(page: Page, mark: string): Promise<void> {
  await page.getByLabel("Your résumé").fill(`${resume}\n${mark}`);
  await page.getByLabel("Questions", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Begin the interview" }).click();
  await editorFor(page, 0).waitFor();
}

async function finish(page: Page): Promise<number> {
  const asked = await answerAll(page, { say: (index) => `Said at ${index}, because it had to be said.` });
  await page.locator(".report").waitFor();
  return asked;
}

it("goes on after a reload in the middle, with the draft", async () => {
  const { page, errors } = await product.open("/");
  await begin(page, "Reloaded");
  await page.keyboard.insertText("The first answer.");
  await page.keyboard.press("Control+Enter");
  await editorFor(page, 1).waitFor();
  await page.keyboard.insertText("Half an ans");
  await page.locator(".draft.saved").waitFor();

  await page.reload();
  await editorFor(page, 1).waitFor();
  expect(await page.locator("#answer").inputValue()).toBe("Half an ans");
  await page.locator(".earlier summary").click();
  await page.getByText("The first answer.").waitFor();
  await page.locator("#answer").fill("");
  await page.locator("#answer").press("a");
  await page.keyboard.press("Control+Enter");
  await editorFor(page, 2).or(page.locator(".report")).waitFor();
  expect(errors).toEqual([]);
});

it("waits for a server that restarts in the middle, and loses nothing", async () => {
  const { page, errors, operations } = await product.open("/");
  await begin(page, "Restarted");
  await page.keyboard.insertText("Saved before.");
  await page.locator(".draft.saved").waitFor();

  await product.stopServer();
  await page.getByText("Connection lost").waitFor();
  await page.keyboard.insertText(" Written while nobody listened.");
  await page.locator(".draft.waiting").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").getByText("Your text is kept").waitFor();

  await product.startServer();
  await page.getByText("Connection lost").waitFor({ state: "detached" });
  await page.locator(".draft.saved").waitFor();
  await page.reload();
  await editorFor(page, 0).waitFor();
  expect(await page.locator("#answer").inputValue()).toBe("Saved before. Written while nobody listened.");
  await page.keyboard.press("Control+A");
  await finish(page);
  expect(operations.filter((name) => name === "Session")).toHaveLength(2);
  expect(errors).toEqual([]);
});

it("keeps what could not be saved over a reload of the page", async () => {
  const { page } = await product.open("/");
  await begin(page, "Unsaved");
  await page.route("**/graphql", (route) => {
    const saving = route.request().postData()?.includes("mutation SaveDraft");
    return saving ? route.abort() : route.continue();
  });
  await page.keyboard.insertText("Only here.");
  await page.locator(".draft.waiting").waitFor();
  await page.unroute("**/graphql");
  await page.reload();
  await editorFor(page, 0).waitFor();
  expect(await page.locator("#answer").inputValue()).toBe("Only here.");
  await page.locator(".draft.saved").waitFor();
});

it("moves on when the question was answered in another tab", async () => {
  const first = await product.open("/");
  await begin(first.page, "Twins");
  const second = await first.another(new URL(first.page.url()).pathname);
  await editorFor(second, 0).waitFor();

  await first.page.bringToFront();
  await first.page.keyboard.insertText("Shared while it is written");
  await second.waitForFunction(() => document.querySelector("textarea")?.value === "Shared while it is written");
  await second.locator("#answer").fill("From the second tab");
  await second.locator(".draft.saved").waitFor();
  await first.page.locator("#answer").fill("From the first tab");
  await first.page.keyboard.press("Control+Enter");
  await editorFor(first.page, 1).waitFor();

  await second.getByText("answered elsewhere").waitFor();
  await second.getByText("What you had written here").click();
  await second.locator(".as-written").getByText("From the second tab").waitFor();
  await second.locator('form.answer[data-question="1"]').waitFor();
  expect(first.errors).toEqual([]);
});

it("says kindly that an answer came too late from a tab that had heard nothing", async () => {
  const first = await product.open("/");
  await begin(first.page, "Deaf twin");
  const deaf = await first.page.context().newPage();
  await deaf.routeWebSocket(/graphql/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!String(message).includes('"type":"next"')) socket.send(message);
    });
  });
  await deaf.goto(first.page.url());
  await editorFor(deaf, 0).waitFor();
  await first.page.bringToFront();
  await first.page.locator("#answer").fill("In time");
  await first.page.keyboard.press("Control+Enter");
  await editorFor(first.page, 1).waitFor();

  await deaf.bringToFront();
  await deaf.locator("#answer").fill("Too late");
  await deaf.keyboard.press("Control+Enter");
  await deaf.getByText("answered elsewhere").waitFor();
  await deaf.getByText("What you had written here").click();
  await deaf.locator(".as-written").getByText("Too late").waitFor();
  // What it could not hear it has read.
  await deaf.locator('form.answer[data-question="1"] #answer:not([readonly])').waitFor();
  expect(first.errors).toEqual([]);
});

it("asks for a fresh address when a report was open for longer than its download lasts", async () => {
  const { page, operations } = await product.open("/");
  await begin(page, "Long open");
  await finish(page);
  await page.clock.setFixedTime(Date.now() + 3 * 3_600_000);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download PDF" }).click();
  expect((await downloading).suggestedFilename()).toBe("report.pdf");
  expect(operations.filter((name) => name === "Session")).toHaveLength(2);
});
