import { subscribeFromCursor } from "@vivavoce/client/resume.ts";
import type { Signal } from "@vivavoce/client/signal.ts";
import { authorization, type Connection, createToken, openSocket, type Token } from "@vivavoce/client/socket.ts";
import { Client, type CombinedError, fetchExchange, mapExchange, subscriptionExchange } from "urql";

export interface Api {
  client: Client;
  connection: Signal<Connection>;
  token: Token;
}

/** The one list over HTTP, all events over one socket. No cache: the board is the state. */
export function createApi(): Api {
  const token = createToken();
  const { socket, connection } = openSocket(token);
  const client = new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: () => ({ headers: { ...authorization(token) } }),
    exchanges: [
      mapExchange({
        onError(error) {
          if (isRefusal(error)) token.wanted.set(true);
        },
      }),
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: subscribeFromCursor<Record<string, unknown>>(
              socket,
              { query, variables: variables as Record<string, unknown> },
              { ...sink, next: (result) => sink.next(result as Parameters<typeof sink.next>[0]) },
            ),
          }),
        }),
      }),
      fetchExchange,
    ],
  });
  return { client, connection, token };
}

function isRefusal(error: CombinedError): boolean {
  return (
    error.response?.status === 401 ||
    error.graphQLErrors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED")
  );
}
