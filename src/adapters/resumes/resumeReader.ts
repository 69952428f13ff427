import { fork } from "node:child_process";
import { resolve } from "node:path";
import type { FileText, ResumeReader } from "../../ports/resumeReader.ts";
import { type FileKind, kindOf } from "./fileKind.ts";

export interface ReadingBounds {
  /** Longest time to read one file. */
  timeoutMs: number;
  /** Memory of the reading process, in MiB. */
  memoryMiB: number;
  /** Files read concurrently; others wait. */
  atOnce: number;
}

/**
 * Reads PDF, DOCX, Markdown and plain text. PDF and DOCX are read in a separate process without secrets, which may
 * write nothing and start nothing, and is killed when it takes too long or too much memory: uploaded files may be
 * crafted to exploit their reader.
 */
export function createResumeReader(bounds: ReadingBounds): ResumeReader {
  const places = new Places(bounds.atOnce);
  return {
    async read(file) {
      const kind = kindOf(file);
      if (typeof kind === "object") return kind;
      return places.take(() => readApart(kind, file, bounds));
    },
  };
}

const root = resolve(import.meta.dirname, "../../..");
const program = resolve(import.meta.dirname, "readFile.ts");

/** The program and its libraries may be read, but nothing beside them: data, backups, an .env. */
export const permissions = [
  "--permission",
  "--allow-worker",
  ...["src", "node_modules", "package.json"].map((name) => `--allow-fs-read=${resolve(root, name)}`),
];

function readApart(kind: FileKind, file: Uint8Array, bounds: ReadingBounds): Promise<FileText> {
  return new Promise((done, failed) => {
    const child = fork(program, [], {
      env: {},
      execArgv: [...permissions, "--no-warnings"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      timeout: bounds.timeoutMs,
      killSignal: "SIGKILL",
    });
    let complaint = "";
    let result: FileText | null = null;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(-2_000)));
    child.once("message", (message) => (result = message as FileText));
    child.once("error", failed);
    child.once("close", (code, signal) => {
      if (result !== null) done(result);
      else if (signal !== null) done({ fault: "fileTooComplex" });
      else failed(new Error(`The reader of files ended with ${code}: ${complaint}`));
    });
    // A process that exits before it has received everything is reported by its exit.
    child.send({ kind, file, memoryMiB: bounds.memoryMiB } satisfies Order, () => {});
  });
}

/** The message to the reading process. */
export interface Order {
  kind: FileKind;
  file: Uint8Array;
  memoryMiB: number;
}

class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
