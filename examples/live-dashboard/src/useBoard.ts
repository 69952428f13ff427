import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";
import { type BoardView, createBoard } from "./board.ts";
import type { Filter } from "./filter.ts";
import { ViewerEvents } from "./operations.ts";
import { type Reader, startReading } from "./reader.ts";

/** One stream for all sessions, over a list that is read where the stream cannot tell. `more` reads its next page. */
export function useBoard(api: Api, filter: Filter): BoardView & { more(): void } {
  const board = useMemo(() => createBoard(nextFrame), []);
  const reader = useRef<Reader>(null);

  useEffect(() => {
    const events = api.client.subscription(ViewerEvents, {}).subscribe(({ data }) => {
      if (data) board.apply(data.viewerEvents);
    });
    return events.unsubscribe;
  }, [board, api]);

  useEffect(() => {
    board.narrow(filter);
    const started = startReading(api, board, filter);
    reader.current = started;
    return started.stop;
  }, [board, api, filter]);

  const more = useCallback(() => void reader.current?.more(), []);
  return { ...useSyncExternalStore(board.subscribe, board.view), more };
}

/** A page that nobody looks at has no frames. */
function nextFrame(render: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(render);
  else setTimeout(render, 250);
}
