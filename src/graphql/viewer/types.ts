import { type ResolveCursorConnectionArgs, resolveCursorConnection } from "@pothos/plugin-relay";
import type { GraphQLError } from "graphql";
import type { Prisma, PrismaClient } from "../../generated/prisma/client.ts";
import type { Session } from "../../interview/model.ts";
import type { Builder } from "../builder.ts";
import type { Viewer } from "../context.ts";
import type { Enums } from "../enums.ts";
import { graphqlError, lookupKey } from "../errors.ts";

const page = { defaultSize: 20, maxSize: 100 };

export function addViewerTypes(builder: Builder, enums: Enums, prisma: PrismaClient): void {
  builder.objectType("Viewer", {
    description: "Who calls.",
    fields: (t) => ({
      id: t.exposeID("id", { description: "The token's subject; without authentication one fixed id." }),
      role: t.expose("role", { type: enums.ViewerRole, description: "What the viewer may do." }),
      sessions: t.connection({
        type: "InterviewSession",
        complexity: pageCost,
        description:
          "Sessions, newest first: one's own, for reviewers and admins everybody's. 20 at a time, at most 100.",
        args: {
          status: t.arg({ type: [enums.SessionStatus], description: "Only sessions in one of these states." }),
          resumeId: t.arg.id({ description: "Only sessions of the résumé with this key." }),
        },
        resolve: async (viewer, args, { sessions }) => {
          const where: Prisma.InterviewSessionWhereInput = {
            ...visibleTo(viewer),
            ...(args.status ? { status: { in: args.status } } : {}),
            ...(typeof args.resumeId === "string" ? { resumeKey: lookupKey(args.resumeId) } : {}),
          };
          const connection = await resolveCursorConnection(
            { args: checkPage(args), ...page, toCursor: (session: Session) => cursorOf(session) },
            async ({ before, after, limit, inverted }: ResolveCursorConnectionArgs) => {
              const rows = await prisma.interviewSession.findMany({
                where: { AND: [where, between(after, before)] },
                orderBy: inverted ? [{ createdAt: "asc" }, { id: "asc" }] : [{ createdAt: "desc" }, { id: "desc" }],
                take: limit,
                select: { id: true },
              });
              const loaded = await Promise.all(rows.map(({ id }) => sessions.load(id)));
              return loaded.filter((session) => session !== null);
            },
          );
          return { ...noCursorsIfEmpty(connection!), totalCount: () => prisma.interviewSession.count({ where }) };
        },
      }),
      resumes: t.prismaConnection({
        type: "Resume",
        cursor: "id",
        ...page,
        complexity: pageCost,
        description: "The viewer's résumés, newest first, each with its newest text. 20 at a time, at most 100.",
        totalCount: (viewer) => prisma.resume.count({ where: { ownerId: viewer.id, current: true } }),
        resolve: (query, viewer, args) => {
          checkPage(args);
          checkResumeCursor(args.after);
          checkResumeCursor(args.before);
          return prisma.resume.findMany({
            ...query,
            where: { ownerId: viewer.id, current: true },
            orderBy: [{ createdAt: "desc" }, { id: "desc" }],
          });
        },
      }),
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
            last: Math.min(Math.max(last ?? 20, 0), 100),
          }),
      }),
    }),
  });
}

export function addViewerQueries(builder: Builder): void {
  builder.queryField("viewer", (t) =>
    t.field({ type: "Viewer", description: "Who calls.", resolve: (_, __, { viewer }) => viewer }),
  );
}

function visibleTo(viewer: Viewer): Prisma.InterviewSessionWhereInput {
  return viewer.role === "CANDIDATE" ? { ownerId: viewer.id } : {};
}

type PageArgs = {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
};

/** A page costs what it may hold; the list of edges in it counts five times already. */
function pageCost({ first, last }: PageArgs): { field: number; multiplier: number } {
  const size = Math.min(Math.max(first ?? last ?? page.defaultSize, 0), page.maxSize);
  return { field: 1, multiplier: size / 5 };
}

function checkPage<T extends PageArgs>(args: T): T {
  const { first, last } = args;
  if ((first ?? 0) < 0 || (last ?? 0) < 0) throw graphqlError("BAD_USER_INPUT", "A page size cannot be negative");
  if (typeof first === "number" && typeof last === "number") {
    throw graphqlError("BAD_USER_INPUT", "Give either first or last");
  }
  return args;
}

/** Pothos writes and reads these: a row's id behind a mark of its own. */
function checkResumeCursor(cursor: string | null | undefined): void {
  if (!cursor) return;
  const text = Buffer.from(cursor.slice(0, 200), "base64").toString("utf8");
  if (!/^GPC:S:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw malformedCursor();
}

function malformedCursor(): GraphQLError {
  return graphqlError("BAD_USER_INPUT", "The cursor is malformed");
}

/** An empty page begins and ends nowhere; Pothos gives it cursors that lead nowhere. */
function noCursorsIfEmpty<C extends { edges: readonly unknown[]; pageInfo: object }>(connection: C): C {
  if (connection.edges.length > 0) return connection;
  return { ...connection, pageInfo: { ...connection.pageInfo, startCursor: null, endCursor: null } };
}

/** A place in the order newest first. It tells nothing that a session does not tell, so it needs no secret. */
function cursorOf(session: Session): string {
  return Buffer.from(`${session.createdAt.getTime()}:${session.id}`).toString("base64url");
}

function between(after: string | undefined, before: string | undefined): Prisma.InterviewSessionWhereInput {
  return {
    AND: [...(after ? [beyond(readCursor(after), "lt")] : []), ...(before ? [beyond(readCursor(before), "gt")] : [])],
  };
}

function beyond(
  { createdAt, id }: { createdAt: Date; id: string },
  side: "lt" | "gt",
): Prisma.InterviewSessionWhereInput {
  return { OR: [{ createdAt: { [side]: createdAt } }, { createdAt, id: { [side]: id } }] };
}

function readCursor(cursor: string): { createdAt: Date; id: string } {
  const text = Buffer.from(cursor.slice(0, 200), "base64url").toString("utf8");
  const match = /^(\d{1,15}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  if (!match) throw malformedCursor();
  return { createdAt: new Date(Number(match[1])), id: match[2]! };
}
