/** An id as clients know it: the type's name and the row's id, so that any object can be fetched again by it alone. */
export function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString("base64");
}

/** The row's id; null for anything that is not an id of that type. */
export function localId(type: string, id: string): string | null {
  const parsed = parseGlobalId(id);
  return parsed?.type === type ? parsed.id : null;
}

/** Only what globalId could have made is an id: one object has one id. */
export function parseGlobalId(id: string): { type: string; id: string } | null {
  if (id.length > 200) return null;
  const text = Buffer.from(id, "base64").toString("utf8");
  const match = /^([A-Za-z]+):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(text);
  if (!match || globalId(match[1]!, match[2]!) !== id) return null;
  return { type: match[1]!, id: match[2]! };
}
