import { PrismaClient } from "../../generated/prisma/client.ts";
import type { Database } from "./database.ts";
import { withRetries } from "./transient.ts";

/** Prisma, for reads only: they may be repeated when the connection breaks. */
export function openPrisma(database: Database): PrismaClient {
  const prisma = new PrismaClient({ adapter: database.prismaAdapter });
  const persistent = prisma.$extends({
    query: {
      $allOperations: ({ args, query }) => withRetries(() => query(args), { forMs: 3_000, repeatable: true }),
    },
  });
  return persistent as unknown as PrismaClient;
}
