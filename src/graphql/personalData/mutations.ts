import type { Failure } from "../../interview/failures.ts";
import { deletePersonalData } from "../../usecases/personalData.ts";
import type { Builder } from "../builder.ts";
import { resultUnion } from "../results.ts";

const otherViewer: Failure = {
  type: "ValidationError",
  faults: [{ path: ["input", "viewerId"], message: "viewerIdMismatch" }],
};

export function addPersonalDataMutations(builder: Builder): void {
  const Payload = builder.objectRef<{ deletedSessions: number }>("DeleteMyDataPayload").implement({
    description: "What was deleted.",
    fields: (t) => ({
      deletedSessions: t.exposeInt("deletedSessions", { description: "How many sessions were deleted." }),
    }),
  });
  const Input = builder.inputType("DeleteMyDataInput", {
    description: "Whose data is to be deleted, as a confirmation.",
    fields: (t) => ({
      viewerId: t.id({
        required: true,
        description: "The viewer's own id (`viewer.id`). Any other changes nothing and is a ValidationError.",
      }),
    }),
  });
  builder.mutationField("deleteMyData", (t) =>
    t.field({
      type: resultUnion(builder, "deleteMyData", Payload, ["ValidationError"]),
      complexity: 10,
      description:
        "Deletes everything that is kept of the viewer, for good: résumés, sessions, answers, reports, files, events and " +
        "jobs. Only how much of the language model was used today stays counted, without a name. Streams of the " +
        "viewer's sessions end with SessionDeleted, and a candidate's `viewerEvents` ends. Reviewers may do this too.",
      args: { input: t.arg({ type: Input, required: true, description: "The confirmation." }) },
      // A reviewer too: what is deleted was written before there was this role, and is nobody else's.
      resolve: async (_, { input }, { deps, viewer }) => {
        if (input.viewerId !== viewer.id) return otherViewer;
        const deletedSessions = await deletePersonalData(deps, viewer.id);
        return { type: "DeleteMyDataPayload" as const, deletedSessions };
      },
    }),
  );
}
