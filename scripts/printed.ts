import { readFile, writeFile } from "node:fs/promises";

/** Writes what was printed, or with `--check` says whether what is kept is the same. `command` makes it anew. */
export async function keep(path: string, name: string, source: string, command: string, text: string): Promise<void> {
  if (process.argv[2] !== "--check") {
    await writeFile(path, text);
    console.log(`${name} written`);
    return;
  }
  if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    console.error(`${name} differs from ${source}: run \`npm run ${command}\``);
    process.exit(1);
  }
  console.log(`${name}: no drift`);
}
