import type { MessageKey } from "../interview/messages.ts";

/** Gets the text out of a résumé file, within bounds of time and memory. */
export interface ResumeReader {
  read(file: Uint8Array): Promise<FileText>;
}

/** The text as it stands in the file, or why there is none. */
export type FileText = { text: string } | { fault: FileFault; limit?: number };

export type FileFault = Extract<
  MessageKey,
  "fileUnsupported" | "fileUnreadable" | "fileDamaged" | "fileEncrypted" | "fileTooManyPages" | "fileTooComplex"
>;
