import type { z } from "zod";
import { withoutExtras } from "../../interview/prompts/replySchema.ts";
import { BadReply } from "./failures.ts";
import { createJsonScanner, findJson, withoutThoughts } from "./json.ts";

export interface ItemReader {
  read(piece: string): void;
  /** Takes the rest of the complete reply; throws BadReply when something is still missing. */
  finish(content: string): void;
}

interface ListOptions<Item> {
  list: string;
  isEcho(text: string): boolean;
  schema: z.ZodType<Item>;
  /** Unknown fields are dropped rather than rejected. */
  dropExtras: boolean;
}

/**
 * Reads a reply that is a list of items, one for each of `ids`. An item is taken as soon as it arrives in its place,
 * unless its id is repeated in the same piece; one that is out of order is taken only when the reply is complete and
 * has its id once. A repeated id is requested again, unless its first item was delivered before the second one arrived.
 * Valid items of a bad reply are kept.
 */
export function createItemReader<Item>(
  options: ListOptions<Item> & {
    ids: string[];
    idOf(item: Item): string;
    /** Takes the item, or returns what is wrong with it. */
    take(item: Item): string | null;
  },
): ItemReader {
  const { ids, idOf } = options;
  const taken = new Set<string>();
  const seen = new Set<string>();

  function take(item: Item): string | null {
    const id = idOf(item);
    if (taken.has(id)) return null;
    const fault = options.take(item);
    if (fault === null) taken.add(id);
    return fault;
  }

  return {
    read: createReader(options, (arrived) => {
      for (const [id, same] of Map.groupBy(arrived, ({ item }) => idOf(item))) {
        const [{ item, entry }] = same as [Entry<Item>];
        if (id === ids[entry] && same.length === 1 && !seen.has(id)) take(item);
        seen.add(id);
      }
    }),

    finish(content) {
      const { items, faults } = itemsIn(content, options);
      const times = Map.groupBy(items, ({ item }) => idOf(item));
      for (const [id, same] of times) {
        if (!ids.includes(id)) faults.push("there is an entry for something that was not asked for");
        else if (same.length > 1) faults.push(`${id} is there ${same.length} times`);
      }
      for (const { item } of items) {
        if (!ids.includes(idOf(item)) || times.get(idOf(item))!.length > 1) continue;
        const fault = take(item);
        if (fault !== null) faults.push(`${idOf(item)}: ${fault}`);
      }
      const missing = ids.filter((id) => !taken.has(id));
      if (missing.length > 0) throw incomplete(faults, missing);
    },
  };
}

/**
 * Reads a reply that is a list of items for places of certain kinds. An item of its place's kind is taken as soon as it
 * arrives. When the reply is complete, the others go to free places of their kind; in a list of full length the order
 * outweighs an item's own kind.
 */
export function createPlaceReader<Item>(
  options: ListOptions<Item> & {
    places: string[];
    kindOf(item: Item): string;
    /** Takes the item for the place, or returns what is wrong with it. */
    take(place: number, item: Item): string | null;
  },
): ItemReader {
  const { places, kindOf } = options;
  const free = new Set(places.keys());
  const taken = new Set<number>();

  function take(place: number, item: Item, entry: number): string | null {
    const fault = options.take(place, item);
    if (fault === null) {
      free.delete(place);
      taken.add(entry);
    }
    return fault;
  }

  return {
    read: createReader(options, (arrived) => {
      for (const { item, entry } of arrived) {
        if (free.has(entry) && kindOf(item) === places[entry]) take(entry, item, entry);
      }
    }),

    finish(content) {
      const { items, faults } = itemsIn(content, options);
      const put = (place: number, { item, entry }: Entry<Item>): void => {
        const fault = take(place, item, entry);
        if (fault !== null) faults.push(`entry ${entry + 1}: ${fault}`);
      };
      const others = items
        .filter(({ entry }) => !taken.has(entry))
        .filter((other) => {
          const place = [...free].find((one) => places[one] === kindOf(other.item));
          if (place !== undefined) put(place, other);
          return place === undefined;
        });
      for (const other of others) {
        const [place] = free;
        if (place === undefined) break;
        if (items.length >= places.length) put(place, other);
        else faults.push(`entry ${other.entry + 1}: is of a type of which no more was asked for`);
      }
      if (free.size > 0)
        throw incomplete(
          faults,
          [...free].map((place) => `${place + 1}. ${places[place]}`),
        );
    },
  };
}

/** An item and its place in the list. */
interface Entry<Item> {
  item: Item;
  entry: number;
}

/** Delivers the list's valid items as soon as they are complete, those of one piece together. */
function createReader<Item>(options: ListOptions<Item>, hear: (arrived: Entry<Item>[]) => void) {
  let entries = 0;
  let arrived: Entry<Item>[] = [];
  const scanner = createJsonScanner({
    list: options.list,
    onItem(json) {
      const entry = entries++;
      const item = check(parse(json), options);
      if (item.success) arrived.push({ item: item.data, entry });
    },
  });
  return (piece: string): void => {
    scanner.feed(piece);
    const heard = arrived;
    arrived = [];
    if (heard.length > 0) hear(heard);
  };
}

/** The valid items of a complete reply with their places, and the faults of the others. */
function itemsIn<Item>(content: string, options: ListOptions<Item>): { items: Entry<Item>[]; faults: string[] } {
  const { list } = options;
  const entries = findJson(content)[list];
  if (options.isEcho(withoutThoughts(content))) throw new BadReply("it repeats the instructions.");
  if (!Array.isArray(entries)) throw new BadReply(`it has no list named "${list}".`);
  const faults: string[] = [];
  const items: Entry<Item>[] = [];
  for (const [entry, value] of entries.slice(0, 200).entries()) {
    const item = check(value, options);
    if (item.success) items.push({ item: item.data, entry });
    else faults.push(`entry ${entry + 1}: ${faultsOf(item.error)}`);
  }
  return { items, faults };
}

function check<Item>(value: unknown, { schema, dropExtras }: ListOptions<Item>) {
  return schema.safeParse(dropExtras ? withoutExtras(value, schema) : value);
}

function incomplete(faults: string[], missing: string[]): BadReply {
  return new BadReply(`${[...new Set(faults)].slice(0, 10).join("; ")}. Still to do: ${missing.join(", ")}.`);
}

/** Describes a value's faults by path, without its content. */
export function faultsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "the object"}: ${complaintOf(issue)}`)
    .join("; ");
}

function complaintOf(issue: z.core.$ZodIssue): string {
  // Names of unknown fields come from the reply and are left out.
  return issue.code === "unrecognized_keys" ? "has fields that were not asked for" : issue.message;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
