import type { FieldRef, SchemaTypes } from "@pothos/core";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import type { SessionStatus } from "../../interview/model.ts";
import { lookupKey } from "../../interview/validation.ts";
import { listSessions, summarizeList } from "../../usecases/listSessions.ts";
import type { Builder } from "../builder.ts";
import type { Context } from "../context.ts";
import type { Enums } from "../enums.ts";
import { checkPage, malformedCursor, type PageArgs, page, pageCost, pageSize } from "./pages.ts";
import { readSessionFilter } from "./sessionFilter.ts";
import { sessionPage } from "./sessionPages.ts";

export function addViewerTypes(builder: Builder, enums: Enums, prisma: PrismaClient): void {
  const StatusCount = builder.objectRef<{ status: SessionStatus; count: number }>("SessionStatusCount").implement({
    description: "The number of sessions in a state.",
    fields: (t) => ({
      status: t.expose("status", { type: enums.SessionStatus, description: "The state." }),
      count: t.exposeInt("count", { description: "How many." }),
    }),
  });

  builder.objectType("Viewer", {
    description: "The caller, as identified by the token.",
    fields: (t) => ({
      id: t.exposeID("id", { description: "The token's subject; without authentication one fixed id." }),
      role: t.expose("role", { type: enums.ViewerRole, description: "What the viewer may do." }),
      sessions: t.connection(
        {
          type: "InterviewSession",
          complexity: pageCost,
          description:
            "Sessions: one's own, for reviewers and admins everybody's; the newest first unless `order` says otherwise. 20 at " +
            "a time, at most 100.",
          args: {
            status: t.arg({ type: [enums.SessionStatus], description: "Only sessions in one of these states." }),
            resumeId: t.arg.id({ description: "Only sessions of the résumé with this key." }),
            search: t.arg.string({
              description:
                "Only sessions in which each of these words occurs, in any case, also within a word: in the job's title, " +
                "the company, the résumé's key where the caller gave one, or the owner's id. At most 10 words and 100 characters.",
            }),
            ownerId: t.arg.id({ description: "Only sessions of this owner." }),
            from: t.arg({ type: "DateTime", description: "Only sessions created at this time or later." }),
            to: t.arg({ type: "DateTime", description: "Only sessions created before this time." }),
            order: t.arg({
              type: enums.SessionOrder,
              defaultValue: "NEWEST_FIRST",
              description: "The order of the list. A cursor is valid for orders by the same property only.",
            }),
          },
          resolve: async (viewer, args, { deps, language }) => {
            const filter = readSessionFilter(viewer, args);
            const order = args.order ?? "NEWEST_FIRST";
            const connection = await sessionPage(args, order, language, (asked) =>
              listSessions(deps, filter, order, asked),
            );
            const { read: summary, total: totalCount } = summarizeList(deps, filter);
            return { ...connection, summary, totalCount };
          },
        },
        {
          fields: (field) => ({
            averageScore: field.float({
              nullable: true,
              description: "Mean overall score of the listed sessions on all pages; null when none is evaluated.",
              resolve: async ({ summary }) => (await summary()).averageScore,
            }),
            statusCounts: field.field({
              type: [StatusCount],
              description: "Number of sessions per state on all pages, filtered by all arguments except `status`.",
              resolve: async ({ summary }) =>
                Object.entries((await summary()).statusCounts).map(([status, count]) => ({
                  status: status as SessionStatus,
                  count,
                })),
            }),
          }),
        },
      ),
      resumes: checksCursors(
        t.prismaConnection({
          type: "Resume",
          cursor: "id",
          ...page,
          complexity: pageCost,
          description: "The viewer's résumés, newest first, each with its newest text. 20 at a time, at most 100.",
          totalCount: (viewer) => prisma.resume.count({ where: { ownerId: viewer.id, current: true } }),
          resolve: (query, viewer, args) => {
            checkPage(args);
            return prisma.resume.findMany({
              ...query,
              where: { ownerId: viewer.id, current: true },
              orderBy: [{ createdAt: "desc" }, { id: "desc" }],
            });
          },
        }),
      ),
      trends: t.field({
        type: "Trends",
        complexity: 5,
        description: "Scores over time and by category: the viewer's newest evaluated sessions, oldest first.",
        args: {
          resumeId: t.arg.id({ description: "Only sessions of the résumé with this key." }),
          last: t.arg.int({ defaultValue: 20, description: "How many sessions, at most 100." }),
        },
        resolve: (viewer, { resumeId, last }, { deps }) =>
          deps.store.trends(viewer.id, {
            resumeKey: typeof resumeId === "string" ? lookupKey(resumeId) : null,
            last: pageSize(checkPage({ last })),
            locale: null,
          }),
      }),
    }),
  });
}

/**
 * Checks cursors first: Pothos parses them before the field's resolver runs, and does not say which one is malformed.
 */
function checksCursors<Types extends SchemaTypes, Shape>(field: FieldRef<Types, Shape>): FieldRef<Types, Shape> {
  field.updateConfig((config) => ({
    ...config,
    resolve: (parent, args, context, info) => {
      const { after, before } = args as PageArgs;
      const { language } = context as Context;
      if (after && !isResumeCursor(after)) throw malformedCursor("after", language);
      if (before && !isResumeCursor(before)) throw malformedCursor("before", language);
      return config.resolve!(parent, args, context, info);
    },
  }));
  return field;
}

/** The format of Pothos' cursors: a prefix and the row's id. */
function isResumeCursor(cursor: string): boolean {
  const text = Buffer.from(cursor.slice(0, 200), "base64").toString("utf8");
  return /^GPC:S:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
