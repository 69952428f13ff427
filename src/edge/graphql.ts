import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from "graphql";
import { createYoga, isAsyncIterable, mapAsyncIterator, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Context, Viewer } from "../graphql/context.ts";
import { type ErrorCode, errorCodes, graphqlError } from "../graphql/errors.ts";
import { Plans } from "../graphql/plan.ts";
import type { Language } from "../interview/messages.ts";
import { refuseInexactNumbers } from "./exactNumbers.ts";
import { documentLimits } from "./limits.ts";
import type { DocumentChoice, TextOf } from "./trustedDocuments.ts";

/** What a transport knows about a request before GraphQL begins. */
export interface Caller {
  viewer: Viewer;
  address: string;
  language: Language;
  /** Aborts when the client goes away. */
  signal(): AbortSignal;
  onStalled?: () => void;
  /** Ends a stream of Server-Sent Events so that its client reconnects. */
  breakOff?: () => void;
  requestId?: string | undefined;
  traceparent?: string | undefined;
  /** The outcome of the mutation, if a plan has already begun it. */
  outcome?: Promise<unknown>;
}

/** The part of the context that does not depend on the caller. */
export type Services = Pick<Context, "deps" | "sessions" | "limit" | "reportUrl" | "onGap">;
export type GraphQLServer = YogaServerInstance<{ caller: Caller }, Context> & {
  /** For the transports that do not go through Yoga. */
  textOf: TextOf;
  /** Whether GraphiQL is served. */
  graphiql: boolean;
  contextOf(caller: Caller): Context;
  plans: Plans;
  /** Without introspection, errors do not suggest names either. */
  hideSuggestions: boolean;
};

export interface GraphQLServerOptions {
  schema: GraphQLSchema;
  config: Config;
  services: Services;
  textOf: TextOf;
  /** What a client may read of an error. */
  mask(error: unknown): Error;
  origins: ReadonlySet<string>;
}

/** One pipeline for HTTP, Server-Sent Events and sockets: parse, limit, validate, execute, mask. */
export function createGraphQLServer(options: GraphQLServerOptions): GraphQLServer {
  const { schema, config, services, mask, origins } = options;
  const textOf: TextOf = (choice) => {
    refuseInexactNumbers(choice.variables);
    return options.textOf(choice);
  };
  const introspection = config.introspection ?? !config.production;
  const graphiql = config.graphiql ?? !config.production;
  const contextOf = (caller: Caller): Context => ({ ...services, ...caller });
  const yoga = createYoga<{ caller: Caller }, Context>({
    schema,
    graphqlEndpoint: "/graphql",
    landingPage: false,
    batching: false,
    parserAndValidationCache: false,
    multipart: false,
    // Limited at the edge, without wrapping the request again.
    maxRequestBodySize: false,
    logging: false,
    // GraphiQL sends its headers, which may hold a token, with everything except its sockets.
    graphiql: graphiql ? { title: "Vivavoce", subscriptionsProtocol: "SSE", defaultQuery: welcome } : false,
    // The page is 9 MB of text: loaded when it is opened.
    renderGraphiQL: async (page) => (await import("@graphql-yoga/render-graphiql")).renderGraphiQL(page),
    cors: (request) => {
      const origin = request.headers.get("origin");
      return origin !== null && (origins.has(origin) || origins.has("*"))
        ? { origin, methods: ["GET", "POST"], credentials: false, maxAge: 86_400 }
        : false;
    },
    context: ({ caller }) => contextOf(caller),
    maskedErrors: { maskError: mask },
    plugins: [
      {
        onParams({ params, request, setParams }) {
          const documentId = URL.parse(request.url)?.searchParams.get("documentId");
          const { documentId: _, operationName, ...known } = params as typeof params & DocumentChoice;
          const named = operationName ? { operationName } : {};
          setParams({ ...known, ...named, query: textOf(documentId ? { ...params, documentId } : params) });
        },
      },
      maskResults(mask),
      uncompressed,
      documentLimits({
        maxTokens: config.maxTokens,
        maxDepth: config.maxDepth,
        maxAliases: config.maxAliases,
        maxDirectives: config.maxDirectives,
        maxResponse: config.maxResponse,
        introspection,
      }),
    ],
  });
  return Object.assign(yoga, {
    textOf,
    graphiql,
    contextOf,
    plans: new Plans(schema, config.maxResponse),
    hideSuggestions: !introspection,
  }) as unknown as GraphQLServer;
}

/** Masks errors in results, and makes clients retry when something is unavailable. */
function maskResults(mask: (error: unknown) => Error): Plugin<object, { caller: Caller }> {
  return {
    onResultProcess({ result, setResult, serverContext: { caller } }) {
      if (isAsyncIterable(result)) {
        const tellOrBreakOff = (event: ExecutionResult): ExecutionResult => {
          // After a later event the client's cursor would be past this one: it has to reconnect for it.
          if (event.errors?.some(isUnavailable)) caller.breakOff?.();
          return event;
        };
        setResult(mapAsyncIterator(result, tellOrBreakOff));
      } else if ("errors" in result && result.errors) {
        // Yoga does not mask validation errors, and so leaves their codes.
        const errors = result.errors.map((error) => withoutStatusInStreams(mask(error) as GraphQLError));
        const masked = { ...result, errors };
        setResult(isUnavailableResult(masked) ? { errors, extensions: { http: retryLater } } : masked);
      }
    },
  };
}

/**
 * Limits a status of 400 to the newer media type (`spec`), as Yoga itself does for some errors but not for others: clients
 * that read a stream discard the body of a 400.
 */
function withoutStatusInStreams(error: GraphQLError): GraphQLError {
  const { http, ...extensions } = error.extensions as { http?: { status?: number } };
  if (http?.status !== 400) return error;
  const { message, nodes, source, positions, path } = error;
  const marked = { ...extensions, http: { ...http, spec: true } };
  return new GraphQLError(message, { nodes, source, positions, path, extensions: marked });
}

/**
 * Yoga sends `content-encoding: none` with streams, which is no coding, to keep proxies from compressing and thereby
 * buffering them. Cache-Control does so properly.
 */
const uncompressed: Plugin = {
  onResponse({ response: { headers } }) {
    if (headers.get("content-encoding") !== "none") return;
    headers.delete("content-encoding");
    headers.set("cache-control", "no-cache, no-transform");
  },
};

const retryLater = { status: 503, headers: { "retry-after": "1" } };

/**
 * Masks an error: our own errors, and GraphQL's about the request, are shown; everything else becomes one sentence with
 * an id under which it is logged.
 */
export function maskError(error: unknown, log: Logger, isUnavailable: (error: unknown) => boolean): Error {
  if (error instanceof GraphQLError) {
    const cause = error.originalError;
    if (cause === undefined || cause === null || cause instanceof GraphQLError) {
      // Yoga gives its own and GraphQL's errors about a request codes of its own.
      return errorCodes.includes(error.extensions.code as ErrorCode) ? error : withCode(error);
    }
  }
  const id = crypto.randomUUID();
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const path = error instanceof GraphQLError ? { path: error.path, nodes: error.nodes } : {};
  if (isUnavailable(original)) {
    log.warn({ errorId: id, err: original }, "service unavailable");
    return new GraphQLError("The service is unavailable at the moment, please try again", {
      ...path,
      extensions: { code: "SERVICE_UNAVAILABLE", id },
    });
  }
  log.error({ errorId: id, err: original }, "request failed");
  return new GraphQLError("Internal server error", {
    ...path,
    extensions: { code: "INTERNAL_SERVER_ERROR", id },
  });
}

/** Whether an error, as clients read it, means that something is unavailable. */
export function isUnavailable(error: Error | GraphQLFormattedError): boolean {
  return "extensions" in error && error.extensions?.code === "SERVICE_UNAVAILABLE";
}

/** Whether an operation has no data because something is unavailable. */
export function isUnavailableResult({ data, errors }: ExecutionResult | FormattedExecutionResult): boolean {
  const isEmpty = !data || Object.values(data).every((value) => value === null);
  return isEmpty && !!errors && errors.every(isUnavailable);
}

/** Gives an error about a request our code; the HTTP status that Yoga set is kept. */
function withCode({ message, nodes, source, positions, path, extensions: { http } }: GraphQLError): GraphQLError {
  const { extensions } = graphqlError("BAD_USER_INPUT", message, http ? { http } : {});
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

/**
 * An error as clients read it. Yoga attaches an HTTP status and removes it only from responses that it writes itself.
 */
export function publicError(error: Error): GraphQLFormattedError {
  if (!(error instanceof GraphQLError)) return { message: error.message };
  const { extensions = {}, ...rest } = error.toJSON();
  const { http: _, ...others } = extensions;
  return { ...rest, extensions: others };
}

export function publicResult({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
  return errors ? { errors: errors.map(publicError), ...result } : result;
}

const welcome = `# Welcome to Vivavoce: an interview from here.
# 1. Run Create; copy session.id to Variables:
#    { "id": "…", "index": 0 }
# 2. Copy Watch and the variables to another tab
#    and run it: all that happens arrives there.
# 3. Run Answer, then with index 1, 2, … until
#    hasNextQuestion is false. The report comes.

mutation Create {
  createSession(input: { resumeText: "Jo Doe, front-end engineer, 4 years of TypeScript and React", questionCount: 3 }) {
    __typename
    ... on CreateSessionPayload { session { id currentQuestion { index text } } }
    ... on Error { code message }
  }
}

subscription Watch($id: ID!) {
  sessionEvents(sessionId: $id, after: "0") {
    __typename
    cursor
    ... on QuestionAsked { question { index text } }
    ... on AnswerEvaluated { evaluation { score feedback } }
    ... on ReportReady { report { overallScore band overallFeedback pdfUrl } }
  }
}

mutation Answer($id: ID!, $index: Int!) {
  submitAnswer(input: { sessionId: $id, questionIndex: $index, answer: "I measured first, because guesses cost more." }) {
    __typename
    ... on SubmitAnswerPayload { hasNextQuestion nextQuestion { index text } }
    ... on Error { code message }
  }
}
`;
