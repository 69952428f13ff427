import type { z } from "zod";
import { BadReply } from "./failures.ts";
import { createJsonScanner, findJson, withoutThoughts } from "./json.ts";

/**
 * Reads a reply that is a list of items, one for each of `ids`. An item is taken at once when it arrives in its place;
 * one that comes out of order is taken only when the reply is whole and names its id once. So a repeated id is never
 * guessed about, and the valid items of a poor reply are kept.
 */
export function createItemReader<Item>(options: {
  list: string;
  isEcho(text: string): boolean;
  schema: z.ZodType<Item>;
  ids: string[];
  idOf(item: Item): string;
  /** Takes the item, or tells why not. */
  take(item: Item): string | null;
}): { read(piece: string): void; finish(content: string): void } {
  const { ids, idOf } = options;
  const taken = new Set<string>();
  const seen = new Set<string>();
  let place = 0;

  function take(item: Item): string | null {
    const id = idOf(item);
    if (taken.has(id)) return null;
    const fault = options.take(item);
    if (fault === null) taken.add(id);
    return fault;
  }

  const scanner = createJsonScanner({
    list: options.list,
    onItem(json) {
      const expected = ids[place++];
      const item = options.schema.safeParse(parse(json));
      if (!item.success) return;
      const id = idOf(item.data);
      if (id === expected && !seen.has(id)) take(item.data);
      seen.add(id);
    },
  });

  return {
    read: (piece) => scanner.feed(piece),

    finish(content) {
      const list = findJson(content)[options.list];
      if (options.isEcho(withoutThoughts(content))) throw new BadReply("it repeats the instructions.");
      if (!Array.isArray(list)) throw new BadReply(`it has no list named "${options.list}".`);
      const faults: string[] = [];
      const valid: Item[] = [];
      for (const [index, entry] of list.slice(0, 200).entries()) {
        const item = options.schema.safeParse(entry);
        if (item.success) valid.push(item.data);
        else faults.push(`entry ${index + 1}: ${faultsOf(item.error)}`);
      }
      const times = new Map<string, number>();
      for (const item of valid) times.set(idOf(item), (times.get(idOf(item)) ?? 0) + 1);
      for (const [id, count] of times) {
        if (!ids.includes(id)) faults.push("there is an entry for something that was not asked for");
        else if (count > 1) faults.push(`${id} is there ${count} times`);
      }
      for (const item of valid) {
        if (!ids.includes(idOf(item)) || times.get(idOf(item)) !== 1) continue;
        const fault = take(item);
        if (fault !== null) faults.push(`${idOf(item)}: ${fault}`);
      }
      const missing = ids.filter((id) => !taken.has(id));
      if (missing.length > 0)
        throw new BadReply(`${[...new Set(faults)].slice(0, 10).join("; ")}. Still to do: ${missing.join(", ")}.`);
    },
  };
}

/** What is wrong with a value, by place, without what stands there. */
export function faultsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "the object"}: ${complaintOf(issue)}`)
    .join("; ");
}

function complaintOf(issue: z.core.$ZodIssue): string {
  // Names of unknown fields come from the reply.
  return issue.code === "unrecognized_keys" ? "has fields that were not asked for" : issue.message;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
