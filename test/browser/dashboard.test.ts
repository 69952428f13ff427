import { afterAll, beforeAll, expect, it } from "vitest";
import { answerInterview, makeInterview } from "../support/ask.ts";
import { accessibilityFaults } from "./axe.ts";
import { openProduct, type Product, screenshot } from "./product.ts";

let product: Product;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.close());

it("keeps up with many interviews at once, and asks for nothing while it does", async () => {
  const { page, errors, operations, sockets } = await product.open("/dashboard", {
    viewport: { width: 1280, height: 860 },
  });
  await page.locator(".connection.connected").waitFor();
  await page.evaluate(() => {
    const frames = { worst: 0 };
    let last = performance.now();
    const frame = (now: number): void => {
      frames.worst = Math.max(frames.worst, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(globalThis, { frames });
  });

  const titles = Array.from({ length: 40 }, (_, index) => `Post ${index}`);
  const ids = await Promise.all(titles.map((title) => makeInterview(product.url, title)));
  await Promise.all(ids.map((id) => answerInterview(product.url, id)));

  await page.waitForFunction(() => document.querySelectorAll(".tag.evaluated").length === 40);
  expect(await page.locator(".tiles dd").allTextContents()).toEqual(["0", "0", "40", expect.any(String)]);
  expect(await page.locator(".happenings li").count()).toBeLessThanOrEqual(14);
  const worst = await page.evaluate(() => (globalThis as unknown as { frames: { worst: number } }).frames.worst);
  expect(worst).toBeLessThan(1_000);
  // Two looks at the list for each time that the socket was opened.
  expect(operations.length).toBeLessThanOrEqual(2 * sockets());
  await screenshot(page, "dashboard-full");

  await page.getByRole("searchbox").fill("Post 17");
  expect(await page.locator(".sessions li").count()).toBe(1);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(errors).toEqual([]);
});

it("catches up after the server was away, on the board and in one session", async () => {
  const id = await makeInterview(product.url, "Watched");
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true };
  const { page, errors } = await product.open("/dashboard", phone);
  const row = page.locator(".sessions li").filter({ hasText: "Watched" });
  await row.getByRole("button").click();
  await page.locator(".details .QuestionAsked").waitFor();

  await product.stopServer();
  await page.locator(".connection.lost").waitFor();
  await product.startServer();
  await answerInterview(product.url, id);
  await row.getByText("Report ready").waitFor();
  await page.locator(".details .ReportReady").waitFor();
  expect(await page.locator(".details .QuestionAsked").count()).toBe(3);
  expect(await page.locator(".details .SessionCreated").count()).toBe(1);
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "dashboard-phone");
  expect(errors).toEqual([]);
});
