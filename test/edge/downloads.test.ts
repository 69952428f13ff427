import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { Downloads } from "../../src/edge/downloads.ts";
import type { Store } from "../../src/ports/store.ts";

const reportId = "0199c0de-0000-7000-8000-000000000001";

/** Serves a report that is never printed; each look for it takes so long by the clock. */
async function openDownloads(lookMs: number): Promise<{ url: string; looks: () => number }> {
  vi.useFakeTimers({ toFake: ["Date"] });
  let looks = 0;
  const loadFile: Store["loadFile"] = async () => {
    looks++;
    vi.setSystemTime(Date.now() + lookMs);
    return "UNPRINTED";
  };
  let origin = "";
  const downloads = new Downloads("a secret of the test", () => origin, { loadFile } as Store);
  const server = createServer((request, response) => {
    void downloads.serve(request, response, new URL(request.url!, origin));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    vi.useRealTimers();
    server.close();
  });
  return { url: downloads.address(reportId, "pdf"), looks: () => looks };
}

it("waits two seconds for a report that is being printed, and then says when to come back", async () => {
  const { url, looks } = await openDownloads(500);
  const response = await fetch(url);
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(looks()).toBe(4);
});
