import type { Locator, Page } from "playwright-core";

/** Moves the focus there with the Tab key alone, as someone without a mouse does. */
export async function tabTo(target: Locator, backwards = false): Promise<void> {
  const page = target.page();
  await target.waitFor({ state: "attached" });
  for (let presses = 0; presses < 100; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(backwards ? "Shift+Tab" : "Tab");
  }
  throw new Error(`The focus never came to ${target}`);
}

/** Replaces what is in a field. */
export async function write(field: Locator, text: string): Promise<void> {
  await tabTo(field);
  await field.page().keyboard.press("ControlOrMeta+A");
  await field.page().keyboard.insertText(text);
}

export async function press(target: Locator): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press("Enter");
}

export interface Answering {
  /** What is said to question `index`. */
  say(index: number): string;
  /** Called before the answer to each question is sent. */
  before?(index: number): Promise<void>;
}

/** Answers every question that comes, each sent with Ctrl+Enter; returns how many there were. */
export async function answerAll(page: Page, { say, before }: Answering): Promise<number> {
  const editor = page.locator("#answer:not([readonly])");
  const over = page.locator(".evaluation, .report");
  for (let index = 0; ; index++) {
    await editorFor(page, index).or(over).first().waitFor();
    if (await over.isVisible()) return index;
    // The page moved the focus itself: nobody has to look for the editor.
    await page.keyboard.insertText(say(index));
    await page.locator(".draft.saved").waitFor();
    await before?.(index);
    await editor.press("ControlOrMeta+Enter");
  }
}

/** The editor, once it waits for the answer to question `index`. */
export function editorFor(page: Page, index: number) {
  return page.locator(`form.answer[data-question="${index}"] #answer:not([readonly]):focus`);
}
