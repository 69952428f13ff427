import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityFaults } from "./axe.ts";
import { editorFor } from "./keyboard.ts";
import { openProduct, type Product, screenshot } from "./product.ts";

const secret = "a secret of the tests, long enough for HS256";
const resume = readFileSync(resolve(import.meta.dirname, "../fixtures/resumes/devops.zh.txt"), "utf8");

let product: Product;
beforeAll(async () => {
  product = await openProduct("postgres", { AUTH_JWT_SECRET: secret });
});
afterAll(() => product.close());

function token(role: string, seconds: number): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(`${role} of the tests`)
    .setExpirationTime(new Date(Date.now() + seconds * 1_000))
    .sign(new TextEncoder().encode(secret));
}

it("asks for a token, and again when it ends in the middle of an answer", async () => {
  const { page } = await product.open("/");
  const field = page.getByLabel("Bearer token");
  await field.waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "sign-in");
  await field.fill("nonsense");
  await field.press("Enter");
  await page.getByRole("alert").getByText("not accepted").waitFor();

  // Long enough for a slow machine to come to the first question.
  await field.fill(`Bearer ${await token("candidate", 30)}`);
  await field.press("Enter");
  await page.getByLabel("Your résumé").fill(resume);
  await page.getByRole("button", { name: "Begin the interview" }).click();
  await editorFor(page, 0).waitFor();
  const interview = page.url();
  await page.locator("#answer").fill("Half an answer");

  await page.getByRole("alert").getByText("has ended").waitFor();
  await field.fill(await token("candidate", 600));
  await field.press("Enter");
  await editorFor(page, 0).waitFor();
  expect(page.url()).toBe(interview);
  expect(await page.locator("#answer").inputValue()).toBe("Half an answer");
});

it("shows a reviewer everybody's sessions on the dashboard", async () => {
  const { page } = await product.open("/dashboard", { colorScheme: "dark" });
  await page.getByLabel("Bearer token").fill("nonsense");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("not accepted").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel("Bearer token").fill(await token("reviewer", 600));
  await page.keyboard.press("Enter");
  await page.locator(".sessions li").getByText("candidate of the tests").waitFor();
  await page.locator(".connection.connected").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});
