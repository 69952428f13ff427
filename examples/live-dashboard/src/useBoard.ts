import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";
import { type Board, type BoardView, createBoard, type Listing } from "./board.ts";
import { type Filter, variablesOf } from "./filter.ts";
import type { SessionsQuery } from "./generated/graphql.ts";
import { Sessions, ViewerEvents } from "./operations.ts";
import type { Tally } from "./tally.ts";

/** A stream without a cursor says nothing of what came just before it: a second look a moment later finds that. */
const secondLookMs = 1_500;
/** While somebody is still typing nothing is asked for. */
const quietMs = 250;

/** One stream for all sessions. The list is read when the stream begins, when it was cut off, and for another filter. */
export function useBoard(api: Api, filter: Filter): BoardView {
  const board = useMemo(() => createBoard(nextFrame), []);
  const { client, connection } = api;

  useEffect(() => {
    const events = client.subscription(ViewerEvents, {}).subscribe(({ data }) => {
      if (data) board.apply(data.viewerEvents);
    });
    return events.unsubscribe;
  }, [board, client]);

  useEffect(() => {
    board.narrow(filter);
    let timer = setTimeout(() => connection.get() === "CONNECTED" && void look(), quietMs);
    let isOver = false;

    async function look(): Promise<void> {
      const mark = board.mark();
      const { data } = await client.query(Sessions, variablesOf(filter), { requestPolicy: "network-only" }).toPromise();
      if (data && !isOver) take(board, data.viewer, mark);
    }

    const stopLooking = connection.subscribe(() => {
      clearTimeout(timer);
      if (connection.get() !== "CONNECTED") return;
      void look();
      timer = setTimeout(() => void look(), secondLookMs);
    });
    return () => {
      isOver = true;
      clearTimeout(timer);
      stopLooking();
    };
  }, [board, client, connection, filter]);
  return useSyncExternalStore(board.subscribe, board.view);
}

function take(board: Board, { all, ofState }: SessionsQuery["viewer"], mark: number): void {
  const counts = Object.fromEntries(all.statusCounts.map(({ status, count }) => [status, count])) as Tally["counts"];
  const counted = { counts, averageScore: all.averageScore };
  board.list({ all: listingOf(all), ofState: ofState ? listingOf(ofState) : null, counted }, mark);
}

function listingOf({ edges, pageInfo }: Omit<SessionsQuery["viewer"]["all"], keyof Tally | "statusCounts">): Listing {
  const rows = edges.flatMap((edge) => (edge ? [{ session: edge.node, report: edge.node.report }] : []));
  return { rows, isWhole: !pageInfo.hasNextPage };
}

/** A page that nobody looks at has no frames. */
function nextFrame(render: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(render);
  else setTimeout(render, 250);
}
