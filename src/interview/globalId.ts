/** A global id as clients know it: type and row id, so that any object can be fetched by it alone. */
export function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString("base64");
}

/** The row's id; null unless it is a global id of that type. */
export function localId(type: string, id: string): string | null {
  const parsed = parseGlobalId(id);
  return parsed?.type === type ? parsed.id : null;
}

/** Accepts only what globalId makes, so that an object has a single id. */
export function parseGlobalId(id: string): { type: string; id: string } | null {
  if (id.length > 200) return null;
  const text = Buffer.from(id, "base64").toString("utf8");
  const match = /^([A-Za-z]+):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(text);
  if (!match || globalId(match[1]!, match[2]!) !== id) return null;
  return { type: match[1]!, id: match[2]! };
}
