import { complexityFromQuery } from "@pothos/plugin-complexity";
import { type GraphQLFieldResolver, type GraphQLSchema, Kind } from "graphql";
import type { SchemaParts } from "./builder.ts";
import type { Context } from "./context.ts";
import { exceedsLimit } from "./errors.ts";

/**
 * Checks the cost of a subscription when it begins, like that of any other operation before its first resolver. Pothos checks
 * it where the root field is resolved, which for a subscription happens with each event.
 */
export function limitSubscriptionCost(schema: GraphQLSchema, limits: SchemaParts["limits"]): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const subscribe = field.subscribe as GraphQLFieldResolver<unknown, Context>;
    field.subscribe = (source, args, context: Context, info) => {
      const { operation, fragments, variableValues } = info;
      const document = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] } as const;
      const cost = complexityFromQuery(document, { schema, variables: variableValues.coerced, ctx: context });
      for (const kind of ["depth", "breadth", "complexity"] as const) {
        if (cost[kind] > limits[kind]) throw exceedsLimit(kind);
      }
      context.isAffordable = true;
      return subscribe(source, args, context, info);
    };
  }
  return schema;
}
