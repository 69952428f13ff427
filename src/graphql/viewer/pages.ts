import type { GraphQLError } from "graphql";
import { type Language, message } from "../../interview/messages.ts";
import { graphqlError } from "../errors.ts";

export const page = { defaultSize: 20, maxSize: 100 };

export type PageArgs = {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
};

/** The maximum number of items on a page. */
export function pageSize({ first, last }: PageArgs): number {
  return Math.min(Math.max(first ?? last ?? page.defaultSize, 0), page.maxSize);
}

/** The cost follows the page size; lists count five times by default. */
export function pageCost(args: PageArgs): { field: number; multiplier: number } {
  return { field: 1, multiplier: pageSize(args) / 5 };
}

export function checkPage<T extends PageArgs>(args: T): T {
  const { first, last } = args;
  if ((first ?? 0) < 0 || (last ?? 0) < 0) throw graphqlError("BAD_USER_INPUT", "A page size cannot be negative");
  if (typeof first === "number" && typeof last === "number") {
    throw graphqlError("BAD_USER_INPUT", "Give either first or last");
  }
  return args;
}

export function malformedCursor(argument: "after" | "before", language: Language): GraphQLError {
  return graphqlError("BAD_USER_INPUT", message(`${argument}Malformed`, language));
}

/** Pothos gives empty pages cursors that lead nowhere. */
export function noCursorsIfEmpty<C extends { edges: readonly unknown[]; pageInfo: object }>(connection: C): C {
  if (connection.edges.length > 0) return connection;
  return { ...connection, pageInfo: { ...connection.pageInfo, startCursor: null, endCursor: null } };
}
