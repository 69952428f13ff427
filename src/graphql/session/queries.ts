import { lookupKey } from "../../interview/validation.ts";
import { ifVisible, visibleSession } from "../access.ts";
import type { Builder } from "../builder.ts";

export function addSessionQueries(builder: Builder): void {
  builder.queryFields((t) => ({
    session: t.field({
      type: "InterviewSession",
      nullable: true,
      description: "A session by its id; null when it does not exist or is not the viewer's to see.",
      args: { id: t.arg.id({ required: true, description: "Global id of the session." }) },
      resolve: (_, { id }, context) => visibleSession(context, id),
    }),
    unfinishedSession: t.field({
      type: "InterviewSession",
      nullable: true,
      description: "The viewer's newest CREATED or IN_PROGRESS session of a résumé.",
      args: { resumeId: t.arg.id({ required: true, description: "The caller's key of the résumé." }) },
      resolve: async (_, { resumeId }, context) => {
        const id = await context.deps.store.findOpenSession(context.viewer.id, { key: lookupKey(resumeId) });
        return id === null ? null : ifVisible(context, await context.sessions.load(id));
      },
    }),
  }));
}
