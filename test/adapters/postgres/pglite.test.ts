import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPglite } from "../../../src/adapters/postgres/pglite.ts";
import { startProcess } from "../../support/process.ts";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "vivavoce-"));

// As in containers, where both would be process 1.
it("is opened once, also by those who share a process number", async () => {
  const folder = newFolder();
  const first = await openPglite(folder);
  await expect(openPglite(folder)).rejects.toThrow("another process is using it");
  await first.close();
  const second = await openPglite(folder);
  expect(await second.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await second.close();
});

it("is one process's when several start at the same moment, and free when that one is killed", async () => {
  const env = { DATA_DIR: newFolder() };
  for (let round = 0; round < 2; round++) {
    const starts = await Promise.allSettled(Array.from({ length: 4 }, () => startProcess(env)));
    const running = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    const refusals = starts.flatMap((start) => (start.status === "rejected" ? [String(start.reason)] : []));
    await Promise.all(running.map((one) => one.kill()));
    expect(running).toHaveLength(1);
    for (const refusal of refusals) expect(refusal).toContain("another process is using it");
  }
});
