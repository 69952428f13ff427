import type { Builder } from "../builder.ts";
import { maySee, ownSession } from "../context.ts";
import { lookupKey } from "../errors.ts";

export function addSessionQueries(builder: Builder): void {
  builder.queryFields((t) => ({
    session: t.field({
      type: "InterviewSession",
      nullable: true,
      description: "A session by its id; null when it does not exist or is not the viewer's to see.",
      args: { id: t.arg.id({ required: true, description: "Global id of the session." }) },
      resolve: (_, { id }, context) => ownSession(context, id),
    }),
    unfinishedSession: t.field({
      type: "InterviewSession",
      nullable: true,
      description: "The viewer's newest CREATED or IN_PROGRESS session of a résumé.",
      args: { resumeId: t.arg.id({ required: true, description: "The caller's key of the résumé." }) },
      resolve: async (_, { resumeId }, { viewer, deps, sessions }) => {
        const id = await deps.store.findOpenSession(viewer.id, { key: lookupKey(resumeId) });
        const session = id === null ? null : await sessions.load(id);
        return session !== null && maySee(viewer, session.ownerId) ? session : null;
      },
    }),
  }));
}
