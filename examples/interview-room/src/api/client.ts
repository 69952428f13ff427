import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { CombinedGraphQLErrors, ServerError } from "@apollo/client/errors";
import { SetContextLink } from "@apollo/client/link/context";
import { ErrorLink } from "@apollo/client/link/error";
import type { Signal } from "@vivavoce/client/signal.ts";
import { authorization, type Connection, createToken, openSocket, type Token } from "@vivavoce/client/socket.ts";
import { OperationTypeNode } from "graphql";
import type { Client } from "graphql-ws";
import { createCache } from "./cache.ts";
import { eventsLink } from "./events.ts";
import { fetchWithFile } from "./upload.ts";

/** The ways to the server: queries and mutations over HTTP, subscriptions over one socket. */
export interface Api {
  client: ApolloClient;
  connection: Signal<Connection>;
  token: Token;
}

export function createApi(language: () => string): Api {
  const token = createToken();
  const { socket, connection } = openSocket(token);
  const client = new ApolloClient({
    cache: createCache(),
    link: createLink(socket, token, language),
    devtools: { enabled: import.meta.env.DEV },
  });
  return { client, connection, token };
}

function createLink(socket: Client, token: Token, language: () => string): ApolloLink {
  const headers = new SetContextLink(({ headers }) => ({
    // The browser's own header cannot know of the switch on the page.
    headers: { ...headers, ...authorization(token), "accept-language": language() },
  }));
  const refusals = new ErrorLink(({ error }) => {
    if (ServerError.is(error) && error.statusCode === 401) token.wanted.set(true);
    if (codeOf(error) === "UNAUTHENTICATED") token.wanted.set(true);
  });
  return ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    eventsLink(socket),
    ApolloLink.from([refusals, headers, new HttpLink({ uri: "/graphql", fetch: fetchWithFile })]),
  );
}

/** `extensions.code` of the first GraphQL error. */
export function codeOf(error: unknown): string | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const code = error.errors[0]?.extensions?.code;
  return typeof code === "string" ? code : null;
}
