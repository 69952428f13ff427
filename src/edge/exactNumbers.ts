import { graphqlError } from "../graphql/errors.ts";

/**
 * JSON carries whole numbers of any length, JavaScript does not: a numeric id of 19 digits, as some databases give them,
 * would become another one without anybody noticing.
 */
export function refuseInexactNumbers(variables: unknown): void {
  // No recursion: how deep the values are nested is up to the client.
  const waiting = [variables];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw graphqlError("BAD_USER_INPUT", `The number ${value} is too long to be exact, send it as a string`);
    }
    if (typeof value !== "object" || value === null) continue;
    for (const inner of Object.values(value)) waiting.push(inner);
  }
}
