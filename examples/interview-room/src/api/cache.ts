import { type ApolloCache, InMemoryCache } from "@apollo/client";
import type { QuestionPartsFragment, ReportPartsFragment, SessionProgressFragment } from "../generated/graphql.ts";
import possible from "../generated/possibleTypes.ts";
import { SessionProgress, SessionQuestions, SessionReport } from "./operations.ts";

interface Ref {
  readonly __ref: string;
}

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: possible.possibleTypes,
    typePolicies: {
      // A question's index never changes, so a part of the list can be laid over the whole of it.
      InterviewSession: {
        fields: {
          questions: {
            merge(existing: readonly Ref[] = [], incoming: readonly Ref[], { readField }) {
              const merged = [...existing];
              for (const question of incoming) merged[readField<number>("index", question) ?? merged.length] = question;
              return merged;
            },
          },
        },
      },
      Question: { fields: { answer: { merge: false } } },
      Viewer: {
        fields: {
          sessions: {
            keyArgs: ["status", "resumeId"],
            merge(existing, incoming, { args }) {
              return args?.after ? { ...incoming, edges: [...(existing?.edges ?? []), ...incoming.edges] } : incoming;
            },
          },
        },
      },
    },
  });
}

/**
 * Answers to mutations and events travel on different ways and may overtake one another: the newer state stays.
 * Returns whether this one was the newer.
 */
export function keepNewest(cache: ApolloCache, session: SessionProgressFragment): boolean {
  const known = read(cache, session.id);
  if (known && Number(known.cursor) > Number(session.cursor)) return false;
  cache.writeFragment({
    id: cacheId(session.id),
    fragment: SessionProgress,
    fragmentName: "SessionProgress",
    data: session,
  });
  return true;
}

export function keepQuestion(cache: ApolloCache, sessionId: string, question: QuestionPartsFragment): void {
  cache.writeFragment({
    id: cacheId(sessionId),
    fragment: SessionQuestions,
    fragmentName: "SessionQuestions",
    data: { __typename: "InterviewSession", id: sessionId, questions: [question] },
  });
}

export function keepReport(cache: ApolloCache, sessionId: string, report: ReportPartsFragment): void {
  cache.writeFragment({
    id: cacheId(sessionId),
    fragment: SessionReport,
    fragmentName: "SessionReport",
    data: { __typename: "InterviewSession", id: sessionId, report },
  });
}

/** The event number up to which the cache knows the session. */
export function cursorOf(cache: ApolloCache, sessionId: string): string | null {
  return read(cache, sessionId)?.cursor ?? null;
}

function read(cache: ApolloCache, sessionId: string): SessionProgressFragment | null {
  return cache.readFragment({ id: cacheId(sessionId), fragment: SessionProgress, fragmentName: "SessionProgress" });
}

function cacheId(sessionId: string): string {
  return `InterviewSession:${sessionId}`;
}
