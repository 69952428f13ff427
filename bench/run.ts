/**
 * npm run bench [-- --quick] [-- B1 B4 …]: measures the product against baselines in the same run, prints a row a
 * comparison and keeps the samples under bench/results/.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Bench, type Benchmark, isReached, loadCore, median, pin, print, type Row, ratiosOf } from "./harness.ts";

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const here = import.meta.dirname;

// What loads the server runs beside it, not on its core.
pin(process.pid, loadCore);

const files = readdirSync(resolve(here, "benchmarks")).filter((file) => file.endsWith(".ts"));
const benchmarks: Benchmark[] = [];
for (const file of files.sort()) benchmarks.push((await import(`./benchmarks/${file}`)).benchmark);
const known = benchmarks.map(({ id }) => id);
const unknown = positionals.filter((id) => !known.includes(id));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(", ")}. There are ${known.join(", ")}.`);
  process.exit(1);
}

const startedAt = new Date();
const rows: Row[] = [];
let failures = 0;
for (const { id, title, run } of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(id)) continue;
  console.log(`\n# ${id}: ${title}`);
  const bench: Bench = {
    quick: values.quick,
    repeats: values.quick ? 3 : 5,
    progress: (text) => console.error(`  ${id} ${text}`),
  };
  const beganAt = performance.now();
  try {
    const measured = await run(bench);
    for (const row of measured) console.log(print(row));
    rows.push(...measured);
  } catch (error) {
    failures++;
    console.log(`${id} failed: ${(error as Error).stack}`);
  }
  console.error(`  ${id} took ${Math.round((performance.now() - beganAt) / 1_000)} s`);
}

const results = resolve(here, "results");
mkdirSync(results, { recursive: true });
const file = resolve(
  results,
  `${startedAt.toISOString().replaceAll(":", "-").slice(0, 19)}${values.quick ? "-quick" : ""}.json`,
);
writeFileSync(
  file,
  JSON.stringify(
    {
      startedAt,
      quick: values.quick,
      machine: { cpu: cpus()[0]?.model, cores: cpus().length, memory: totalmem() },
      versions: { ...versionsIn(".."), ...versionsIn("."), node: process.version },
      rows: rows.map((row) => ({ ...row, ratio: median(ratiosOf(row)), reached: isReached(row) })),
    },
    null,
    2,
  ),
);
const reached = rows.filter(isReached).length;
console.log(`\n${reached} of ${rows.length} goals reached, ${failures} benchmarks failed; samples in bench/results/`);
process.exit(failures > 0 ? 1 : 0);

function versionsIn(folder: string): Record<string, string> {
  const { dependencies = {} } = JSON.parse(readFileSync(resolve(here, folder, "package.json"), "utf8"));
  return dependencies;
}
