import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page as it is now: one line a rule, with the elements. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Colours are looked at when nothing moves any more.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
    }
  });
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document);
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.html).join(" | ")})`);
  });
}

interface Axe {
  run(of: unknown): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
}
