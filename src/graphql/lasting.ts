import type { GraphQLField } from "graphql";

/**
 * The mark of a field whose resolver makes what it shows from its object alone: not from who asks, nor from arguments, nor
 * from anything read meanwhile, the clock included. An answer of nothing but such fields is kept as long as its object
 * (plan.ts), so a field that is not marked is resolved each time.
 */
export const lasting = { lasting: true } as const;

/** Whether a field is marked, or has no resolver and so is a property of its object. */
export function showsOnlyItsObject({ resolve, extensions }: GraphQLField<unknown, unknown>): boolean {
  return resolve === undefined || extensions.lasting === true;
}
