import type { FieldRef, SchemaTypes } from "@pothos/core";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { lookupKey } from "../../interview/validation.ts";
import type { Builder } from "../builder.ts";
import type { Context } from "../context.ts";
import type { Enums } from "../enums.ts";
import { checkPage, malformedCursor, type PageArgs, page, pageCost, pageSize } from "./pages.ts";

export function addViewerTypes(builder: Builder, enums: Enums, prisma: PrismaClient): void {
  builder.objectType("Viewer", {
    description: "The caller, as the token says.",
    fields: (t) => ({
      id: t.exposeID("id", { description: "The token's subject; without authentication one fixed id." }),
      role: t.expose("role", { type: enums.ViewerRole, description: "What the viewer may do." }),
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
        description: "Score over time and by category: the viewer's newest evaluated sessions, oldest first.",
        args: {
          resumeId: t.arg.id({ description: "Only sessions of the résumé with this key." }),
          last: t.arg.int({ defaultValue: 20, description: "How many sessions, at most 100." }),
        },
        resolve: (viewer, { resumeId, last }, { deps }) =>
          deps.store.trends(viewer.id, {
            resumeKey: typeof resumeId === "string" ? lookupKey(resumeId) : null,
            last: pageSize(checkPage({ last })),
          }),
      }),
    }),
  });
}

/** Pothos reads cursors before the field's own resolver is called, and does not tell which one it could not read. */
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

/** Pothos writes and reads these: a row's id behind a mark of its own. */
function isResumeCursor(cursor: string): boolean {
  const text = Buffer.from(cursor.slice(0, 200), "base64").toString("utf8");
  return /^GPC:S:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
