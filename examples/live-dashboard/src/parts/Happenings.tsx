import { memo } from "react";
import type { Happening } from "../board.ts";
import { texts, timeOf } from "../texts.ts";

export const Happenings = memo(function Happenings({ happenings }: { happenings: readonly Happening[] }) {
  return (
    <section className="sheet" aria-label={texts.happening}>
      <h2>{texts.happening}</h2>
      {happenings.length === 0 && <p className="hint">{texts.quiet}</p>}
      <ol className="happenings">
        {happenings.map(({ key, event, title }) => (
          <li key={key} className={event.__typename}>
            <time>{timeOf(event.occurredAt)}</time>
            <span>
              <strong>{texts.kinds[event.__typename]}</strong> {remark(event)}
              <small>{title ?? texts.untitled}</small>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
});

function remark(event: Happening["event"]): string {
  switch (event.__typename) {
    case "QuestionAsked":
    case "AnswerSubmitted":
      return String(event.question.index + 1);
    case "EvaluationProgressed":
      return `${event.evaluation.percent}\u00a0%`;
    case "AnswerEvaluated":
      return `${event.question.index + 1}: ${event.evaluation.score}`;
    case "ReportReady":
      return String(event.report.overallScore);
    default:
      return "";
  }
}
