import type { GraphQLError } from "graphql";
import { globalId, localId } from "../../interview/globalId.ts";
import { type Language, message } from "../../interview/messages.ts";
import { type WatchOptions, type WatchRefusal, watchSession, watchSessions } from "../../usecases/watch.ts";
import { maySee } from "../access.ts";
import type { Builder } from "../builder.ts";
import type { Context } from "../context.ts";
import { graphqlError, SessionGone, snapshotRequired } from "../errors.ts";
import { reportOf } from "../report/reportOf.ts";
import { eventOf, SessionEvents } from "./eventStream.ts";
import type { EventOf, QuestionOf } from "./shapes.ts";
import { visibleScore } from "./types.ts";

export function addSessionSubscriptions(builder: Builder): void {
  addEventTypes(builder);
  builder.subscriptionFields((t) => ({
    sessionEvents: t.field({
      type: "SessionEvent",
      description:
        "All events of one session, in order, each exactly once. Ends with SESSION_NOT_FOUND, INVALID_CURSOR or " +
        "SNAPSHOT_REQUIRED in extensions.code, or after SessionDeleted.",
      args: {
        sessionId: t.arg.id({ required: true, description: "Global id of the session." }),
        after: t.arg.id({
          description:
            "A cursor: events after it are replayed first, then the stream continues live. Omitted: only new events; " +
            '"0": from the beginning.',
        }),
      },
      subscribe: async (_, { sessionId, after }, context) => {
        const id = localId("InterviewSession", sessionId);
        if (id === null) throw refusalError("SESSION_NOT_FOUND", context.language);
        const mayWatch = (ownerId: string): boolean => maySee(context.viewer, ownerId);
        const place = { sessionId: id, after: after ?? null, mayWatch };
        const stream = await watchSession(context.deps, place, watchOptions(context));
        if (typeof stream === "string") throw refusalError(stream, context.language);
        return new SessionEvents(stream, context.sessions, context.language);
      },
      resolve: (event, _, { sessions }) => eventOf(event, sessions),
    }),
    viewerEvents: t.field({
      type: "SessionEvent",
      description:
        "The same events, live, for every session that the viewer may see: one stream for a whole dashboard, which " +
        "reads its list again after a reconnect.",
      subscribe: async (_, __, context) => {
        const { viewer } = context;
        const topic =
          viewer.role === "CANDIDATE" ? ({ kind: "owner", ownerId: viewer.id } as const) : ({ kind: "all" } as const);
        const stream = await watchSessions(context.deps, topic, watchOptions(context));
        return new SessionEvents(stream, context.sessions, context.language);
      },
      resolve: (event, _, { sessions }) => eventOf(event, sessions),
    }),
  }));
}

/** Copies what a stream needs of its context, which would otherwise be retained as long as the stream. */
function watchOptions({ onStalled, onGap }: Context): WatchOptions {
  return { onStalled, onGap };
}

function refusalError(refusal: WatchRefusal, language: Language): GraphQLError {
  switch (refusal) {
    case "SESSION_NOT_FOUND":
      return graphqlError(refusal, message("sessionNotFound", language));
    case "INVALID_CURSOR":
      return graphqlError(refusal, message("cursorInvalid", language));
    case "SNAPSHOT_REQUIRED":
      return snapshotRequired(language);
  }
}

function addEventTypes(builder: Builder): void {
  builder.interfaceType("SessionEvent", {
    description: "Something that happened in a session.",
    fields: (t) => ({
      cursor: t.id({
        nullable: true,
        description:
          "The event's number in its session, a decimal string: 1, 2, 3, … without gaps. Give the last one as `after` to " +
          "sessionEvents to continue. null for QuestionDelta, which is not kept and never replayed.",
        resolve: ({ event }) => (event.seq === null ? null : String(event.seq)),
      }),
      sessionId: t.id({
        description: "Global id of the session.",
        resolve: ({ event }) => globalId("InterviewSession", event.sessionId),
      }),
      occurredAt: t.field({
        type: "DateTime",
        description: "When it happened.",
        resolve: ({ event }) => event.occurredAt,
      }),
      session: t.field({
        type: "InterviewSession",
        nullable: true,
        description: "The session as it is now; null once it is deleted.",
        resolve: ({ event, session }) => (event.kind === "SessionDeleted" ? null : session()),
      }),
    }),
    resolveType: ({ event }) => event.kind,
  });

  builder.objectType("SessionCreated", {
    description: "The session was created.",
    interfaces: ["SessionEvent"],
  });
  builder.objectType("QuestionAsked", {
    description: "A question was asked: a main question or a follow-up.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      question: t.field({
        type: "Question",
        description: "The question, as it is now.",
        resolve: questionOf,
      }),
    }),
  });
  builder.objectType("QuestionDelta", {
    description: "A piece of a question while it is being written. Never replayed; QuestionAsked replaces all of it.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      questionIndex: t.int({ description: "Index that the question will have.", resolve: ({ event }) => event.index }),
      offset: t.int({
        description:
          "Where `text` begins, in Unicode code points (`[...text].length`, not `text.length`). 0 starts over; 0 with an " +
          "empty text discards the text so far: this question will not be asked.",
        resolve: ({ event }) => event.offset,
      }),
      text: t.string({
        description: "The piece of text that belongs at `offset`.",
        resolve: ({ event }) => event.text,
      }),
    }),
  });
  builder.objectType("DraftSaved", {
    description: "A draft was saved, changed or cleared.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      question: t.field({
        type: "Question",
        description: "The question with its draft, as it is now.",
        resolve: questionOf,
      }),
    }),
  });
  builder.objectType("AnswerSubmitted", {
    description: "An answer was submitted.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      question: t.field({
        type: "Question",
        description: "The question with its answer.",
        resolve: questionOf,
      }),
    }),
  });
  builder.objectType("InterviewCompleted", {
    description: "The conversation is over; the evaluation follows.",
    interfaces: ["SessionEvent"],
  });
  builder.objectType("EvaluationProgressed", {
    description: "The evaluation made progress.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      evaluation: t.field({
        type: "Evaluation",
        description: "The evaluation as it was then.",
        resolve: ({ event }) => event.evaluation,
      }),
    }),
  });
  builder.objectType("AnswerEvaluated", {
    description: "An answer was evaluated. Sent only after the interview is completed.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      question: t.field({
        type: "Question",
        description: "The question with its answer.",
        resolve: questionOf,
      }),
      evaluation: t.field({
        type: "AnswerEvaluation",
        description: "How it was graded.",
        resolve: async (parent, args, context) => {
          const score = await visibleScore(await questionOf(parent), args, context);
          // The score exists, here or in an earlier report, unless the session has been deleted meanwhile.
          if (score === null) throw new SessionGone();
          return score;
        },
      }),
    }),
  });
  builder.objectType("ReportReady", {
    description: "The report is ready.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      report: t.field({
        type: "Report",
        description: "The newest report.",
        resolve: async ({ session }, _, context) => {
          const found = await reportOf(context, await session());
          if (found === null) throw new SessionGone();
          return found;
        },
      }),
    }),
  });
  builder.objectType("EvaluationFailed", {
    description: "The evaluation ended without a report; it can be tried again.",
    interfaces: ["SessionEvent"],
    fields: (t) => ({
      evaluation: t.field({
        type: "Evaluation",
        description: "The evaluation as it was then, with the reason.",
        resolve: ({ event }) => event.evaluation,
      }),
    }),
  });
  builder.objectType("SessionDeleted", {
    description:
      "The session is gone; its number is the one after the last. Sent to those who watch, whose streams then end; not replayed.",
    interfaces: ["SessionEvent"],
  });
}

type QuestionEvent = EventOf<"QuestionAsked" | "DraftSaved" | "AnswerSubmitted" | "AnswerEvaluated">;

async function questionOf({ event, session: read }: QuestionEvent): Promise<QuestionOf> {
  const session = await read();
  const question = session.questions[event.index];
  if (!question) throw graphqlError("SESSION_NOT_FOUND", "Session not found");
  return { session, question };
}
