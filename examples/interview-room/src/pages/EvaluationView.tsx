import { useEffect, useRef } from "react";
import { useSpeech } from "../i18n.tsx";
import { Notice } from "../parts/Notice.tsx";
import { levelOf } from "../parts/Score.tsx";
import { SessionTitle } from "../parts/SessionTitle.tsx";
import { useRetry } from "../session/useRetry.ts";
import type { SessionData } from "../session/useSession.ts";

interface EvaluationProps {
  session: SessionData;
  evaluation: NonNullable<SessionData["evaluation"]>;
}

/** The evaluation as it comes along, score by score. */
export function EvaluationView({ session, evaluation }: EvaluationProps) {
  const { texts } = useSpeech();
  const { retry, trouble } = useRetry(session.id);
  const heading = useRef<HTMLHeadingElement>(null);
  const failed = evaluation.status === "FAILED";
  const said = texts.evaluated(evaluation.answersEvaluated, evaluation.answersTotal);

  // The editor that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);

  return (
    <div className="evaluation">
      <SessionTitle session={session} />
      <section className="sheet">
        <h2 ref={heading} tabIndex={-1}>
          {failed ? texts.evaluationFailed : texts.evaluating}
        </h2>
        {failed ? (
          <>
            <Notice tone="WRONG">{evaluation.error ?? texts.evaluationState.FAILED}</Notice>
            <div className="actions">
              <button type="button" onClick={() => void retry()}>
                {texts.retry}
              </button>
            </div>
          </>
        ) : (
          <p className="hint">{texts.evaluatingHint}</p>
        )}
        {trouble && <Notice tone="WRONG">{trouble}</Notice>}
        <div className="percent">
          <progress max={100} value={evaluation.percent} aria-label={texts.evaluating} />
          <strong>{evaluation.percent} %</strong>
        </div>
        <p className="hint" role="status">
          {texts.evaluationState[evaluation.status]} · {said}
        </p>
        <ol className="arriving">
          {session.questions.map((question) => {
            const score = question.answer?.evaluation?.score;
            return (
              <li key={question.id} className={score === undefined ? "waiting" : `arrived ${levelOf(score)}`}>
                <span className="words">{question.text}</span>
                <span className="number">{score ?? (question.answer?.submittedAt ? "…" : texts.noAnswer)}</span>
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}
