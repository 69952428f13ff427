import { expect, it } from "vitest";
import { message, sizeText } from "../../src/interview/messages.ts";

it.each([
  [1_024, "1 KiB"],
  [1_024 * 1_024 - 1, "1023.9 KiB"],
  [1_024 * 1_024, "1 MiB"],
  [1_500_000, "1.4 MiB"],
  [6 * 1_024 * 1_024, "6 MiB"],
])("%i bytes are told as %s, never as more than they are", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

it("fills a limit in as a number of characters or as a size", () => {
  expect(message("answerTooLong", "en", 20_000)).toBe("Answer cannot exceed 20000 characters");
  expect(message("fileTooLarge", "en", 5 * 1_024 * 1_024)).toBe("File cannot exceed 5 MiB");
  expect(message("fileTooLarge", "zh", 5 * 1_024 * 1_024)).toBe("文件不能超过5 MiB");
});
