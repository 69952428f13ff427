/** Keeps what people wrote unreadable in a table dump, where a key is configured. */
export interface Cipher {
  seal(text: string): string;
  open(stored: string): string;
  sealBytes(bytes: Uint8Array): Uint8Array;
  openBytes(stored: Uint8Array): Uint8Array;
}

export const plainCipher: Cipher = {
  seal: (text) => text,
  open: (stored) => stored,
  sealBytes: (bytes) => bytes,
  openBytes: (stored) => stored,
};
