import type { GraphQLSchema } from "graphql";
import { createBuilder, type SchemaParts } from "./builder.ts";
import { describeRelay } from "./describeRelay.ts";
import { addEnums } from "./enums.ts";
import { addNodeQueries } from "./node/queries.ts";
import { addPersonalDataMutations } from "./personalData/mutations.ts";
import { addPersonalDataQueries } from "./personalData/queries.ts";
import { addReportTypes } from "./report/types.ts";
import { addErrorTypes } from "./results.ts";
import { addResumeMutations } from "./resume/mutations.ts";
import { addResumeTypes } from "./resume/types.ts";
import { addSessionMutations } from "./session/mutations.ts";
import { addSessionQueries } from "./session/queries.ts";
import { addSessionSubscriptions } from "./session/subscriptions.ts";
import { addSessionTypes } from "./session/types.ts";
import { limitSubscriptionCost } from "./subscriptionCost.ts";
import { addViewerQueries } from "./viewer/queries.ts";
import { addViewerTypes } from "./viewer/types.ts";

/** The whole public schema, assembled feature by feature. */
export function createSchema(parts: SchemaParts): GraphQLSchema {
  const builder = createBuilder(parts);
  builder.queryType({ description: "All reads. No query changes anything." });
  builder.mutationType({
    description:
      "All changes. Each mutation takes one `input` and returns a union of its payload and the errors that a client can " +
      "act on, except for deleteMyData, which takes no input and returns its payload.",
  });
  builder.subscriptionType({
    description: "All streams of events, over WebSocket (graphql-transport-ws) or Server-Sent Events.",
  });

  const enums = addEnums(builder);
  addErrorTypes(builder, enums);
  addResumeTypes(builder, parts.cipher);
  addSessionTypes(builder, enums, parts.prisma);
  addReportTypes(builder, enums);
  addViewerTypes(builder, enums, parts.prisma);

  addNodeQueries(builder, parts.prisma);
  addViewerQueries(builder);
  addSessionQueries(builder);
  addPersonalDataQueries(builder);
  addResumeMutations(builder, parts.prisma, parts.cipher);
  addSessionMutations(builder, enums);
  addPersonalDataMutations(builder);
  addSessionSubscriptions(builder);
  return limitSubscriptionCost(describeRelay(builder.toSchema()), parts.limits);
}
