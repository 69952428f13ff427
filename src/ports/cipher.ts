/** Prefix of every sealed text. */
export const sealedMark = "sealed:v1:";

/** Encrypts what people wrote, so that a dump of the database does not reveal it, if a key is configured. */
export interface Cipher {
  seal(text: string): string;
  open(stored: string): string;
  sealBytes(bytes: Uint8Array): Uint8Array;
  openBytes(stored: Uint8Array): Uint8Array;
  /** The same pseudonym for the same name; not reversible without the key. */
  pseudonym(name: string): string;
}

/** Encrypts messages between nodes. */
export interface Seal {
  seal(text: string): string;
  /** Throws for anything that a node of the same deployment has not sealed. */
  open(sealed: string): string;
}
