import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Cipher } from "../../ports/cipher.ts";

const mark = "sealed:v1:";
const markBytes = Buffer.from(mark);

/** AES-256-GCM. What was stored before the key was configured is read as it is. */
export function createCipher(key: Uint8Array): Cipher {
  function encrypt(plain: Uint8Array): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  function decrypt(sealed: Uint8Array): Buffer {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  }

  return {
    seal: (text) => mark + encrypt(Buffer.from(text)).toString("base64"),
    open: (stored) =>
      stored.startsWith(mark) ? decrypt(Buffer.from(stored.slice(mark.length), "base64")).toString("utf8") : stored,
    sealBytes: (bytes) => Buffer.concat([markBytes, encrypt(bytes)]),
    openBytes(stored) {
      const isSealed = markBytes.equals(stored.subarray(0, markBytes.length));
      return isSealed ? decrypt(stored.subarray(markBytes.length)) : stored;
    },
  };
}
