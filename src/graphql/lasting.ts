import type { GraphQLField } from "graphql";

/**
 * Marks a field whose value depends on its object alone: not on the caller, arguments, or anything read meanwhile,
 * including the clock. An answer that consists of such fields is cached as long as its object (plan.ts); fields without
 * the mark are resolved each time.
 */
export const lasting = { lasting: true } as const;

/** Whether a field is marked, or is a plain property of its object. */
export function showsOnlyItsObject({ resolve, extensions }: GraphQLField<unknown, unknown>): boolean {
  return resolve === undefined || extensions.lasting === true;
}
