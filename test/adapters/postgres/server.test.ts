import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { isUnavailable } from "../../../src/adapters/postgres/transient.ts";
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

it("calls a database away that its pooler does not reach, or whose name cannot be looked up", async () => {
  // As PgBouncer answers.
  const fields = ["SFATAL", "C08P01", "Mserver login has been failing, try again later (server_login_retry)", ""];
  const said = Buffer.from(`E\0\0\0\0${fields.join("\0")}\0`);
  said.writeUInt32BE(said.length - 1, 1);
  const pooler = createServer((socket) => socket.once("data", () => socket.end(said)));
  pooler.listen(0, "127.0.0.1");
  await once(pooler, "listening");
  const url = `postgresql://postgres@127.0.0.1:${(pooler.address() as AddressInfo).port}/postgres`;
  const server = await openServer({ url, directUrl: url, poolSize: 1, timeoutMs: 5_000, onError() {} });
  await expect(server.query("UPDATE session SET seq = 1")).rejects.toThrow(StoreUnavailable);
  await server.close();
  pooler.close();

  expect(isUnavailable(Object.assign(new Error("getaddrinfo EAI_AGAIN db"), { code: "EAI_AGAIN" }))).toBe(true);
});
