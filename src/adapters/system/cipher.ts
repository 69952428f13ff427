import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Cipher } from "../../ports/cipher.ts";

const mark = "sealed:v1:";

/** AES-256-GCM. Texts that were stored before the key was configured are read as they are. */
export function createCipher(key: Uint8Array): Cipher {
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return mark + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
    },
    open(stored) {
      if (!stored.startsWith(mark)) return stored;
      const bytes = Buffer.from(stored.slice(mark.length), "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    },
  };
}
