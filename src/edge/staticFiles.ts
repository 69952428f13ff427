import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { sendText } from "./sendText.ts";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json; charset=utf-8",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".mjs": "text/javascript; charset=utf-8",
};

const pagePolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; " +
  "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** The built web clients, each under its own path. */
export class StaticFiles {
  readonly #mounts: { path: string; folder: string }[];

  /** Longest path first: "/dashboard" before "/". */
  constructor(mounts: { path: string; folder: string }[]) {
    this.#mounts = mounts.toSorted((a, b) => b.path.length - a.path.length);
  }

  async serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const mount = this.#mounts.find((candidate) => `${path}/`.startsWith(`${candidate.path.replace(/\/$/, "")}/`));
    const reads = request.method === "GET" || request.method === "HEAD";
    const file = mount && reads ? await find(mount, path, (request.headers.accept ?? "").includes("text/html")) : null;
    if (file === null) {
      sendText(response, 404, "Not found\n");
      return;
    }
    const bytes = await readFile(file);
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, {
      "content-type": type,
      "content-length": bytes.length,
      // Built assets carry a hash in their name.
      "cache-control": file.includes(`${sep}assets${sep}`) ? "public, max-age=31536000, immutable" : "no-cache",
      ...(type.startsWith("text/html") ? { "content-security-policy": pagePolicy } : {}),
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }
}

/**
 * Finds the file under the folder; for a browser's path without an extension, the page that does client-side routing.
 */
async function find(mount: { path: string; folder: string }, path: string, byBrowser: boolean): Promise<string | null> {
  const decoded = decode(path.slice(mount.path.replace(/\/$/, "").length));
  if (decoded === null || decoded.includes("\0")) return null;
  const file = normalize(join(mount.folder, decoded));
  if (file !== mount.folder && !file.startsWith(mount.folder + sep)) return null;
  if (extname(file) !== "" && (await isFile(file))) return file;
  const page = join(mount.folder, "index.html");
  const isPage = extname(file) === "" && (byBrowser || decoded === "" || decoded === "/");
  return isPage && (await isFile(page)) ? page : null;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
