import { z } from "zod";
import type { Locale } from "../model.ts";

/**
 * The JSON schema of a reply, with only the keywords that providers' structured outputs accept. The rest (lengths,
 * blank texts) is checked on the reply.
 */
export function replySchema(schema: z.ZodType): Record<string, unknown> {
  const known = made.get(schema) ?? (reduce(z.toJSONSchema(schema)) as Record<string, unknown>);
  made.set(schema, known);
  return known;
}

/** Cached: most requests use a schema that was used before. */
const made = new WeakMap<z.ZodType, Record<string, unknown>>();

/** The schema as text, for models without structured outputs. */
export function schemaRequest(schema: z.ZodType, locale: Locale): string {
  const text = JSON.stringify(replySchema(schema));
  return locale === "ZH"
    ? `JSON 对象须符合以下 JSON schema：\n${text}`
    : `The JSON object matches this JSON schema:\n${text}`;
}

/**
 * Removes fields that the schema does not have. Models without structured outputs tend to add some; a model that
 * repeats this after a repair request is not asked a third time for it.
 */
export function withoutExtras(value: unknown, schema: z.ZodType): unknown {
  return prune(value, replySchema(schema));
}

function prune(value: unknown, node: SchemaNode | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => prune(item, node?.items));
  const fields = node?.properties;
  if (typeof value !== "object" || value === null || !fields) return value;
  const known = Object.entries(value).filter(([name]) => Object.hasOwn(fields, name));
  return Object.fromEntries(known.map(([name, child]) => [name, prune(child, fields[name])]));
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
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
