import { z } from "zod";

/**
 * The JSON schema of a reply, with the keywords alone that providers' structured outputs know: they refuse others.
 * What it leaves out (lengths, blank texts) is checked when the reply is there.
 */
export function replySchema(schema: z.ZodType): Record<string, unknown> {
  return reduce(z.toJSONSchema(schema)) as Record<string, unknown>;
}

const kept = new Set([
  "type",
  "properties",
  "required",
  "items",
  "additionalProperties",
  "enum",
  "anyOf",
  "description",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
]);

function reduce(node: unknown): unknown {
  if (typeof node !== "object" || node === null || Array.isArray(node)) return node;
  const entries = Object.entries(node).filter(([key]) => kept.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === "properties") {
        return [key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, reduce(child)]))];
      }
      if (key === "anyOf") return [key, (value as unknown[]).map(reduce)];
      return [key, key === "items" ? reduce(value) : value];
    }),
  );
}
