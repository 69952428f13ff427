import type { Cipher } from "../../ports/cipher.ts";

export type Sealed = { sealed: string } | Record<string, unknown>;

/** Values that contain what people wrote are sealed as a whole. */
export function sealJson(value: object, cipher: Cipher): Sealed {
  const text = JSON.stringify(value);
  const sealed = cipher.seal(text);
  return sealed === text ? (value as Record<string, unknown>) : { sealed };
}

export function openJson<T>(stored: Sealed, cipher: Cipher): T {
  return ("sealed" in stored ? JSON.parse(cipher.open(stored.sealed as string)) : stored) as T;
}
