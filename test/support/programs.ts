import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The real servers and tools that tests run, and the Debian package of each. */
export const programs = {
  initdb: { debianPackage: "postgresql" },
  postgres: { debianPackage: "postgresql" },
  "redis-server": { debianPackage: "redis-server" },
  chromium: { debianPackage: "chromium" },
  curl: { debianPackage: "curl" },
  pdftotext: { debianPackage: "poppler-utils" },
} as const;

/** Where a program is; null when it is not installed. PostgreSQL's servers are off the path in Debian: newest first. */
export function findProgram(name: keyof typeof programs): string | null {
  const folders = [...postgresFolders(), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function postgresFolders(): string[] {
  const base = "/usr/lib/postgresql";
  try {
    return readdirSync(base)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(base, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
