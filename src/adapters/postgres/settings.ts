import type { Database } from "./database.ts";

/** A value that all nodes must agree on: the first node creates it, all others read it. */
export async function readOrMakeSetting(database: Database, key: string, make: () => string): Promise<string> {
  await database.query("INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", [key, make()]);
  const [row] = await database.query<{ value: string }>("SELECT value FROM setting WHERE key = $1", [key]);
  return row!.value;
}
