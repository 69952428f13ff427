import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { openServer } from "../../../src/adapters/postgres/server.ts";
import { startPostgres, stopProcess } from "../../support/servers.ts";

it("comes back by one try at a time, however long the database is away, and says what it may have missed", async () => {
  const first = await startPostgres();
  const database = await openServer({ url: first.url, directUrl: null, poolSize: 2, timeoutMs: 5_000, onError() {} });
  const heard: string[] = [];
  const isBack = Promise.withResolvers<void>();
  const stop = await database.listen("news", (notice) => heard.push(notice), isBack.resolve);
  await stopProcess(first.process, "SIGINT");

  let tries = 0;
  const enough = Promise.withResolvers<void>();
  const nobody = createServer((socket) => {
    socket.destroy();
    if (++tries === 8) enough.resolve();
  });
  nobody.listen(first.port, "127.0.0.1");
  await once(nobody, "listening");
  const awayAt = performance.now();
  await enough.promise;
  // Twice as many after each failure would be here in less than half of that.
  expect(performance.now() - awayAt).toBeGreaterThan(3_000);
  await new Promise((closed) => nobody.close(closed));

  const again = await startPostgres({ folder: first.folder, port: first.port });
  await isBack.promise;
  await database.query("SELECT pg_notify('news', 'here')");
  await expect.poll(() => heard).toEqual(["here"]);
  await stop();
  await database.close();
  await again.stop();
  await first.stop();
});

it("gives up a try that nobody answers, and comes back by another", async () => {
  const first = await startPostgres();
  const database = await openServer({ url: first.url, directUrl: null, poolSize: 2, timeoutMs: 500, onError() {} });
  const isBack = Promise.withResolvers<void>();
  const stop = await database.listen("news", () => {}, isBack.resolve);
  await stopProcess(first.process, "SIGINT");

  const tried = Promise.withResolvers<void>();
  const frozen = createServer((socket) => {
    socket.on("error", () => {}).on("close", () => tried.resolve());
    socket.resume();
  });
  frozen.listen(first.port, "127.0.0.1");
  await tried.promise;
  await new Promise((closed) => frozen.close(closed));

  const again = await startPostgres({ folder: first.folder, port: first.port });
  await isBack.promise;
  await stop();
  await database.close();
  await again.stop();
  await first.stop();
});
