import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from "graphql-ws";

interface Operation {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

/**
 * Subscribes so that a lost connection loses nothing: graphql-ws sends a subscription again as it stands then, and `after`
 * is moved on with every event, so the stream goes on exactly where it was cut off. Returns what ends it.
 */
export function subscribeFromCursor<Data>(socket: Client, operation: Operation, sink: Sink<Result<Data>>): () => void {
  const variables: Record<string, unknown> = { ...operation.variables };
  const payload: SubscribePayload = { ...operation, variables };
  return socket.subscribe<Data>(payload, {
    ...sink,
    next(result) {
      const event = Object.values(result.data ?? {})[0] as { cursor?: string | null } | null | undefined;
      if ("after" in variables && event?.cursor) variables.after = event.cursor;
      sink.next(result);
    },
  });
}

type Result<Data> = FormattedExecutionResult<Data, unknown>;
