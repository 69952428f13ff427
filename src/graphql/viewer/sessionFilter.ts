import type { SessionStatus } from "../../interview/model.ts";
import { isStorable, lookupKey } from "../../interview/validation.ts";
import type { SessionFilter } from "../../ports/store.ts";
import type { Viewer } from "../context.ts";
import { graphqlError } from "../errors.ts";

interface FilterArgs {
  status?: readonly SessionStatus[] | null | undefined;
  resumeId?: string | null | undefined;
  search?: string | null | undefined;
  ownerId?: string | null | undefined;
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

export function readSessionFilter(
  viewer: Viewer,
  { status, resumeId, search, ownerId, from, to }: FilterArgs,
): SessionFilter {
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

/** PostgreSQL has no year 0 and reads no five-digit years; an offset may lead to either. */
function readMoment(moment: Date | null | undefined): Date | null {
  if (!moment) return null;
  if (moment.getTime() >= firstMoment && moment.getTime() <= lastMoment) return moment;
  throw graphqlError("BAD_USER_INPUT", "A moment must be in the years 1 to 9999");
}

const searchLimit = { characters: 100, words: 10 };

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
