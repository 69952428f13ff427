import { useEffect, useRef } from "react";
import type { Client } from "urql";
import type { BoardRow } from "../board.ts";
import { texts, timeOf } from "../texts.ts";
import { type Step, useFollowing } from "../useFollowing.ts";
import { titleOf } from "./SessionTable.tsx";

interface DetailsProps {
  client: Client;
  row: BoardRow;
  onClose(): void;
}

/** One session, followed event by event. */
export function Details({ client, row, onClose }: DetailsProps) {
  const { session } = row;
  const { steps, trouble } = useFollowing(client, session.id, session.cursor);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="sheet details">
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {titleOf(session)}
        </h2>
        <button type="button" className="quiet" onClick={onClose}>
          {texts.close}
        </button>
      </header>
      {trouble && <p className="hint">{trouble === "NOT_FOUND" ? texts.notFound : texts.earlierGone}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="scroller" aria-label={texts.following} tabIndex={0}>
        <ol className="steps">
          {steps.map((step) => (
            <li key={step.cursor} className={step.__typename}>
              <time>{timeOf(step.occurredAt)}</time>
              <div>
                <strong>{texts.kinds[step.__typename]}</strong>
                <Remark step={step} />
              </div>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function Remark({ step }: { step: Step }) {
  switch (step.__typename) {
    case "QuestionAsked":
      return <p>{`${step.question.index + 1}. ${step.question.text}`}</p>;
    case "AnswerSubmitted":
      return <p className="answer">{step.question.answer?.text}</p>;
    case "AnswerEvaluated":
      return (
        <p>
          {step.question.index + 1}: {texts.score(step.evaluation.score)}. {step.evaluation.feedback}
        </p>
      );
    case "EvaluationProgressed":
      return <p>{step.evaluation.percent} %</p>;
    case "EvaluationFailed":
      return <p>{step.evaluation.error}</p>;
    case "ReportReady":
      return (
        <p>
          {texts.score(step.report.overallScore)}, {texts.bands[step.report.band]}. {step.report.overallFeedback}{" "}
          <a href={step.report.pdfUrl} download>
            {texts.pdf}
          </a>
        </p>
      );
    default:
      return null;
  }
}
