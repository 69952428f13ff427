import { comparison, everything, type Filter, fits } from "./filter.ts";
import type { RowFragment, ScoreBand, ViewerEventsSubscription } from "./generated/graphql.ts";
import { createTally, type Standing, type Tally } from "./tally.ts";

export type LiveEvent = ViewerEventsSubscription["viewerEvents"];
export type Score = { overallScore: number; band: ScoreBand } | null;

export interface Listed {
  session: RowFragment;
  report: Score;
}

export interface Listing {
  rows: readonly Listed[];
  /** Whether there are no more than these: said by the list itself, as a count is of another moment. */
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
  apply(event: LiveEvent): void;
}

const maxRows = 200;
const maxHappenings = 14;
const nothing: Tally = { counts: { CREATED: 0, IN_PROGRESS: 0, COMPLETED: 0, EVALUATED: 0 }, averageScore: null };

/**
 * Takes events as fast as they come, and shows them once a frame: a flood costs as many renders as the screen can show, and
 * no more rows than a person can read are kept.
 */
export function createBoard(schedule: (render: () => void) => void): Board {
  const rows = new Map<string, BoardRow>();
  const deleted = new Set<string>();
  const listeners = new Set<() => void>();
  const tally = createTally();
  let filter = everything;
  let happenings: Happening[] = [];
  let view: BoardView = { rows: [], happenings: [], tally: tally.view() };
  let scheduled = false;
  let events = 0;

  function changed(): void {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      const first = comparison(filter.order);
      const shown = [...rows.values()].sort((a, b) => Number(hasState(b)) - Number(hasState(a)) || first(a, b));
      for (const row of shown.splice(maxRows)) rows.delete(row.session.id);
      view = { rows: shown.filter(hasState), happenings, tally: tally.view() };
      for (const listener of [...listeners]) listener();
    });
  }

  function hasState({ session }: BoardRow): boolean {
    return filter.status === null || session.status === filter.status;
  }

  /** Keeps the newer of what is known and what is told; returns what is known then, null where it is gone. */
  function put(session: RowFragment, report: Score | undefined, change: number): BoardRow | null {
    const known = rows.get(session.id);
    if (deleted.has(session.id)) return null;
    const isOlder = known !== undefined && Number(known.session.cursor) > Number(session.cursor);
    const row = {
      session: isOlder ? known.session : session,
      // An event may tell of a report after a newer session was listed without it.
      report: (isOlder ? (known.report ?? report) : (report ?? known?.report)) ?? null,
      changed: Math.max(change, known?.changed ?? 0),
    };
    rows.set(session.id, row);
    return row;
  }

  /** Drops what the list would hold if it were still there; what was told of since stays. */
  function dropMissing({ rows: listed, isWhole }: Listing, mark: number, belongs: (row: BoardRow) => boolean): void {
    const there = new Set(listed.map(({ session }) => session.id));
    const first = comparison(filter.order);
    const last = listed.at(-1);
    for (const row of rows.values()) {
      const isInReach = isWhole || (last !== undefined && first(row, last) < 0);
      const isMissing = isInReach && belongs(row) && !there.has(row.session.id);
      if (isMissing && row.changed <= mark) rows.delete(row.session.id);
    }
  }

  /** Too late for the server to have counted it. */
  function beganSince({ session, changed }: BoardRow, { rows: listed }: Listing, mark: number): boolean {
    return (
      changed > mark && filter.order === "NEWEST_FIRST" && session.createdAt > (listed[0]?.session.createdAt ?? "")
    );
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    narrow(next) {
      filter = next;
      for (const { session } of rows.values()) if (!fits(session, filter)) rows.delete(session.id);
      changed();
    },
    mark: () => events,
    list({ all, ofState, counted }, mark) {
      dropMissing(all, mark, () => true);
      if (ofState) dropMissing(ofState, mark, hasState);
      const listed = [...all.rows, ...(ofState?.rows ?? [])];
      if (all.isWhole) {
        // What is known whole is counted here: the server counts a moment apart from its list.
        for (const { session, report } of listed) put(session, report, 0);
        tally.begin(nothing);
        for (const row of rows.values()) tally.move(null, standing(row));
      } else {
        tally.begin(counted);
        for (const row of rows.values()) if (beganSince(row, all, mark)) tally.move(null, standing(row));
        const once = new Map(listed.map((entry) => [entry.session.id, entry]));
        for (const entry of once.values()) tally.move(standing(entry), standing(put(entry.session, entry.report, 0)));
      }
      changed();
    },
    apply(event) {
      if (event.__typename === "QuestionDelta") return;
      events += 1;
      if (event.session && !fits(event.session, filter)) return;
      const known = rows.get(event.sessionId);
      if (event.__typename === "SessionDeleted") {
        deleted.add(event.sessionId);
        rows.delete(event.sessionId);
        tally.move(standing(known ?? null), null);
      } else if (event.session && !deleted.has(event.sessionId)) {
        const row = put(event.session, event.__typename === "ReportReady" ? event.report : undefined, events);
        tally.move(known ? standing(known) : standingBefore(event, row), standing(row));
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
