import type { Builder } from "../builder.ts";

export function addViewerQueries(builder: Builder): void {
  builder.queryField("viewer", (t) =>
    t.field({
      type: "Viewer",
      description: "The caller: role, sessions, résumés and scores over time.",
      resolve: (_, __, { viewer }) => viewer,
    }),
  );
}
