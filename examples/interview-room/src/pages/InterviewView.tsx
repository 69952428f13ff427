import { useApolloClient } from "@apollo/client/react";
import type { Signal } from "@vivavoce/client/signal.ts";
import type { Connection } from "@vivavoce/client/socket.ts";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { keepNewest } from "../api/cache.ts";
import { CompleteInterview } from "../api/operations.ts";
import type { QuestionPartsFragment } from "../generated/graphql.ts";
import { useSpeech } from "../i18n.tsx";
import { Confirm } from "../parts/Confirm.tsx";
import { Notice } from "../parts/Notice.tsx";
import { Elapsed, SessionTitle } from "../parts/SessionTitle.tsx";
import { useAnswer } from "../session/useAnswer.ts";
import type { SessionData } from "../session/useSession.ts";

interface InterviewProps {
  session: SessionData;
  /** The next question as far as it is written. */
  writing: string | null;
  refresh(): Promise<void>;
  connection: Signal<Connection>;
}

/** The conversation: one question at a time. */
export function InterviewView({ session, writing, refresh, connection }: InterviewProps) {
  const { texts } = useSpeech();
  const answer = useAnswer(session, refresh, connection);
  const editor = useRef<HTMLTextAreaElement>(null);
  const current = session.turn === "CANDIDATE" ? session.questions[session.currentQuestionIndex] : undefined;
  const earlier = session.questions.slice(0, session.currentQuestionIndex);
  const number = session.currentQuestionIndex + 1;
  const waits = current !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each question takes the focus, also one that waits at once
  useEffect(() => {
    if (waits) editor.current?.focus({ preventScroll: true });
  }, [waits, session.currentQuestionIndex]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    void answer.send();
  }

  function sendByKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void answer.send();
    }
  }

  return (
    <div className="interview">
      <div className="talk">
        <SessionTitle session={session} />
        {answer.trouble?.kind === "ELSEWHERE" && (
          <Notice tone="CALM">
            <p>{texts.elsewhere}</p>
            {answer.trouble.kept.trim() !== "" && (
              <details>
                <summary>{texts.keptText}</summary>
                <p className="as-written">{answer.trouble.kept}</p>
              </details>
            )}
          </Notice>
        )}
        {earlier.length > 0 && <Earlier questions={earlier} />}
        <article className="question" lang={session.locale === "ZH" ? "zh" : "en"}>
          <header>
            <h2 lang={undefined}>{texts.questionOf(number, session.totalQuestions)}</h2>
            {current && <span className="tag">{current.category}</span>}
            {current?.isFollowUp && <span className="tag accent">{texts.followUp}</span>}
            {current?.source === "FALLBACK" && <span className="tag">{texts.fallback}</span>}
          </header>
          {/* Read aloud when it is whole; not piece by piece. */}
          <div aria-live="polite">{current && <p className="words">{current.text}</p>}</div>
          {!current &&
            (writing === null ? (
              <p className="thinking">
                <span className="dots" aria-hidden="true" />
                {earlier.length === 0 ? texts.preparing : texts.thinking}
              </p>
            ) : (
              <p className="words writing" aria-hidden="true">
                {writing}
              </p>
            ))}
        </article>
        <form className="answer" data-question={session.currentQuestionIndex} onSubmit={submit}>
          <label htmlFor="answer">{texts.yourAnswer(number)}</label>
          <textarea
            id="answer"
            ref={editor}
            rows={9}
            readOnly={!waits || answer.sending}
            aria-describedby="answer-hint"
            value={waits ? answer.text : ""}
            onChange={(event) => answer.type(event.target.value)}
            onKeyDown={sendByKey}
          />
          {answer.trouble?.kind === "SAID" && <Notice tone="WRONG">{answer.trouble.message}</Notice>}
          <div className="row">
            <span id="answer-hint" className="hint keys">
              {texts.answerHint}
            </span>
            <span className={`draft ${answer.draft.toLowerCase()}`} role="status">
              {waits && texts.draft[answer.draft]}
            </span>
            <button type="submit" className="large" disabled={!waits || answer.sending}>
              {answer.sending ? texts.sending : texts.send}
            </button>
          </div>
        </form>
      </div>
      <Aside session={session} />
    </div>
  );
}

function Earlier({ questions }: { questions: readonly QuestionPartsFragment[] }) {
  const { texts } = useSpeech();
  return (
    <details className="earlier">
      <summary>{texts.earlier(questions.length)}</summary>
      <ol>
        {questions.map((question) => (
          <li key={question.id} value={question.index + 1}>
            <p className="words">{question.text}</p>
            <p className="as-written">{question.answer?.text || texts.noAnswer}</p>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Aside({ session }: { session: SessionData }) {
  const { texts } = useSpeech();
  const client = useApolloClient();
  const [asking, setAsking] = useState(false);
  const { answered } = session.progress;
  const total = session.totalQuestions;

  async function finish(): Promise<void> {
    setAsking(false);
    const input = { sessionId: session.id };
    const { data } = await client.mutate({
      mutation: CompleteInterview,
      variables: { input },
      fetchPolicy: "no-cache",
    });
    if (data && "session" in data.completeInterview) keepNewest(client.cache, data.completeInterview.session);
  }

  return (
    <aside className="aside" aria-label={texts.progress}>
      <div className="pace">
        <span>{texts.answered(answered, total)}</span>
        <progress max={total} value={answered} aria-label={texts.answered(answered, total)} />
      </div>
      <ol className="steps" aria-hidden="true">
        {Array.from({ length: total }, (_, index) => {
          const question = session.questions[index];
          const state = index < answered ? "done" : index === session.currentQuestionIndex ? "now" : "ahead";
          return <li key={question?.id ?? index} className={question?.isFollowUp ? `${state} small` : state} />;
        })}
      </ol>
      <p className="elapsed">
        {texts.elapsed} <Elapsed since={session.createdAt} />
      </p>
      <button type="button" className="quiet" onClick={() => setAsking(true)}>
        {texts.finish}
      </button>
      {asking && (
        <Confirm
          title={texts.finishTitle}
          why={texts.finishWhy}
          yes={texts.finishYes}
          no={texts.finishNo}
          onYes={() => void finish().catch(() => {})}
          onNo={() => setAsking(false)}
        />
      )}
    </aside>
  );
}
