/** `node scripts/schema.ts` writes schema.graphql; `--check` fails when the committed one differs from the code's. */
import { resolve } from "node:path";
import { lexicographicSortSchema, printSchema } from "graphql";
import { plainCipher } from "../src/adapters/system/cipher.ts";
import { PrismaClient } from "../src/generated/prisma/client.ts";
import { createSchema } from "../src/graphql/schema.ts";
import { keep } from "./printed.ts";

const path = resolve(import.meta.dirname, "../schema.graphql");

// Never connected: printing needs the shape of the client only.
const prisma = new PrismaClient({
  adapter: { provider: "postgres", adapterName: "none", connect: () => Promise.reject() } as never,
});
const limits = { depth: 12, breadth: 300, complexity: 20_000 };
const sdl = `${printSchema(lexicographicSortSchema(createSchema({ prisma, cipher: plainCipher, limits })))}\n`;

await keep(path, "schema.graphql", "the code", "schema", sdl);
