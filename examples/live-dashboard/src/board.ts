import type { RowFragment, ScoreBand, ViewerEventsSubscription } from "./generated/graphql.ts";

export type LiveEvent = ViewerEventsSubscription["viewerEvents"];
export type Score = { overallScore: number; band: ScoreBand } | null;

export interface BoardRow {
  session: RowFragment;
  report: Score;
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
  /** Sessions that the viewer may see, also those beyond this page. */
  total: number;
}

/** All sessions as they are known now. */
export interface Board {
  view(): BoardView;
  subscribe(listener: () => void): () => void;
  /** How much has happened so far: to be asked before the list is read. */
  mark(): number;
  /** The list as it was read at that mark: what events said since is newer and stays, what it lacks is gone. */
  list(rows: readonly { session: RowFragment; report: Score }[], total: number, mark: number): void;
  apply(event: LiveEvent): void;
}

const maxRows = 200;
const maxHappenings = 14;

/**
 * Takes events as fast as they come, and shows them once a frame: a flood costs as many renders as the screen can show, and
 * no more rows than a person can read are kept.
 */
export function createBoard(schedule: (render: () => void) => void): Board {
  const rows = new Map<string, BoardRow>();
  const deleted = new Set<string>();
  const listeners = new Set<() => void>();
  let happenings: Happening[] = [];
  let total = 0;
  let view: BoardView = { rows: [], happenings: [], total: 0 };
  let scheduled = false;
  let events = 0;

  function changed(): void {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      const newest = [...rows.values()].sort(byAge);
      for (const row of newest.splice(maxRows)) rows.delete(row.session.id);
      view = { rows: newest, happenings, total: Math.max(total, newest.length) };
      for (const listener of [...listeners]) listener();
    });
  }

  function put(session: RowFragment, report: Score | undefined, change: number): void {
    const known = rows.get(session.id);
    if (deleted.has(session.id) || (known && Number(known.session.cursor) > Number(session.cursor))) return;
    rows.set(session.id, {
      session,
      report: report ?? known?.report ?? null,
      changed: Math.max(change, known?.changed ?? 0),
    });
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    mark: () => events,
    list(listed, listedTotal, mark) {
      total = listedTotal;
      const whole = listed.length >= listedTotal;
      const oldest = whole ? "" : (listed.at(-1)?.session.createdAt ?? "");
      const there = new Set(listed.map(({ session }) => session.id));
      for (const { session, changed } of rows.values()) {
        if (!there.has(session.id) && changed <= mark && session.createdAt > oldest) rows.delete(session.id);
      }
      for (const { session, report } of listed) put(session, report, 0);
      changed();
    },
    apply(event) {
      if (event.__typename === "QuestionDelta") return;
      events += 1;
      if (event.__typename === "SessionDeleted") {
        deleted.add(event.sessionId);
        rows.delete(event.sessionId);
        total -= 1;
      } else if (event.session) {
        if (event.__typename === "SessionCreated" && !rows.has(event.sessionId)) total += 1;
        put(event.session, event.__typename === "ReportReady" ? event.report : undefined, events);
      }
      const key = `${event.sessionId}:${event.cursor ?? event.occurredAt}`;
      happenings = [{ key, event, title: event.session?.jobTitle ?? null }, ...happenings].slice(0, maxHappenings);
      changed();
    },
  };
}

/** Newest first; rows keep their place while things happen in them. */
function byAge(a: BoardRow, b: BoardRow): number {
  return b.session.createdAt.localeCompare(a.session.createdAt) || (a.session.id < b.session.id ? -1 : 1);
}
