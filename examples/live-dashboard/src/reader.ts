import type { Api } from "./api.ts";
import type { Board, Listing } from "./board.ts";
import { type Filter, variablesOf } from "./filter.ts";
import type { PageFragment, SessionsQuery } from "./generated/graphql.ts";
import { MoreSessions, Sessions } from "./operations.ts";
import type { Tally } from "./tally.ts";

/** While somebody is still typing nothing is asked for. */
const quietMs = 250;
/** By then everything has arrived that happened before the list was read. */
const settleMs = 1_500;
/** Between two looks at a count that stays in doubt, at most. */
const longestMs = 30_000;

export interface Reader {
  /** Reads the page that comes after what is shown. */
  more(): Promise<void>;
  stop(): void;
}

/**
 * Reads what the filter leaves: at once, and again when the connection was lost. The first reading is repeated once, as a
 * stream without a cursor says nothing of what came just before it, and any while the count is in doubt.
 */
export function startReading({ client, connection }: Api, board: Board, filter: Filter): Reader {
  let pages = 1;
  let pause = settleMs;
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(() => isConnected() && void look(), quietMs);
  let looks = 0;
  let isToBeRepeated = false;
  let isReadingMore = false;
  let isOver = false;
  const { ofState, ...narrowed } = variablesOf(filter);

  const isConnected = (): boolean => connection.get() === "CONNECTED";

  async function readMore(after: string | null): Promise<PageFragment | undefined> {
    const { data } = await client.query(MoreSessions, { ...narrowed, after }).toPromise();
    return data?.viewer.sessions;
  }

  /** As many pages as are shown. */
  async function look(): Promise<void> {
    clearTimeout(timer);
    const number = ++looks;
    const mark = board.mark();
    const { data } = await client.query(Sessions, { ...narrowed, ofState }).toPromise();
    const shown: PageFragment[] = data ? [data.viewer.ofState ?? data.viewer.all] : [];
    for (let last = shown[0]; last?.pageInfo.hasNextPage && shown.length < pages; ) {
      last = await readMore(last.pageInfo.endCursor ?? null);
      if (last) shown.push(last);
    }
    // One that was begun later knows more, whichever is answered first.
    if (isOver || number < looks || !isConnected()) return;
    clearTimeout(timer);
    timer = undefined;
    if (!data) return lookLater(true);
    board.list(readingOf(data.viewer, shown), mark);
    timer = setTimeout(settle, settleMs);
  }

  function settle(): void {
    timer = undefined;
    board.settle();
    if (isToBeRepeated) {
      isToBeRepeated = false;
      return void look();
    }
    if (board.view().isDoubtful) lookLater();
    else pause = settleMs;
  }

  /** Unless the doubt has gone by then, as it does where everything is shown. */
  function lookLater(anyway = false): void {
    if (timer !== undefined || !isConnected()) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (anyway || board.view().isDoubtful) void look();
      else pause = settleMs;
    }, pause);
    pause = Math.min(pause * 2, longestMs);
  }

  const stopListening = connection.subscribe(() => {
    clearTimeout(timer);
    timer = undefined;
    pause = settleMs;
    if (!isConnected()) return;
    isToBeRepeated = true;
    void look();
  });
  const stopDoubting = board.subscribe(() => board.view().isDoubtful && lookLater());

  return {
    async more() {
      if (isReadingMore) return;
      isReadingMore = true;
      const { last } = board.view();
      const mark = board.mark();
      const page = await readMore(last?.place ?? null);
      isReadingMore = false;
      if (!page || isOver) return;
      pages += 1;
      board.extend(listingOf([page]), last, mark);
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
      stopListening();
      stopDoubting();
    },
  };
}

function readingOf({ all, ofState }: SessionsQuery["viewer"], shown: PageFragment[]) {
  const counts = Object.fromEntries(all.statusCounts.map(({ status, count }) => [status, count])) as Tally["counts"];
  const counted = { counts, averageScore: all.averageScore };
  return ofState
    ? { all: listingOf([all]), ofState: listingOf(shown), counted }
    : { all: listingOf(shown), ofState: null, counted };
}

function listingOf(pages: PageFragment[]): Listing {
  const edges = pages.flatMap((page) => page.edges.filter((edge) => edge !== null));
  return {
    rows: edges.map(({ cursor, node }) => ({ session: node, report: node.report, place: cursor })),
    isWhole: !pages.at(-1)!.pageInfo.hasNextPage,
  };
}
