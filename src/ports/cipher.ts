/** How a sealed text begins. */
export const sealedMark = "sealed:v1:";

/** Keeps what people wrote unreadable in a table dump, where a key is configured. */
export interface Cipher {
  seal(text: string): string;
  open(stored: string): string;
  sealBytes(bytes: Uint8Array): Uint8Array;
  openBytes(stored: Uint8Array): Uint8Array;
  /** The same for the same name, and not to be turned back by whoever lacks the key. */
  pseudonym(name: string): string;
}

/** Makes unreadable what nodes tell each other. */
export interface Seal {
  seal(text: string): string;
  /** Throws for what was not sealed by a node of the same deployment. */
  open(sealed: string): string;
}
