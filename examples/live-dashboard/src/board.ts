import { comparison, everything, type Filter, fits } from "./filter.ts";
import type { RowFragment, ScoreBand, ViewerEventsSubscription } from "./generated/graphql.ts";
import { createTally, type Standing, type Tally } from "./tally.ts";

export type LiveEvent = ViewerEventsSubscription["viewerEvents"];
export type Score = { overallScore: number; band: ScoreBand } | null;

export interface Listed {
  session: RowFragment;
  report: Score;
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
  /** The list as it was read at that mark: what events said since is newer and stays, what it lacks is gone. */
  list(listed: readonly Listed[], isWhole: boolean, counted: Tally, mark: number): void;
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
      const shown = [...rows.values()].sort(comparison(filter.order));
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
    if (known && Number(known.session.cursor) > Number(session.cursor)) return known;
    const row = {
      session,
      report: report ?? known?.report ?? null,
      changed: Math.max(change, known?.changed ?? 0),
    };
    rows.set(session.id, row);
    return row;
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
    list(listed, isWhole, counted, mark) {
      tally.begin(counted);
      const there = new Set(listed.map(({ session }) => session.id));
      const first = comparison(filter.order);
      const last = listed.at(-1);
      for (const row of rows.values()) {
        if (there.has(row.session.id)) continue;
        const belongs = hasState(row) && (isWhole || (last !== undefined && first(row, last) < 0));
        if (row.changed <= mark && belongs) rows.delete(row.session.id);
        if (row.changed > mark && row.session.createdAt > (newestOf(listed) ?? "")) tally.move(null, standing(row));
      }
      for (const entry of listed) {
        tally.move(standing(entry), standing(put(entry.session, entry.report, 0)));
      }
      // What is known whole is counted here: the server counts a moment apart from its list.
      if (isWhole && filter.status === null) {
        tally.begin(nothing);
        for (const row of rows.values()) tally.move(null, standing(row));
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

function newestOf(listed: readonly Listed[]): string | undefined {
  return listed
    .map(({ session }) => session.createdAt)
    .sort()
    .at(-1);
}
