import { useApolloClient, useQuery } from "@apollo/client/react";
import { useCallback, useEffect, useState } from "react";
import { cursorOf, keepNewest, keepQuestion, keepReport } from "../api/cache.ts";
import { codeOf } from "../api/client.ts";
import { Session, SessionEvents } from "../api/operations.ts";
import type { SessionEventsSubscription, SessionQuery } from "../generated/graphql.ts";

export type SessionData = NonNullable<SessionQuery["session"]>;

export type SessionView =
  | { kind: "LOADING" }
  | { kind: "UNREACHABLE"; again(): void }
  | { kind: "NOT_FOUND" }
  | { kind: "DELETED" }
  | { kind: "OPEN"; session: SessionData; writing: string | null; refresh(): Promise<void> };

/** A question as far as it is written. */
interface Writing {
  index: number;
  text: string;
}

/** The stream cannot go on from its cursor, or has nothing left to go on with: the session as it is now tells. */
const lostPlace = new Set(["INVALID_CURSOR", "SNAPSHOT_REQUIRED", "SESSION_NOT_FOUND"]);

/** One session, read once and kept up by its events. */
export function useSession(id: string): SessionView {
  const client = useApolloClient();
  const { data, error, refetch } = useQuery(Session, { variables: { id } });
  const [writing, setWriting] = useState<Writing | null>(null);
  const [deleted, setDeleted] = useState(false);
  const [stream, setStream] = useState(0);
  const session = data?.session ?? null;
  const found = session !== null;

  // The stream goes on from what was read: events that came in between would else be lost under it.
  const refresh = useCallback(async () => {
    await refetch();
    setStream((count) => count + 1);
  }, [refetch]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `stream` counts the streams that had to be begun anew
  useEffect(() => {
    if (!found) return;
    const { cache } = client;
    const events = client.subscribe({
      query: SessionEvents,
      variables: { sessionId: id, after: cursorOf(cache, id) },
      // What an event says goes through keepNewest; the link's own write would not ask what is newer.
      fetchPolicy: "no-cache",
    });
    const subscription = events.subscribe({
      next({ data, error }) {
        if (error) return resume(error);
        const event = data?.sessionEvents;
        if (!event) return;
        if (event.__typename === "QuestionDelta") return setWriting((known) => extend(known, event));
        if (event.__typename === "SessionDeleted") return setDeleted(true);
        if (event.__typename === "QuestionAsked") setWriting(null);
        if ("question" in event) keepQuestion(cache, id, event.question);
        if (event.__typename === "ReportReady") keepReport(cache, id, event.report);
        if (event.session) keepNewest(cache, event.session);
      },
      error: resume,
    });
    return () => subscription.unsubscribe();

    function resume(error: unknown): void {
      if (lostPlace.has(codeOf(error) ?? "")) refresh().catch(() => {});
    }
  }, [client, id, found, refresh, stream]);

  if (deleted) return { kind: "DELETED" };
  if (session !== null) {
    const current = writing?.index === session.questions.length ? writing.text : null;
    return { kind: "OPEN", session, writing: current, refresh };
  }
  if (error) return { kind: "UNREACHABLE", again: () => void refetch().catch(() => {}) };
  return data ? { kind: "NOT_FOUND" } : { kind: "LOADING" };
}

type Delta = Extract<SessionEventsSubscription["sessionEvents"], { __typename?: "QuestionDelta" }>;

/** Offsets count characters as people do, not UTF-16 units. A piece that does not fit on is left out. */
function extend(known: Writing | null, { questionIndex, offset, text }: Delta): Writing | null {
  const before = known?.index === questionIndex ? [...known.text] : [];
  if (offset > before.length) return known;
  return { index: questionIndex, text: before.slice(0, offset).join("") + text };
}
