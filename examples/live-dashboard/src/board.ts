import { comparison, everything, type Filter, fits } from "./filter.ts";
import type { RowFragment, ScoreBand, ViewerEventsSubscription } from "./generated/graphql.ts";
import { createTally, type Standing, type Tally } from "./tally.ts";

export type LiveEvent = ViewerEventsSubscription["viewerEvents"];
export type Score = { overallScore: number; band: ScoreBand } | null;

export interface Listed {
  session: RowFragment;
  report: Score;
  /** Its cursor in the list that is shown; null where it does not stand in it, or no longer there. */
  place: string | null;
}

/** As an event or a list tells of it. */
interface Told extends Omit<Listed, "report"> {
  report: Score | undefined;
}

export interface Listing {
  rows: readonly Listed[];
  /** Whether nothing comes after these: said by the list itself, as a count is of another moment. */
  isWhole: boolean;
}

/** What the server says of a filter. */
export interface Reading {
  /** Whatever their state. */
  all: Listing;
  /** null where no state is chosen. */
  ofState: Listing | null;
  counted: Tally;
}

export interface BoardRow extends Listed {
  /** Number of the last event that changed it; 0 for what was only listed. */
  changed: number;
  /** The session's cursor when it was last listed. */
  listed: number;
}

export interface Happening {
  key: string;
  event: Exclude<LiveEvent, { __typename: "QuestionDelta" }>;
  title: string | null;
}

export interface BoardView {
  rows: readonly BoardRow[];
  happenings: readonly Happening[];
  /** Over all that the filter leaves, also beyond the rows. */
  tally: Tally;
  /** More are to be had than the rows: those after `last`, or from the front where none of the list is left. */
  hasMore: boolean;
  last: BoardRow | null;
  /** Something happened of which nobody can tell whether it is counted: the count is to be read again. */
  isDoubtful: boolean;
}

/** All sessions as they are known now. */
export interface Board {
  view(): BoardView;
  subscribe(listener: () => void): () => void;
  /** Shows at once what is known to fit; the list that is read for the filter completes it. */
  narrow(filter: Filter): void;
  /** How much has happened so far: to be asked before the list is read. */
  mark(): number;
  /** The lists as they were read at that mark: what events said since is newer and stays, what they lack is gone. */
  list(reading: Reading, mark: number): void;
  /** The page of the list that comes after `last`. */
  extend(page: Listing, last: BoardRow | null, mark: number): void;
  /** From now on nothing is told any more that happened before the count was read. */
  settle(): void;
  apply(event: LiveEvent): void;
}

/** How many rows are kept, and how many besides a long list. */
const minRoom = 200;
const spareRoom = 100;
const maxHappenings = 14;
const nothing: Tally = { counts: { CREATED: 0, IN_PROGRESS: 0, COMPLETED: 0, EVALUATED: 0 }, averageScore: null };

/**
 * Takes events as fast as they come, and shows them once a frame: a flood costs as many renders as the screen can show, and
 * no more rows are kept than were asked for.
 *
 * Counts come from the server where not every session is known here, and go on with the events. An event that arrives
 * around the time of the count may be in it or not: then the count is doubtful, until one is read around which it is quiet.
 */
export function createBoard(schedule: (render: () => void) => void): Board {
  const rows = new Map<string, BoardRow>();
  const deleted = new Set<string>();
  const listeners = new Set<() => void>();
  const tally = createTally();
  let filter = everything;
  let happenings: Happening[] = [];
  let scheduled = false;
  let events = 0;
  let lastMove = 0;
  let room = minRoom;
  let hasMore = false;
  let knowsAll = false;
  let isFresh = false;
  let isDoubtful = false;
  let view = show([]);

  function show(known: readonly BoardRow[]): BoardView {
    const shown = known.filter(hasState);
    const last = shown.findLast(({ place }) => place !== null) ?? null;
    return { rows: shown, happenings, tally: tally.view(), hasMore, last, isDoubtful };
  }

  function changed(): void {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      const first = comparison(filter.order);
      const known = [...rows.values()].sort((a, b) => Number(hasState(b)) - Number(hasState(a)) || first(a, b));
      for (const row of known.splice(room)) {
        rows.delete(row.session.id);
        knowsAll = false;
        hasMore ||= hasState(row);
      }
      view = show(known);
      for (const listener of [...listeners]) listener();
    });
  }

  function hasState({ session }: BoardRow): boolean {
    return filter.status === null || session.status === filter.status;
  }

  /** Keeps the newer of what is known and what is told; returns what is known then, null where it is gone. */
  function put({ session, report, place }: Told, change: number): BoardRow | null {
    const known = rows.get(session.id);
    if (deleted.has(session.id)) return null;
    const isOlder = known !== undefined && Number(known.session.cursor) > Number(session.cursor);
    // An event may tell of a report after a newer session was listed without it.
    const score = (isOlder ? (known.report ?? report) : (report ?? known?.report)) ?? null;
    const hasMoved = known?.report?.overallScore !== score?.overallScore;
    const row = {
      session: isOlder ? known.session : session,
      report: score,
      place: place ?? (hasMoved ? null : (known?.place ?? null)),
      changed: Math.max(change, known?.changed ?? 0),
      listed: change === 0 ? Number(session.cursor) : (known?.listed ?? 0),
    };
    rows.set(session.id, row);
    return row;
  }

  function move(before: Standing | null, after: Standing | null): void {
    tally.move(before, after);
    if (before?.status === after?.status && before?.score === after?.score) return;
    lastMove = events;
    isDoubtful ||= isFresh;
  }

  /** What is known whole is counted here: the server counts a moment apart from its list. */
  function countAll(): void {
    knowsAll = true;
    isFresh = false;
    isDoubtful = false;
    tally.begin(nothing);
    for (const row of rows.values()) tally.move(null, standing(row));
  }

  /** Drops what the list would hold after `from` if it were still there; what was told of since stays. */
  function dropMissing(
    { rows: listed, isWhole }: Listing,
    from: Listed | null,
    mark: number,
    belongs = hasState,
  ): void {
    const there = new Set(listed.map(({ session }) => session.id));
    const first = comparison(filter.order);
    const last = listed.at(-1);
    for (const row of rows.values()) {
      const isInReach = isWhole || (last !== undefined && first(row, last) < 0);
      const isMissing = isInReach && (from === null || first(from, row) < 0) && !there.has(row.session.id);
      if (isMissing && belongs(row) && row.changed <= mark) rows.delete(row.session.id);
    }
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    narrow(next) {
      filter = next;
      for (const row of rows.values()) {
        row.place = null;
        if (!fits(row.session, filter)) rows.delete(row.session.id);
      }
      hasMore = false;
      changed();
    },
    mark: () => events,
    list({ all, ofState, counted }, mark) {
      const shown = ofState ?? all;
      dropMissing(all, null, mark, () => true);
      if (ofState) dropMissing(ofState, null, mark);
      room = Math.max(minRoom, shown.rows.length + spareRoom);
      hasMore = !shown.isWhole;
      const listed = new Map(all.rows.map((row) => [row.session.id, ofState ? { ...row, place: null } : row]));
      for (const row of ofState?.rows ?? []) listed.set(row.session.id, row);
      if (all.isWhole) {
        for (const row of listed.values()) put(row, 0);
        countAll();
      } else {
        knowsAll = false;
        isFresh = true;
        isDoubtful = lastMove > mark;
        tally.begin(counted);
        for (const row of listed.values()) tally.move(standing(row), standing(put(row, 0)));
      }
      changed();
    },
    extend(page, last, mark) {
      dropMissing(page, last, mark);
      for (const row of page.rows) put(row, 0);
      room += page.rows.length;
      hasMore = !page.isWhole;
      if (page.isWhole && filter.status === null) countAll();
      changed();
    },
    settle() {
      isFresh = false;
    },
    apply(event) {
      if (event.__typename === "QuestionDelta") return;
      events += 1;
      if (event.session && !fits(event.session, filter)) return;
      const known = rows.get(event.sessionId);
      // What is told of for the first time was counted already, as what is a guess; what a list knew before it was told may
      // have been counted or not; and what changed in a session that went meanwhile was counted as nobody knows what.
      const isLate = known !== undefined && event.cursor !== null && Number(event.cursor) <= known.listed;
      const isUntold = event.session === null && event.__typename !== "SessionDeleted";
      if (isLate || isUntold || (!known && event.__typename !== "SessionCreated")) {
        lastMove = events;
        isDoubtful ||= !knowsAll;
      }
      if (event.__typename === "SessionDeleted") {
        deleted.add(event.sessionId);
        rows.delete(event.sessionId);
        move(standing(known ?? null), null);
      } else if (event.session && !deleted.has(event.sessionId)) {
        const report = event.__typename === "ReportReady" ? event.report : undefined;
        const row = put({ session: event.session, report, place: null }, events);
        move(known ? standing(known) : standingBefore(event, row), standing(row));
      }
      const key = `${event.sessionId}:${event.cursor ?? event.occurredAt}`;
      happenings = [{ key, event, title: event.session?.jobTitle ?? null }, ...happenings].slice(0, maxHappenings);
      changed();
    },
  };
}

function standing(row: Listed | null): Standing | null {
  return row && { status: row.session.status, score: row.report?.overallScore ?? null };
}

/** How a session was counted that is told of for the first time. */
function standingBefore(event: LiveEvent, row: BoardRow | null): Standing | null {
  switch (event.__typename) {
    case "SessionCreated":
      return null;
    case "InterviewCompleted":
      return { status: event.session?.startedAt ? "IN_PROGRESS" : "CREATED", score: null };
    case "ReportReady":
      return event.report.version === 1 ? { status: "COMPLETED", score: null } : standing(row);
    default:
      return standing(row);
  }
}
