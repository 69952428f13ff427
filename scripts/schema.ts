/** `node scripts/schema.ts` writes schema.graphql; `--check` fails when the committed one differs from the code's. */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { lexicographicSortSchema, printSchema } from "graphql";
import { PrismaClient } from "../src/generated/prisma/client.ts";
import { createSchema } from "../src/graphql/schema.ts";
import { plainCipher } from "../src/ports/cipher.ts";

const path = resolve(import.meta.dirname, "../schema.graphql");

// Never connected: printing needs the shape of the client only.
const prisma = new PrismaClient({
  adapter: { provider: "postgres", adapterName: "none", connect: () => Promise.reject() } as never,
});
const limits = { depth: 12, breadth: 300, complexity: 20_000 };
const sdl = `${printSchema(lexicographicSortSchema(createSchema({ prisma, cipher: plainCipher, limits })))}\n`;

if (process.argv[2] === "--check") {
  if ((await readFile(path, "utf8").catch(() => "")) !== sdl) {
    console.error("schema.graphql differs from the code: run `npm run schema`");
    process.exit(1);
  }
  console.log("schema.graphql: no drift");
} else {
  await writeFile(path, sdl);
  console.log("schema.graphql written");
}
