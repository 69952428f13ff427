import type { MessageKey } from "../interview/messages.ts";

/** Extracts the text of a résumé file, within limits of time and memory. */
export interface ResumeReader {
  read(file: Uint8Array): Promise<FileText>;
}

/** The extracted text, or why there is none. */
export type FileText = { text: string } | { fault: FileFault; limit?: number };

export type FileFault = Extract<
  MessageKey,
  "fileUnsupported" | "fileUnreadable" | "fileDamaged" | "fileEncrypted" | "fileTooManyPages" | "fileTooComplex"
>;
