import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { type Cipher, type Seal, sealedMark } from "../../ports/cipher.ts";

const markBytes = Buffer.from(sealedMark);

/** Without a key texts are stored as they are. */
export const plainCipher: Cipher = {
  seal: (text) => text,
  open: (stored) => stored,
  sealBytes: (bytes) => bytes,
  openBytes: (stored) => stored,
  pseudonym: (name) => createHash("sha256").update(name).digest("base64url"),
};

/** AES-256-GCM. Texts stored before the key was configured are read as they are. */
export function createCipher(key: Uint8Array): Cipher {
  const pseudonymKey = new Uint8Array(hkdfSync("sha256", key, "", "vivavoce: pseudonyms", 32));
  return {
    seal: (text) => sealedMark + encrypt(key, Buffer.from(text)).toString("base64"),
    open: (stored) =>
      stored.startsWith(sealedMark)
        ? decrypt(key, Buffer.from(stored.slice(sealedMark.length), "base64")).toString()
        : stored,
    sealBytes: (bytes) => Buffer.concat([markBytes, encrypt(key, bytes)]),
    openBytes(stored) {
      const isSealed = markBytes.equals(stored.subarray(0, markBytes.length));
      return isSealed ? decrypt(key, stored.subarray(markBytes.length)) : stored;
    },
    pseudonym: (name) => createHmac("sha256", pseudonymKey).update(name).digest("base64url"),
  };
}

/** AES-256-GCM with a key derived from secrets that nodes share: all of them are needed to read or write. */
export function createSeal(...secrets: string[]): Seal {
  const key = new Uint8Array(hkdfSync("sha256", secrets.join("\n"), "", "vivavoce: between nodes", 32));
  return {
    seal: (text) => encrypt(key, Buffer.from(text)).toString("base64"),
    open: (sealed) => decrypt(key, Buffer.from(sealed, "base64")).toString(),
  };
}

function encrypt(key: Uint8Array, plain: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
