import type { FileText } from "../../ports/resumeReader.ts";

/** Formats that need a reader. */
export type FileKind = "pdf" | "zip";

/** Detects a file's format by its content: one to be read by a reader, its text, or why it cannot be read. */
export function kindOf(file: Uint8Array): FileKind | FileText {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  // The format allows bytes before the header, within the first kilobyte.
  if (bytes.subarray(0, 1_024).includes("%PDF-")) return "pdf";
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return "zip";
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    // Word stores password-protected documents in the container of its old format.
    return { fault: bytes.includes("EncryptedPackage", 0, "utf16le") ? "fileEncrypted" : "fileUnsupported" };
  }
  const text = decode(bytes);
  return text === null || otherFormats.test(text) ? { fault: "fileUnsupported" } : { text };
}

/** Text formats that are not plain text. */
const otherFormats = /^\s*(?:\{\\rtf|%!PS|<\?xml|<!doctype|<html|<svg)/i;

/**
 * null for text that is neither UTF-8 nor marked as UTF-16 (some editors' "Unicode"), or that contains characters no
 * text has.
 */
function decode(bytes: Buffer): string | null {
  const marked = startsWith(bytes, [0xff, 0xfe]) ? "utf-16le" : startsWith(bytes, [0xfe, 0xff]) ? "utf-16be" : null;
  try {
    const text = new TextDecoder(marked ?? "utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

function startsWith(bytes: Buffer, signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}
