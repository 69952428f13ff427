/**
 * `npm run licenses` lists every package of the lockfile that runs in production with its licence; `--all` adds the ones
 * for development. Ends with a fault where a licence is missing or is none that may be used here.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

interface LockEntry {
  version?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  link?: boolean;
}

/** Licences that ask for no more than to be named. */
const permissive =
  /^(?:MIT|MIT-0|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Unlicense|Zlib|OFL-1\.1|PostgreSQL|Python-2\.0)$/;
/** Used unchanged, beside our code and never built into it. */
const unchanged = /^(?:MPL-2\.0|EPL-2\.0)$/;

/** Packages that name no licence where programs look; what their licence file says, read by a person. */
const read: Record<string, string> = { "png-js": "MIT", "seq-queue": "MIT" };

const all = process.argv.includes("--all");
const lock = JSON.parse(await readFile(resolve(import.meta.dirname, "../package-lock.json"), "utf8"));
const packages = Object.entries(lock.packages as Record<string, LockEntry>)
  .filter(
    ([path, entry]) => path.includes("node_modules/") && !entry.link && (all || !(entry.dev || entry.devOptional)),
  )
  .map(([path, { version = "", license }]) => {
    const name = path.split("node_modules/").at(-1)!;
    return { name, version, license: license ?? read[name] ?? "" };
  })
  .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));

for (const { name, version, license } of packages) console.log(`${license || "unknown"}\t${name} ${version}`);
const odd = packages.filter(({ license }) => !isFine(license));
console.log(`${packages.length} packages, ${odd.length} to look at`);
for (const { name, version, license } of odd) console.error(`${name} ${version}: ${license || "no licence named"}`);
process.exitCode = odd.length === 0 ? 0 : 1;

/** "(MIT OR GPL-3.0)": one of them is enough; "MIT AND ISC": all of them must do. */
function isFine(license: string): boolean {
  const text = license.replace(/^\(|\)$/g, "");
  if (/ or /i.test(text)) return text.split(/ or /i).some(isFine);
  if (/ and /i.test(text)) return text.split(/ and /i).every(isFine);
  return permissive.test(text) || unchanged.test(text);
}
