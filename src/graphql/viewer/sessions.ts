import { type ResolveCursorConnectionArgs, resolveCursorConnection } from "@pothos/plugin-relay";
import type { Language } from "../../interview/messages.ts";
import type { SessionStatus } from "../../interview/model.ts";
import { isStorable, lookupKey } from "../../interview/validation.ts";
import type { SessionFilter, SessionOrder, SessionPage, SessionPlace } from "../../ports/store.ts";
import { type ListedSession, listSessions, summarizeList } from "../../usecases/listSessions.ts";
import type { Builder } from "../builder.ts";
import type { Viewer } from "../context.ts";
import type { Enums } from "../enums.ts";
import { graphqlError } from "../errors.ts";
import { checkPage, malformedCursor, noCursorsIfEmpty, type PageArgs, page, pageCost } from "./pages.ts";

const searchLimit = { characters: 100, words: 10 };

/** `viewer.sessions`: everybody's for those who may see them, searched, ordered and summed up. */
export function addSessionLists(builder: Builder, enums: Enums): void {
  const StatusCount = builder.objectRef<{ status: SessionStatus; count: number }>("SessionStatusCount").implement({
    description: "How many sessions are in a state.",
    fields: (t) => ({
      status: t.expose("status", { type: enums.SessionStatus, description: "The state." }),
      count: t.exposeInt("count", { description: "How many." }),
    }),
  });

  builder.objectField("Viewer", "sessions", (t) =>
    t.connection(
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
          from: t.arg({ type: "DateTime", description: "Only sessions made at this moment or later." }),
          to: t.arg({ type: "DateTime", description: "Only sessions made before this moment." }),
          order: t.arg({
            type: enums.SessionOrder,
            defaultValue: "NEWEST_FIRST",
            description: "In which order. A cursor holds for orders by the same thing only.",
          }),
        },
        resolve: async (viewer, args, { deps, language }) => {
          const filter = readFilter(viewer, args);
          const order = args.order ?? "NEWEST_FIRST";
          const connection = await pageOf(args, order, language, (asked) => listSessions(deps, filter, order, asked));
          const { read: summary, total: totalCount } = summarizeList(deps, filter);
          return { ...connection, summary, totalCount };
        },
      },
      {
        fields: (field) => ({
          averageScore: field.float({
            nullable: true,
            description:
              "The mean of the overall scores of all that is listed, over every page; null when nothing of it is evaluated.",
            resolve: async ({ summary }) => (await summary()).averageScore,
          }),
          statusCounts: field.field({
            type: [StatusCount],
            description:
              "How many there are in each state, over every page: of what the other arguments leave, whatever `status` says.",
            resolve: async ({ summary }) =>
              Object.entries((await summary()).statusCounts).map(([status, count]) => ({
                status: status as SessionStatus,
                count,
              })),
          }),
        }),
      },
    ),
  );
}

interface FilterArgs {
  status?: readonly SessionStatus[] | null | undefined;
  resumeId?: string | null | undefined;
  search?: string | null | undefined;
  ownerId?: string | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

function readFilter(viewer: Viewer, { status, resumeId, search, ownerId, from, to }: FilterArgs): SessionFilter {
  return {
    visibleTo: viewer.role === "CANDIDATE" ? viewer.id : null,
    ownerId: typeof ownerId === "string" ? lookupKey(ownerId) : null,
    statuses: status ?? null,
    resumeKey: typeof resumeId === "string" ? lookupKey(resumeId) : null,
    words: readSearch(search ?? ""),
    from: readMoment(from),
    to: readMoment(to),
  };
}

const firstMoment = Date.parse("0001-01-01T00:00:00.000Z");
const lastMoment = Date.parse("9999-12-31T23:59:59.999Z");

/** The calendar of databases has no year 0, and five digits are no year to them; an offset may lead to either. */
function readMoment(moment: Date | null | undefined): Date | null {
  if (!moment) return null;
  if (moment.getTime() >= firstMoment && moment.getTime() <= lastMoment) return moment;
  throw graphqlError("BAD_USER_INPUT", "A moment must be in the years 1 to 9999");
}

function readSearch(search: string): string[] {
  const words = search.split(/\s+/u).filter((word) => word !== "");
  if (!isStorable(search)) throw graphqlError("BAD_USER_INPUT", "The search is malformed");
  if ([...search].length > searchLimit.characters || words.length > searchLimit.words) {
    throw graphqlError(
      "BAD_USER_INPUT",
      `A search has at most ${searchLimit.words} words and ${searchLimit.characters} characters`,
    );
  }
  return words;
}

/** A page as Relay has it, each of whose cursors is a place in the order. */
async function pageOf(
  args: PageArgs,
  order: SessionOrder,
  language: Language,
  list: (page: SessionPage) => Promise<ListedSession[]>,
) {
  const placeIn = (argument: "after" | "before", cursor: string | null | undefined): SessionPlace | null => {
    if (!cursor) return null;
    const place = readCursor(cursor, order);
    if (place === null) throw malformedCursor(argument, language);
    return place;
  };
  const connection = await resolveCursorConnection(
    { args: checkPage(args), ...page, toCursor: ({ place }: ListedSession) => writeCursor(place, order) },
    ({ before, after, limit, inverted }: ResolveCursorConnectionArgs) =>
      list({
        after: placeIn("after", after),
        before: placeIn("before", before),
        limit,
        backwards: inverted,
      }),
  );
  const edges = connection.edges.map(({ cursor, node }) => ({ cursor, node: node.session }));
  return noCursorsIfEmpty({ ...connection, edges });
}

function isByScore(order: SessionOrder): boolean {
  return order === "HIGHEST_SCORE_FIRST" || order === "LOWEST_SCORE_FIRST";
}

/** A place in an order. It tells nothing that a session does not tell, so it needs no secret. */
function writeCursor({ createdAt, id, score }: SessionPlace, order: SessionOrder): string {
  const place = `${createdAt.getTime()}:${id}`;
  return Buffer.from(isByScore(order) ? `${place}:${score ?? ""}` : place).toString("base64url");
}

/** null when it is malformed, or of another order. */
function readCursor(cursor: string, order: SessionOrder): SessionPlace | null {
  const text = Buffer.from(cursor.slice(0, 200), "base64url").toString("utf8");
  // Fourteen digits of milliseconds reach beyond the year 5000: a session is not made later.
  const match = /^(\d{1,14}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?::(\d{0,3}))?$/.exec(text);
  const score = match?.[3];
  if (!match || (score !== undefined) !== isByScore(order)) return null;
  return { createdAt: new Date(Number(match[1])), id: match[2]!, score: score ? Number(score) : null };
}
