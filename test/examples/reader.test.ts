import { createSignal } from "@vivavoce/client/signal.ts";
import type { Connection } from "@vivavoce/client/socket.ts";
import { afterEach, expect, it, vi } from "vitest";
import type { Api } from "../../examples/live-dashboard/src/api.ts";
import { createBoard } from "../../examples/live-dashboard/src/board.ts";
import { everything } from "../../examples/live-dashboard/src/filter.ts";
import { startReading } from "../../examples/live-dashboard/src/reader.ts";
import { type Session, session } from "./sessions.ts";

afterEach(() => void vi.useRealTimers());

/** A board whose list is answered when the test says so. */
function read() {
  vi.useFakeTimers();
  const connection = createSignal<Connection>("IDLE");
  const asked: ((sessions: Session[]) => Promise<void>)[] = [];
  const query = () => ({
    toPromise: () =>
      new Promise((resolve) => {
        asked.push(async (sessions) => {
          const edges = sessions.map((node) => ({ cursor: node.id, node: { ...node, report: null } }));
          const pageInfo = { hasNextPage: false, endCursor: null };
          resolve({ data: { viewer: { all: { edges, pageInfo, statusCounts: [], averageScore: null } } } });
          await vi.advanceTimersByTimeAsync(0);
        });
      }),
  });
  const board = createBoard((render) => render());
  startReading({ client: { query }, connection } as unknown as Api, board, everything);
  const ids = () => board.view().rows.map((row) => row.session.id);
  return { connection, asked, ids, settle: () => vi.advanceTimersByTimeAsync(2_000) };
}

it("keeps what a later reading brought when an earlier one is answered after it", async () => {
  const { connection, asked, ids, settle } = read();
  connection.set("CONNECTED");
  await asked[0]!([]);
  await settle();
  // The first reading is repeated; while nobody answers, the connection is lost and comes back.
  expect(asked).toHaveLength(2);
  connection.set("LOST");
  connection.set("CONNECTED");
  await asked[2]!([session("1", 1)]);
  await asked[1]!([]);
  expect(ids()).toEqual(["1"]);
  await settle();
  expect(asked).toHaveLength(4);
  await asked[3]!([session("1", 1), session("2", 1)]);
  await settle();
  expect([asked.length, ids().sort()]).toEqual([4, ["1", "2"]]);
});
