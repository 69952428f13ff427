import { afterAll, beforeAll, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../support/modelServer.ts";
import { accessibilityFaults } from "./axe.ts";
import { editorFor } from "./keyboard.ts";
import { openProduct, type Product, screenshot } from "./product.ts";

let model: ModelServer;
let product: Product;
beforeAll(async () => {
  model = await startModelServer({ tokensPerSecond: 30 });
  product = await openProduct("postgres", {
    LLM_PROVIDERS: "tried",
    TRIED_BASE_URL: model.url,
    TRIED_API_KEY: "key",
    TRIED_MODEL: "model",
    EVALUATION_EAGER: "false",
  });
});
afterAll(async () => {
  await product.close();
  await model.close();
});

it("shows a question while it is written, a failed evaluation, and the report after another try", async () => {
  model.always(null);
  const before = model.requests.length;
  const { page, errors, operations } = await product.open("/", { viewport: { width: 1280, height: 860 } });
  await page.getByLabel("Your résumé").fill("Jo Doe, front-end engineer, four years of TypeScript and React");
  await page.getByLabel("Questions", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Begin the interview" }).click();
  await editorFor(page, 0).waitFor();
  await page.keyboard.insertText("I kept the list short, because long lists are slow");
  await page.keyboard.press("Control+Enter");

  // Seen in pieces first, each a longer beginning of the whole.
  await page.locator(".words.writing").waitFor();
  const seen = await page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const pieces: string[] = [];
        const look = (): void => {
          const text = document.querySelector(".words.writing")?.textContent;
          if (text && text !== pieces.at(-1)) pieces.push(text);
          if (text === undefined) resolve(pieces);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await editorFor(page, 1).waitFor();
  const whole = await page.locator(".question .words").innerText();
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.filter((piece) => !whole.startsWith(piece.trimEnd()))).toEqual([]);
  expect(model.requests.slice(before).filter(({ task }) => task === "follow_up")).toHaveLength(1);

  model.always({ kind: "status", status: 401 });
  await page.getByRole("button", { name: "Finish early" }).click();
  await page.getByRole("button", { name: "Finish and evaluate" }).click();
  await page.getByText("The evaluation did not work out").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, "evaluation-failed");

  model.always(null);
  await page.getByRole("button", { name: "Try the evaluation again" }).click();
  await page.getByText("Your answers are being evaluated").waitFor();
  await page.locator(".arriving .arrived .number").first().waitFor();
  await screenshot(page, "evaluation-arriving");
  await page.locator(".report").waitFor();
  await screenshot(page, "report-model");
  expect(operations.filter((name) => name === "Session")).toHaveLength(1);
  expect(errors).toEqual([]);
}, 200_000);
