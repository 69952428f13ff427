import type { PrismaClient } from "../../generated/prisma/client.ts";
import { parseGlobalId } from "../../interview/globalId.ts";
import { ifVisible, maySee } from "../access.ts";
import type { Builder } from "../builder.ts";
import type { Context } from "../context.ts";
import { graphqlError } from "../errors.ts";
import { reportOf } from "../report/reportOf.ts";

const maxNodes = 100;

/** Any object by its global id; null if it is malformed, unknown or not the viewer's to see. */
export function addNodeQueries(builder: Builder, prisma: PrismaClient): void {
  const node = builder.nodeInterfaceRef();
  builder.queryFields((t) => ({
    node: t.field({
      type: node,
      nullable: true,
      description: "An object by its global id; null when it does not exist or is not the viewer's to see.",
      args: { id: t.arg.id({ required: true, description: "Global id." }) },
      resolve: (_, { id }, context) => find(prisma, context, id),
    }),
    nodes: t.field({
      type: [node],
      nullable: { list: false, items: true },
      description: "Several objects by their global ids, at most 100; null in place of each that is not there.",
      // Nodes are loaded one by one.
      complexity: ({ ids }) => ({ field: 10 * ids.length, multiplier: ids.length }),
      args: { ids: t.arg.idList({ required: true, description: "Global ids." }) },
      resolve: (_, { ids }, context) => {
        if (ids.length > maxNodes) throw graphqlError("BAD_USER_INPUT", `At most ${maxNodes} ids`);
        return Promise.all(ids.map((id) => find(prisma, context, id)));
      },
    }),
  }));
}

async function find(prisma: PrismaClient, context: Context, globalId: string) {
  const parsed = parseGlobalId(globalId);
  if (parsed === null) return null;
  const found = await load(prisma, context, parsed);
  return found && { ...found, __typename: parsed.type };
}

async function load(prisma: PrismaClient, context: Context, { type, id }: { type: string; id: string }) {
  switch (type) {
    case "InterviewSession":
      return sessionOf(context, id);
    case "Question": {
      const row = await prisma.question.findUnique({ where: { id }, select: { sessionId: true } });
      const session = row && (await sessionOf(context, row.sessionId));
      const question = session?.questions.find((candidate) => candidate.id === id);
      return session && question ? { session, question } : null;
    }
    case "Report": {
      const row = await prisma.report.findUnique({ where: { id }, select: { sessionId: true, version: true } });
      const session = row && (await sessionOf(context, row.sessionId));
      return session && reportOf(context, session, row.version);
    }
    case "Resume": {
      const row = await prisma.resume.findUnique({ where: { id } });
      return row && maySee(context.viewer, row.ownerId) ? row : null;
    }
    default:
      return null;
  }
}

async function sessionOf(context: Context, id: string) {
  return ifVisible(context, await context.sessions.load(id));
}
