/** `npm run sbom` writes what production is made of to sbom.cdx.json (CycloneDX); `-- FILE` writes it elsewhere. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const command = ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"];
const text = execFileSync("npm", command, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
const { bomFormat, components } = JSON.parse(text);
if (bomFormat !== "CycloneDX" || components.length === 0) throw new Error("npm made no list of components");
const path = resolve(process.argv[2] ?? resolve(root, "sbom.cdx.json"));
writeFileSync(path, text);
console.log(`${components.length} components written to ${path}`);
