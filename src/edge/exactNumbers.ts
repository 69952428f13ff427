import { graphqlError } from "../graphql/errors.ts";

/**
 * JSON carries integers of any length, JavaScript does not: a numeric id of 19 digits, as some databases use, would
 * silently become another one. The original is lost by now, so the error names its position.
 */
export function refuseInexactNumbers(variables: unknown): void {
  // No recursion: clients control the nesting.
  const waiting = [{ name: "variables", value: variables }];
  while (waiting.length > 0) {
    const { name, value } = waiting.pop()!;
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw graphqlError(
        "BAD_USER_INPUT",
        `${name.slice(0, 100)}: the number is too long to arrive with all its digits, send it as a string`,
      );
    }
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      waiting.push({ name: Array.isArray(value) ? name : key, value: inner });
    }
  }
}
