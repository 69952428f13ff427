/**
 * `node scripts/migration.ts NAME` writes the SQL that leads from the committed migrations to prisma/schema.prisma;
 * `node scripts/migration.ts --check` fails when the two differ. Prisma's own engine does the comparing, in its WASM
 * form, which comes with the package: the native one would have to be downloaded.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { dataDir as emptyDatabase } from "@electric-sql/pglite-prepopulatedfs";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { readMigrations } from "../src/adapters/postgres/migrate.ts";
import { fromPglite } from "../src/adapters/postgres/pglite.ts";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "prisma/migrations");

async function difference(): Promise<string> {
  const pglite = await PGlite.create({ loadDataDir: await emptyDatabase() });
  const database = fromPglite(pglite);
  for (const { sql } of await readMigrations(folder)) await database.script(sql);
  const schema = await readFile(join(root, "prisma/schema.prisma"), "utf8");
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(pglite) as never);
  const engine = await SchemaEngine.new({ datamodels: [["schema.prisma", schema]] }, () => {}, adapter);
  const filters = { externalTables: [], externalEnums: [] };
  const lines: string[] = [];
  try {
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files: [{ path: "schema.prisma", content: schema }], configDir: root },
      to: { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: schema }] },
      script: true,
      exitCode: null,
      shadowDatabaseUrl: null,
      filters,
    } as never);
    lines.push(stdout ?? "");
  } finally {
    engine.free();
    await pglite.close();
  }
  return lines.join("\n").trim();
}

const [argument] = process.argv.slice(2);
if (!argument) {
  console.error("Usage: node scripts/migration.ts NAME | --check");
  process.exit(2);
}
const sql = await difference();
const isEmpty = sql === "" || sql.includes("This is an empty migration");
if (argument === "--check") {
  if (!isEmpty) {
    console.error(`prisma/schema.prisma and prisma/migrations differ:\n${sql}`);
    process.exit(1);
  }
  console.log(
    `migrations: ${(await readdir(folder, { withFileTypes: true })).filter((e) => e.isDirectory()).length}, no drift`,
  );
} else if (isEmpty) {
  console.log("Nothing to do: the migrations lead to the schema.");
} else {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const name = /^\d{14}_/.test(argument) ? argument : `${stamp}_${argument}`;
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), `${sql}\n`);
  console.log(`prisma/migrations/${name}/migration.sql`);
}
