import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";
import { type BoardView, createBoard } from "./board.ts";
import { Sessions, ViewerEvents } from "./operations.ts";

/** A stream without a cursor says nothing of what came just before it: a second look a moment later finds that. */
const secondLookMs = 1_500;

/** One stream for all sessions. The list is read when the stream begins, and again only when it was cut off. */
export function useBoard({ client, connection }: Api): BoardView {
  const board = useMemo(() => createBoard(nextFrame), []);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function look(): Promise<void> {
      const mark = board.mark();
      const { data } = await client.query(Sessions, {}, { requestPolicy: "network-only" }).toPromise();
      if (!data) return;
      const nodes = data.viewer.sessions.edges.flatMap((edge) => (edge ? [edge.node] : []));
      board.list(
        nodes.map((node) => ({ session: node, report: node.report })),
        data.viewer.sessions.totalCount,
        mark,
      );
    }

    function connected(): void {
      if (connection.get() !== "CONNECTED") return;
      clearTimeout(timer);
      void look();
      timer = setTimeout(() => void look(), secondLookMs);
    }

    const stopLooking = connection.subscribe(connected);
    const events = client.subscription(ViewerEvents, {}).subscribe(({ data }) => {
      if (data) board.apply(data.viewerEvents);
    });
    return () => {
      clearTimeout(timer);
      stopLooking();
      events.unsubscribe();
    };
  }, [board, client, connection]);
  return useSyncExternalStore(board.subscribe, board.view);
}

/** A page that nobody looks at has no frames. */
function nextFrame(render: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(render);
  else setTimeout(render, 250);
}
