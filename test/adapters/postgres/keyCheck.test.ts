import { expect, it, onTestFinished } from "vitest";
import { fill } from "../../../bench/sessions.ts";
import type { Database } from "../../../src/adapters/postgres/database.ts";
import { opensDatabase } from "../../../src/adapters/postgres/keyCheck.ts";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { createCipher, plainCipher } from "../../../src/adapters/system/cipher.ts";
import { createTables } from "../../support/databases.ts";

const ours = createCipher(Buffer.alloc(32, 7));
const other = createCipher(Buffer.alloc(32, 8));

async function open(): Promise<{ url: string; server: Database }> {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 60_000, onError() {} });
  onTestFinished(() => server.close());
  return { url, server };
}

/** In this order. */
async function fitting(server: Database): Promise<Record<string, boolean>> {
  return {
    without: await opensDatabase(plainCipher, server),
    other: await opensDatabase(other, server),
    ours: await opensDatabase(ours, server),
  };
}

it("lets a new database be opened with the key only that came first", async () => {
  const { server } = await open();
  expect(await opensDatabase(ours, server)).toBe(true);
  expect(await fitting(server)).toEqual({ without: false, other: false, ours: true });
});

it("lets a key come to a database that had none, and none leave", async () => {
  const { url, server } = await open();
  await fill(url, { sessions: 1, answers: 1, ownerId: "ann" });
  expect(await opensDatabase(plainCipher, server)).toBe(true);
  expect(await opensDatabase(plainCipher, server)).toBe(true);
  expect(await opensDatabase(ours, server)).toBe(true);
  expect(await fitting(server)).toEqual({ without: false, other: false, ours: true });
});

it("lets nodes that begin together with one key in, and of two keys one", async () => {
  const { server } = await open();
  expect(await Promise.all([ours, ours, ours].map((cipher) => opensDatabase(cipher, server)))).toEqual([
    true,
    true,
    true,
  ]);
  const { server: torn } = await open();
  const both = await Promise.all([opensDatabase(ours, torn), opensDatabase(other, torn)]);
  expect(both.toSorted()).toEqual([false, true]);
});

it("tries what a database has sealed that nothing is known of", async () => {
  const { url, server } = await open();
  await fill(url, { sessions: 2, answers: 1, ownerId: "ann" });
  await server.query("UPDATE resume SET text = $1 WHERE ctid = (SELECT max(ctid) FROM resume)", [ours.seal("Ann")]);
  expect(await fitting(server)).toEqual({ without: false, other: false, ours: true });
  await server.query("DELETE FROM setting");
  expect(await opensDatabase(ours, server)).toBe(true);
});
