import { createClient } from "graphql-ws";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerInterview, deleteInterview, makeInterview } from "../support/ask.ts";
import { accessibilityFaults } from "./axe.ts";
import { press } from "./keyboard.ts";
import { openProduct, type Product, screenshot } from "./product.ts";

let product: Product;
beforeAll(async () => {
  product = await openProduct("postgres");
});
afterAll(() => product.close());

it("keeps up with many interviews at once, and asks for nothing while it does", async () => {
  const { page, errors, operations, sockets } = await product.open("/dashboard", {
    viewport: { width: 1280, height: 860 },
  });
  await page.locator(".connection.connected").waitFor();

  const titles = Array.from({ length: 40 }, (_, index) => `Post ${index}`);
  const ids = await Promise.all(titles.map((title) => makeInterview(product.url, title)));
  await Promise.all(ids.map((id) => answerInterview(product.url, id)));

  await page.waitForFunction(() => document.querySelectorAll(".tag.evaluated").length === 40, null, {
    timeout: 90_000,
  });
  expect(await page.locator(".tiles dd").allTextContents()).toEqual(["0", "0", "40", expect.any(String)]);
  expect(await page.locator(".happenings li").count()).toBeLessThanOrEqual(14);
  // Two looks at the list for each time that the socket was opened.
  expect(operations.length).toBeLessThanOrEqual(2 * sockets());
  await screenshot(page, "dashboard-full");

  await page.getByRole("searchbox").fill("post 17");
  await page.getByText("1 of 1").waitFor();
  expect(await page.locator(".sessions li strong").allTextContents()).toEqual(["Post 17"]);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(errors).toEqual([]);
}, 180_000);

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
  // Opening took the focus there, closing gives it back.
  await press(page.getByRole("button", { name: "Close" }));
  await page.locator(".sessions button:focus", { hasText: "Watched" }).waitFor();
  expect(errors).toEqual([]);
});

it("is narrowed by state, day, words and score, counts what is left, and stays live", async () => {
  const days = { yesterday: day(-1), today: day(0) };
  const { page, errors, operations } = await product.open("/dashboard", { viewport: { width: 1280, height: 860 } });
  const titles = page.locator(".sessions li strong");
  const shown = (n: number, total: number) => page.getByText(`${n} of ${total}`, { exact: true }).waitFor();
  const tiles = (...values: (string | null)[]) =>
    page.waitForFunction(
      (wanted) => [...document.querySelectorAll(".tiles dd")].map((tile) => tile.textContent).join() === wanted,
      values.join(),
    );
  await page.locator(".connection.connected").waitFor();
  const [first, second] = [
    await makeInterview(product.url, "Filtered α"),
    await makeInterview(product.url, "Filtered β"),
  ];

  await page.getByRole("searchbox").fill("FILTERED");
  await shown(2, 2);
  await tiles("2", "0", "0", "–");
  await page.getByText("Report ready", { exact: true }).click();
  await shown(0, 0);
  await answerInterview(product.url, first);
  await shown(1, 1);
  expect(await titles.allTextContents()).toEqual(["Filtered α"]);
  const score = await page.locator(".sessions .number").textContent();
  await tiles("1", "0", "1", score);
  await answerInterview(product.url, second);
  await shown(2, 2);

  await page.getByLabel("Order").selectOption({ label: "Lowest score first" });
  await page.getByLabel("From").fill(days.today);
  await page.getByLabel("To", { exact: true }).fill(days.today);
  await shown(2, 2);
  const scores = (await page.locator(".sessions .number").allTextContents()).map(Number);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "dashboard-filters");
  await page.getByLabel("From").fill(days.yesterday);
  await page.getByLabel("To", { exact: true }).fill(days.yesterday);
  await page.getByText("None fits.").waitFor();
  await tiles("0", "0", "0", "–");

  await page.getByRole("button", { name: "Clear" }).click();
  await page.locator(".sessions li").nth(10).waitFor();
  // Each choice asks once, a word while it is typed no more than that; what happens meanwhile is told.
  expect(operations.every((name) => name === "Sessions")).toBe(true);
  const asked = operations.length;
  await answerInterview(product.url, await makeInterview(product.url, "Afterwards"));
  await page.locator(".sessions li").filter({ hasText: "Afterwards" }).getByText("Report ready").waitFor();
  expect(operations).toHaveLength(asked);
  expect(errors).toEqual([]);
}, 180_000);

describe("more sessions than a page of the list", () => {
  const total = 210;
  let crowded: Product;
  let ids: string[];
  beforeAll(async () => {
    crowded = await openProduct("postgres");
    const client = createClient({ url: `${crowded.url.replace("http", "ws")}/graphql` });
    const told = client.iterate<{ viewerEvents: { sessionId: string } }>({
      query: "subscription { viewerEvents { sessionId } }",
    });
    // One after the other, so that it is known which come first.
    ids = [];
    for (let n = 0; n < total; n++) ids.push(await makeInterview(crowded.url, `Post ${n}`));
    // What is told later makes a row of a session that is not on the first page.
    for await (const { data } of told) if (data?.viewerEvents.sessionId === ids.at(-1)) break;
    await client.dispose();
  }, 120_000);
  afterAll(() => crowded.close());

  const rowsOf = (page: Page) => page.locator(".sessions li");
  const shown = (page: Page, n: number, of: number) => page.getByText(`${n} of ${of}`, { exact: true }).waitFor();
  const underWay = (page: Page, n: number) =>
    page.waitForFunction((wanted) => document.querySelector(".tiles dd")?.textContent === wanted, String(n));

  it("are counted exactly from the first page on, shown page by page by keyboard, and kept up live", async () => {
    const { page, errors, operations } = await crowded.open("/dashboard", { viewport: { width: 1280, height: 860 } });
    await shown(page, 100, total);
    await underWay(page, total);
    // The first reading is repeated once.
    const readings = (): number => operations.filter((name) => name === "Sessions").length;
    await expect.poll(readings, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    const titles = await rowsOf(page).locator("strong").allTextContents();
    expect([titles[0], titles.at(-1)]).toEqual([`Post ${total - 1}`, `Post ${total - 100}`]);
    expect(await accessibilityFaults(page)).toEqual([]);

    // Neither the newest nor the oldest of these is listed yet: the one becomes a row, the other is shown where it stands.
    await answerInterview(crowded.url, ids[0]!);
    await rowsOf(page).filter({ hasText: "Post 0" }).getByText("Report ready").waitFor();
    ids.push(await makeInterview(crowded.url, `Post ${total}`));
    await shown(page, 102, total + 1);
    await underWay(page, total);

    await page.getByRole("button", { name: "Show more" }).press("Enter");
    await shown(page, 202, total + 1);
    // The focus is on the first of them.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(`Post ${total - 101}`);
    await page.getByRole("button", { name: "Show more" }).press("Enter");
    await shown(page, total + 1, total + 1);
    expect(await page.getByRole("button", { name: "Show more" }).count()).toBe(0);
    expect(await rowsOf(page).locator("strong").allTextContents()).toEqual(ids.map((_, n) => `Post ${total - n}`));

    await deleteInterview(crowded.url, ids[200]!);
    await shown(page, total, total);
    // Now that every one is known, what happens is told and nothing is asked for.
    const asked = operations.length;
    await answerInterview(crowded.url, ids[100]!);
    await rowsOf(page).filter({ hasText: "Post 100" }).getByText("Report ready").waitFor();
    await underWay(page, total - 2);
    expect(operations).toHaveLength(asked);
    expect(errors).toEqual([]);
  }, 120_000);

  it("are all caught up with after the server was away, also those of later pages", async () => {
    const { page, errors } = await crowded.open("/dashboard", { viewport: { width: 1280, height: 860 } });
    const more = page.getByRole("button", { name: "Show more" });
    await more.press("Enter");
    await page.getByText(/^200 of/).waitFor();
    const all = Number((await page.getByText(/^200 of/).textContent())!.split(" ").at(-1));
    await crowded.stopServer();
    await page.locator(".connection.lost").waitFor();
    await crowded.startServer();
    await answerInterview(crowded.url, ids[60]!);
    await deleteInterview(crowded.url, ids[61]!);
    await rowsOf(page).filter({ hasText: "Post 60" }).getByText("Report ready").waitFor();
    await rowsOf(page).filter({ hasText: "Post 61" }).waitFor({ state: "detached" });
    await shown(page, 200, all - 1);

    await page.getByText("Report ready", { exact: true }).first().click();
    // Those that are known are there at once, the others with the list.
    await page.getByText(/^([3-9]) of \1$/).waitFor();
    const scores = (await page.locator(".sessions .number").allTextContents()).map(Number);
    const [, , reports, average] = await page.locator(".tiles dd").allTextContents();
    expect(Number(reports)).toBe(scores.length);
    expect(Number(average)).toBe(Math.round(scores.reduce((sum, score) => sum + score) / scores.length));

    await page.getByText("All", { exact: true }).click();
    await page.getByRole("searchbox").fill("post 1");
    await more.press("Enter");
    await page.getByText(/^1(\d\d) of 1\1$/).waitFor();
    expect(errors).toEqual([]);
  }, 120_000);
});

/** A day of this place, so many days from now, as a date field takes it. */
function day(later: number): string {
  const date = new Date();
  date.setDate(date.getDate() + later);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}
