import { deletePersonalData } from "../../usecases/personalData.ts";
import type { Builder } from "../builder.ts";

export function addPersonalDataMutations(builder: Builder): void {
  const Payload = builder.objectRef<{ deletedSessions: number }>("DeleteMyDataPayload").implement({
    description: "What was deleted.",
    fields: (t) => ({
      deletedSessions: t.exposeInt("deletedSessions", { description: "How many sessions were deleted." }),
    }),
  });
  builder.mutationField("deleteMyData", (t) =>
    t.field({
      type: Payload,
      complexity: 10,
      description:
        "Permanently deletes everything stored about the viewer: résumés, sessions, answers, reports, files, events and " +
        "jobs. Only today's usage of the language model stays counted, under a pseudonym. Streams of the viewer's " +
        "sessions end with SessionDeleted, and a candidate's `viewerEvents` ends. Reviewers may do this too.",
      // Reviewers too: their data is from before they had this role, and is nobody else's.
      resolve: async (_, __, { deps, viewer }) => ({ deletedSessions: await deletePersonalData(deps, viewer.id) }),
    }),
  );
}
