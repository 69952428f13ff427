import { memo, useEffect, useRef } from "react";
import type { BoardRow } from "../board.ts";
import { texts } from "../texts.ts";

interface TableProps {
  rows: readonly BoardRow[];
  chosen: string | null;
  onChoose(id: string): void;
  /** The row behind which more come, if they are asked for. */
  last: BoardRow | null;
  /** null when there are no more. */
  onMore: (() => void) | null;
}

export function SessionTable({ rows, chosen, onChoose, last, onMore }: TableProps) {
  const list = useRef<HTMLUListElement>(null);
  const askedBehind = useRef<string>(null);

  // Who asked for more goes on reading where it begins.
  useEffect(() => {
    const from = askedBehind.current;
    if (from === null || last?.session.id === from) return;
    askedBehind.current = null;
    const at = rows.findIndex(({ session }) => session.id === from);
    list.current?.children[at + 1]?.querySelector("button")?.focus();
  }, [rows, last]);

  function more(): void {
    askedBehind.current = last?.session.id ?? null;
    onMore?.();
  }

  return (
    <>
      <ul className="sessions" ref={list}>
        {rows.map((row) => (
          <SessionRow key={row.session.id} row={row} chosen={row.session.id === chosen} onChoose={onChoose} />
        ))}
      </ul>
      {onMore && (
        <button type="button" className="quiet more-rows" onClick={more}>
          {texts.more}
        </button>
      )}
    </>
  );
}

/** Rendered again only when its own session changed: the board keeps the row of any other as it was. */
const SessionRow = memo(function SessionRow(props: { row: BoardRow; chosen: boolean; onChoose(id: string): void }) {
  const { row, chosen, onChoose } = props;
  const { session, report } = row;
  const title = titleOf(session);
  return (
    <li className={chosen ? "chosen" : ""}>
      {/* Each change gives a new key, and with it a new flash. */}
      <span key={row.changed} className={row.changed === 0 ? "flash still" : "flash"} aria-hidden="true" />
      <button type="button" aria-pressed={chosen} onClick={() => onChoose(session.id)}>
        <strong>{title}</strong>
        <small>{session.ownerId}</small>
      </button>
      <span className={`tag ${session.status.toLowerCase()}`}>
        {session.evaluation?.status === "FAILED" ? texts.failed : texts.statuses[session.status]}
      </span>
      <Advance row={row} />
      <span className="number">{report?.overallScore ?? ""}</span>
    </li>
  );
});

export function titleOf({ jobTitle, companyName }: BoardRow["session"]): string {
  return [jobTitle ?? texts.untitled, companyName].filter((part) => part !== null).join(" · ");
}

/** How far it has come: in answers, then in percent of the evaluation. */
function Advance({ row: { session } }: { row: BoardRow }) {
  const { evaluation, progress, totalQuestions, currentQuestionIndex } = session;
  if (evaluation) {
    return (
      <span className="advance">
        <progress max={100} value={evaluation.percent} aria-label={texts.evaluating} />
        <small>{evaluation.percent} %</small>
      </span>
    );
  }
  const asked = texts.question(Math.min(currentQuestionIndex + 1, totalQuestions), totalQuestions);
  return (
    <span className="advance">
      <progress
        max={totalQuestions}
        value={progress.answered}
        aria-label={texts.answered(progress.answered, totalQuestions)}
      />
      <small>{asked}</small>
    </span>
  );
}
