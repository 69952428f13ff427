import { useApolloClient } from "@apollo/client/react";
import type { Signal } from "@vivavoce/client/signal.ts";
import type { Connection } from "@vivavoce/client/socket.ts";
import { useEffect, useMemo, useRef, useState } from "react";
import { keepNewest } from "../api/cache.ts";
import { SaveDraft, SubmitAnswer } from "../api/operations.ts";
import { useSignal } from "../api/useSignal.ts";
import { useSpeech } from "../i18n.tsx";
import { createDraftKeeper, type DraftState } from "./draftKeeper.ts";
import type { SessionData } from "./useSession.ts";

export type Trouble = { kind: "SAID"; message: string } | { kind: "ELSEWHERE"; kept: string };

export interface AnswerEditor {
  text: string;
  draft: DraftState;
  sending: boolean;
  trouble: Trouble | null;
  type(text: string): void;
  send(): Promise<void>;
}

/** The answer to the question that waits: kept as a draft while it is written, then sent. */
export function useAnswer(
  session: SessionData,
  refresh: () => Promise<void>,
  connection: Signal<Connection>,
): AnswerEditor {
  const client = useApolloClient();
  const { texts } = useSpeech();
  const [sending, setSending] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { id: sessionId, currentQuestionIndex: questionIndex } = session;
  const waits = session.turn === "CANDIDATE";
  const stored = session.questions[questionIndex]?.answer?.text ?? "";
  const key = `vivavoce.draft.${sessionId}.${questionIndex}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a keeper lives as long as its question; drafts from elsewhere are adopted below
  const keeper = useMemo(
    () => createDraftKeeper(key, stored, (answer) => saveDraft({ sessionId, questionIndex, answer })),
    [client, key, waits],
  );
  const text = useSignal(keeper.text);
  const draft = useSignal(keeper.state);

  useEffect(() => {
    keeper.open();
    return keeper.close;
  }, [keeper]);

  // A question that was left without an answer from here was answered elsewhere.
  const sentKey = useRef<string | null>(null);
  const before = useRef({ key, keeper, waits });
  useEffect(() => {
    const left = before.current;
    before.current = { key, keeper, waits };
    if (left.keeper === keeper || !left.waits || left.key === sentKey.current) return;
    setTrouble({ kind: "ELSEWHERE", kept: left.keeper.text.get() });
  }, [keeper, key, waits]);
  useEffect(() => keeper.adopt(stored), [keeper, stored]);
  useEffect(() => connection.subscribe(() => connection.get() === "CONNECTED" && keeper.flush()), [connection, keeper]);

  async function saveDraft(input: { sessionId: string; questionIndex: number; answer: string }) {
    const { data } = await client.mutate({ mutation: SaveDraft, variables: { input }, fetchPolicy: "no-cache" });
    const result = data?.saveDraft;
    if (!result || !("session" in result)) return "REFUSED" as const;
    keepNewest(client.cache, result.session);
    return "SAVED" as const;
  }

  async function send(): Promise<void> {
    if (sending || !waits) return;
    const answer = keeper.text.get();
    const input = { sessionId, questionIndex, answer, wait: false };
    setSending(true);
    setTrouble(null);
    sentKey.current = key;
    try {
      const { data } = await client.mutate({ mutation: SubmitAnswer, variables: { input }, fetchPolicy: "no-cache" });
      const result = data!.submitAnswer;
      if ("session" in result) {
        sessionStorage.removeItem(key);
        keepNewest(client.cache, result.session);
        return;
      }
      switch (result.code) {
        case "QUESTION_INDEX_MISMATCH":
        case "INTERVIEW_ALREADY_COMPLETED":
          setTrouble({ kind: "ELSEWHERE", kept: answer });
          return await refresh();
        case "INTERVIEW_SESSION_NOT_FOUND":
          return await refresh();
        default:
          sentKey.current = null;
          setTrouble({ kind: "SAID", message: said(result) });
      }
    } catch {
      sentKey.current = null;
      setTrouble({ kind: "SAID", message: texts.notSent });
    } finally {
      setSending(false);
    }
  }

  function said(result: { message: string; fields?: { message: string }[]; retryAfterMs?: number }): string {
    if (result.fields) return result.fields.map((field) => field.message).join(" ");
    return result.retryAfterMs === undefined ? result.message : texts.tooFast(Math.ceil(result.retryAfterMs / 1_000));
  }

  return {
    text,
    draft,
    sending,
    trouble,
    type(next) {
      if (trouble?.kind === "SAID") setTrouble(null);
      keeper.type(next);
    },
    send,
  };
}
