import { randomUUID } from "node:crypto";
import type { GraphQLFieldResolver, GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { Context } from "../graphql/context.ts";
import { localId } from "../interview/globalId.ts";
import type { Tracer } from "../ports/tracer.ts";

/** Logs each mutation and, with tracing, records it as a span: who did what to which session, without texts. */
export function observeMutations(schema: GraphQLSchema, log: Logger, tracer: Tracer | null): void {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    if (!field.resolve) continue;
    const resolve = field.resolve as GraphQLFieldResolver<unknown, Context>;
    const logged = logMutation(name, resolve, log);
    field.resolve = tracer === null ? logged : traceMutation(name, logged, tracer);
  }
}

type Resolve = GraphQLFieldResolver<unknown, Context>;

function logMutation(mutation: string, resolve: Resolve, log: Logger): Resolve {
  return async (source, args, context, info) => {
    if (!log.isLevelEnabled("info")) return resolve(source, args, context, info);
    const startedAt = performance.now();
    const requestId = requestIdOf(context);
    let result: unknown;
    try {
      result = await resolve(source, args, context, info);
      return result;
    } finally {
      log.info({
        requestId,
        mutation,
        sessionId: sessionIdOf(args, result),
        outcome: outcomeOf(result),
        ms: Math.round(performance.now() - startedAt),
      });
    }
  };
}

function traceMutation(name: string, resolve: Resolve, tracer: Tracer): Resolve {
  return (source, args, context, info) => {
    const sessionId = sessionIdOf(args, undefined);
    const facts = { "request.id": requestIdOf(context), ...(sessionId ? { "session.id": sessionId } : {}) };
    const work = async (): Promise<unknown> => resolve(source, args, context, info);
    return tracer.span(`mutation ${name}`, facts, work, context.traceparent);
  };
}

/** The client's request id, if it is valid; the same for everything in one request. */
function requestIdOf(context: Context): string {
  if (context.requestId === undefined || !/^[\w.:-]{1,64}$/.test(context.requestId)) context.requestId = randomUUID();
  return context.requestId;
}

function sessionIdOf({ input }: { input?: { sessionId?: unknown } }, result: unknown): string | undefined {
  const made = (result as { session?: { id: string } } | undefined)?.session?.id;
  return (
    made ??
    (typeof input?.sessionId === "string" ? (localId("InterviewSession", input.sessionId) ?? undefined) : undefined)
  );
}

/** The result's type, or "error". */
function outcomeOf(result: unknown): string {
  const { type } = (result ?? {}) as { type?: unknown };
  return typeof type === "string" ? type : result === undefined ? "error" : "ok";
}
