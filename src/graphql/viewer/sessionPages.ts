import { type ResolveCursorConnectionArgs, resolveCursorConnection } from "@pothos/plugin-relay";
import type { Language } from "../../interview/messages.ts";
import type { SessionOrder, SessionPage, SessionPlace } from "../../ports/store.ts";
import type { ListedSession } from "../../usecases/listSessions.ts";
import { checkPage, malformedCursor, noCursorsIfEmpty, type PageArgs, page } from "./pages.ts";

/** A Relay page whose cursors are positions in the order. */
export async function sessionPage(
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

/** A position in an order, not a secret: it contains only what the session shows. */
function writeCursor({ createdAt, id, score }: SessionPlace, order: SessionOrder): string {
  const place = `${createdAt.getTime()}:${id}`;
  return Buffer.from(isByScore(order) ? `${place}:${score ?? ""}` : place).toString("base64url");
}

/** null when it is malformed or belongs to another order. */
function readCursor(cursor: string, order: SessionOrder): SessionPlace | null {
  const text = Buffer.from(cursor.slice(0, 200), "base64url").toString("utf8");
  // Fourteen digits of milliseconds reach beyond the year 5000.
  const match = /^(\d{1,14}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?::(\d{0,3}))?$/.exec(text);
  const score = match?.[3];
  if (!match || (score !== undefined) !== isByScore(order)) return null;
  return { createdAt: new Date(Number(match[1])), id: match[2]!, score: score ? Number(score) : null };
}
