import { expect, it } from "vitest";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { StoreUnavailable } from "../../../src/ports/store.ts";
import { createDatabase } from "../../support/databases.ts";

it("outlives a connection that breaks under a transaction", async () => {
  const errors: Error[] = [];
  const server = await openServer({
    url: await createDatabase(),
    directUrl: null,
    poolSize: 1,
    timeoutMs: 5_000,
    onError: (error) => errors.push(error),
  });
  const breakOff = "SELECT pg_terminate_backend(pg_backend_pid())";
  await expect(server.transaction((tx) => tx.query(breakOff))).rejects.toThrow(StoreUnavailable);
  expect(errors).toHaveLength(1);
  expect(await server.transaction((tx) => tx.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
  await server.close();
});
