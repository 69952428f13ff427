import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { ReportPartsFragment } from "../generated/graphql.ts";
import { useSpeech } from "../i18n.tsx";
import { Highlighted } from "../parts/Highlighted.tsx";
import { Notice } from "../parts/Notice.tsx";
import { levelOf, ScoreBar, ScoreRing } from "../parts/Score.tsx";
import { SessionTitle } from "../parts/SessionTitle.tsx";
import { useRetry } from "../session/useRetry.ts";
import type { SessionData } from "../session/useSession.ts";

interface ReportProps {
  session: SessionData;
  report: ReportPartsFragment;
  refresh(): Promise<void>;
}

export function ReportView({ session, report, refresh }: ReportProps) {
  const { texts, date } = useSpeech();
  const { retry, trouble } = useRetry(session.id);
  const heading = useRef<HTMLHeadingElement>(null);
  const state = session.evaluation?.status;
  const contentLanguage = session.locale === "ZH" ? "zh" : "en";

  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  return (
    <div className="report">
      <SessionTitle session={session} />
      <section className="sheet summary">
        <ScoreRing score={report.overallScore} />
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {texts.report}
          </h2>
          <p className={`band ${levelOf(report.overallScore)}`}>{texts.bands[report.band]}</p>
          <p className="hint">
            {texts.answeredCount(report.answeredCount, session.totalQuestions)} · {date(report.createdAt)}
            {report.version > 1 && ` · ${texts.version(report.version)}`}
          </p>
          <p className="words" lang={contentLanguage}>
            {report.overallFeedback}
          </p>
          <div className="actions left">
            <Download className="button" address={report.pdfUrl} refresh={refresh}>
              {texts.pdf}
            </Download>
            <Download className="button quiet" address={report.markdownUrl} refresh={refresh}>
              {texts.markdown}
            </Download>
            <button
              type="button"
              className="quiet"
              disabled={state === "PENDING" || state === "PROCESSING"}
              onClick={() => void retry()}
            >
              {state === "FAILED" ? texts.retry : texts.rescore}
            </button>
          </div>
          <p className="hint" role="status">
            {(state === "PENDING" || state === "PROCESSING") &&
              `${texts.rescoring} ${session.evaluation?.percent ?? 0} %`}
          </p>
          {state === "FAILED" && <Notice tone="WRONG">{session.evaluation?.error ?? texts.evaluationFailed}</Notice>}
          {trouble && <Notice tone="WRONG">{trouble}</Notice>}
        </div>
      </section>

      <section className="sheet">
        <h2>{texts.categories}</h2>
        <ul className="bars">
          {report.categoryScores.map(({ category, score, questionCount }) => (
            <li key={category}>
              <ScoreBar score={score} label={category} note={texts.categoryQuestions(questionCount)} />
            </li>
          ))}
        </ul>
      </section>

      <div className="columns" lang={contentLanguage}>
        <Points title={texts.strengths} points={report.strengths} tone="good" />
        <Points title={texts.improvements} points={report.improvements} tone="adequate" />
        {report.knowledgeGaps.length > 0 && <Points title={texts.gaps} points={report.knowledgeGaps} tone="weak" />}
        {report.resumeImprovements.length > 0 && (
          <Points title={texts.resumeImprovements} points={report.resumeImprovements} tone="plain" />
        )}
      </div>

      {report.learningPath.length > 0 && (
        <section className="sheet">
          <h2>{texts.learningPath}</h2>
          <ol className="path" lang={contentLanguage}>
            {report.learningPath.map(({ topic, advice }) => (
              <li key={topic}>
                <strong>{topic}</strong>
                <p>{advice}</p>
              </li>
            ))}
          </ol>
        </section>
      )}

      <section className="sheet">
        <h2>{texts.everyQuestion}</h2>
        <div>
          {report.questionDetails.map((detail) => (
            <Detail key={detail.question.id} detail={detail} language={contentLanguage} />
          ))}
        </div>
      </section>
    </div>
  );
}

interface DownloadProps {
  className: string;
  address: string;
  refresh(): Promise<void>;
  children: ReactNode;
}

/** Addresses of reports end after a while: on a page that was open for longer a fresh one is asked for first. */
function Download({ className, address, refresh, children }: DownloadProps) {
  const [wanted, setWanted] = useState(false);

  useEffect(() => {
    if (!wanted) return;
    setWanted(false);
    location.assign(address);
  }, [address, wanted]);

  async function download(event: MouseEvent): Promise<void> {
    if (Number(new URL(address).searchParams.get("expires")) > Date.now()) return;
    event.preventDefault();
    await refresh().catch(() => {});
    setWanted(true);
  }

  return (
    <a className={className} href={address} download onClick={(event) => void download(event)}>
      {children}
    </a>
  );
}

function Points({ title, points, tone }: { title: string; points: readonly string[]; tone: string }) {
  const { texts, language } = useSpeech();
  return (
    <section className={`sheet points ${tone}`}>
      <h2 lang={language}>{title}</h2>
      {points.length === 0 ? (
        <p className="hint">{texts.nothing}</p>
      ) : (
        <ul>
          {points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

type DetailData = ReportPartsFragment["questionDetails"][number];

function Detail({ detail, language }: { detail: DetailData; language: string }) {
  const { texts } = useSpeech();
  const { question, answer, evaluation } = detail;
  return (
    <details className="detail">
      <summary>
        <span className="at">{question.index + 1}</span>
        <span>
          <span className="words" lang={language}>
            {question.text}
          </span>
          <span className="tags">
            <span className="tag">{question.category}</span>
            {question.isFollowUp && <span className="tag accent">{texts.followUp}</span>}
          </span>
        </span>
        <span className={`number ${levelOf(evaluation.score)}`}>{evaluation.score}</span>
      </summary>
      <dl className="three-scores">
        <Part name={texts.accuracy} score={evaluation.accuracy} of={40} />
        <Part name={texts.completeness} score={evaluation.completeness} of={30} />
        <Part name={texts.clarity} score={evaluation.clarity} of={30} />
      </dl>
      <Piece title={texts.answerGiven} {...(evaluation.evidence.length > 0 ? { hint: texts.evidenceHint } : {})}>
        {answer === null ? (
          <p className="hint">{texts.noAnswer}</p>
        ) : (
          <p className="as-written">
            <Highlighted text={answer} pieces={evaluation.evidence} />
          </p>
        )}
      </Piece>
      <Piece title={texts.feedback}>
        <p lang={language}>{evaluation.feedback}</p>
      </Piece>
      <Piece title={texts.keyPoints}>
        <ul lang={language}>
          {evaluation.keyPoints.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </Piece>
      <Piece title={texts.reference}>
        <p className="as-written reference" lang={language}>
          {evaluation.referenceAnswer}
        </p>
      </Piece>
    </details>
  );
}

function Part({ name, score, of }: { name: string; score: number; of: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {score}
        <small> / {of}</small>
      </dd>
    </div>
  );
}

function Piece({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <div className="piece">
      <h3>
        {title}
        {hint && <small>{hint}</small>}
      </h3>
      {children}
    </div>
  );
}
