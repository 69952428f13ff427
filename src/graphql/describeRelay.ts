import { type GraphQLSchema, isInterfaceType, isObjectType } from "graphql";

const fields: Record<string, string> = {
  id: "Global id.",
  endCursor: "Cursor of the last entry; give it as `after` to go on.",
  startCursor: "Cursor of the first entry; give it as `before` to go back.",
  hasNextPage: "More entries come after this page.",
  hasPreviousPage: "More entries come before this page.",
  edges: "The entries of this page.",
  pageInfo: "The position of this page within the list.",
  totalCount: "Number of entries on all pages.",
  cursor: "The entry's position in the list.",
  node: "The entry.",
};

const args: Record<string, string> = {
  first: "How many entries from the front.",
  last: "How many entries from the back.",
  after: "Only entries after this cursor.",
  before: "Only entries before this cursor.",
};

/** Pothos generates connection types without descriptions; this adds them. */
export function describeRelay(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__") || (!isObjectType(type) && !isInterfaceType(type))) continue;
    if (type.name.endsWith("Connection")) type.description ??= "A page of a list.";
    if (type.name.endsWith("ConnectionEdge")) type.description ??= "An entry of a list with its cursor.";
    for (const field of Object.values(type.getFields())) {
      field.description ??= fields[field.name];
      for (const arg of field.args) arg.description ??= args[arg.name];
    }
  }
  return schema;
}
