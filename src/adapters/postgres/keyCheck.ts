import { type Cipher, sealedMark } from "../../ports/cipher.ts";
import type { Database } from "./database.ts";

const name = "key_check";
const word = "vivavoce";

/**
 * Whether `cipher` opens what this database keeps. Beside it a word is kept, sealed as all the rest: without the key it is
 * another one, or cannot be opened. A key may come to a database that had none.
 */
export async function fits(cipher: Cipher, database: Database): Promise<boolean> {
  const known = await database.query("SELECT FROM setting WHERE key = $1", [name]);
  if (known.length === 0 && !(await opensSample(cipher, database))) return false;
  await database.query(
    `INSERT INTO setting (key, value) VALUES ($1, $2)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE setting.value = $3`,
    [name, cipher.seal(word), word],
  );
  // Another node may have come first, with another key.
  const [row] = await database.query<{ value: string }>("SELECT value FROM setting WHERE key = $1", [name]);
  return opened(cipher, row!.value) === word;
}

/** A database from before the word was kept: a sample of what is sealed in it, if anything is, is tried. */
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
