import { exportPersonalData } from "../../usecases/personalData.ts";
import type { Builder } from "../builder.ts";

export function addPersonalDataQueries(builder: Builder): void {
  builder.queryField("exportMyData", (t) =>
    t.field({
      type: "JSON",
      complexity: 8_000,
      description:
        "Everything stored about the viewer, as JSON: { exportedAt, resumes, sessions }, each session with its " +
        "questions, answers, scores, reports and events. Only the viewer's own data, whatever the role.",
      resolve: (_, __, { deps, viewer }) => exportPersonalData(deps, viewer.id),
    }),
  );
}
