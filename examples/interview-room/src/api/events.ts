import { ApolloLink, Observable } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { subscribeFromCursor } from "@vivavoce/client/resume.ts";
import { type GraphQLFormattedError, print } from "graphql";
import type { Client } from "graphql-ws";

/** Carries subscriptions over the socket, each of them resumed by its cursor. */
export function eventsLink(socket: Client): ApolloLink {
  return new ApolloLink(
    ({ query, operationName, variables }) =>
      new Observable((observer) =>
        subscribeFromCursor<Record<string, unknown>>(
          socket,
          { query: print(query), operationName, variables },
          {
            next: (result) => observer.next(result as ApolloLink.Result),
            complete: () => observer.complete(),
            error: (error) => observer.error(isErrors(error) ? new CombinedGraphQLErrors({ errors: error }) : error),
          },
        ),
      ),
  );
}

/** The server ended the stream and says why; anything else is of the connection. */
function isErrors(error: unknown): error is GraphQLFormattedError[] {
  return Array.isArray(error);
}
