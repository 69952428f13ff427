import { type Cipher, sealedMark } from "../../ports/cipher.ts";
import type { Database } from "./database.ts";

const name = "key_check";
const word = "vivavoce";

/**
 * Whether `cipher` is the one that this database is sealed with. The database holds a known word, sealed like
 * everything else; with another key it cannot be opened, and without a key it reads differently. A key may be added to
 * a database that had none.
 */
export async function opensDatabase(cipher: Cipher, database: Database): Promise<boolean> {
  const known = await database.query("SELECT FROM setting WHERE key = $1", [name]);
  if (known.length === 0 && !(await opensSample(cipher, database))) return false;
  await database.query(
    `INSERT INTO setting (key, value) VALUES ($1, $2)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE setting.value = $3`,
    [name, cipher.seal(word), word],
  );
  // Another node may have been first, with another key.
  const [row] = await database.query<{ value: string }>("SELECT value FROM setting WHERE key = $1", [name]);
  return opened(cipher, row!.value) === word;
}

/** Older databases have no such word: a sample of their sealed data is tried, if there is any. */
async function opensSample(cipher: Cipher, database: Database): Promise<boolean> {
  const rows = await database.query<{ text: string }>(
    `SELECT text FROM (
       (SELECT text FROM interview_session s JOIN resume r ON r.id = s.resume_id ORDER BY s.created_at DESC LIMIT 20)
       UNION ALL (SELECT text FROM resume LIMIT 20)
     ) AS sample WHERE starts_with(text, $1)`,
    [sealedMark],
  );
  return rows.every(({ text }) => ![text, null].includes(opened(cipher, text)));
}

function opened(cipher: Cipher, stored: string): string | null {
  try {
    return cipher.open(stored);
  } catch {
    return null;
  }
}
