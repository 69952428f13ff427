import { deletePersonalData, exportPersonalData } from "../../usecases/personalData.ts";
import type { Builder } from "../builder.ts";

/** What the law lets everybody ask for: all of one's own data, and its end. */
export function addPersonalData(builder: Builder): void {
  builder.queryField("exportMyData", (t) =>
    t.field({
      type: "JSON",
      complexity: 8_000,
      description:
        "Everything that is kept of the viewer, as JSON: { exportedAt, resumes, sessions }, each session with its " +
        "questions, answers, scores, reports and events. Only one's own, whatever the role.",
      resolve: (_, __, { deps, viewer }) => exportPersonalData(deps, viewer.id),
    }),
  );

  const Payload = builder.objectRef<{ deletedSessions: number }>("DeleteMyDataPayload").implement({
    description: "What was deleted.",
    fields: (t) => ({
      deletedSessions: t.exposeInt("deletedSessions", { description: "How many sessions there were." }),
    }),
  });
  builder.mutationField("deleteMyData", (t) =>
    t.field({
      type: Payload,
      complexity: 10,
      description:
        "Deletes all that is kept of the viewer: résumés, sessions, answers, reports, files, events and jobs. What " +
        "the language model was asked today stays counted, without a name. " +
        "There is no way back. Streams of its sessions end with SessionDeleted, `viewerEvents` ends.",
      // A reviewer too: what is deleted was written before there was this role, and is nobody else's.
      resolve: async (_, __, { deps, viewer }) => ({
        deletedSessions: await deletePersonalData(deps, viewer.id),
      }),
    }),
  );
}
